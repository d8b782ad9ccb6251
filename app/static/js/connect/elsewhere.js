// The ways over Meta's own pages are plain forms; here they only ask the same questions first, and look for what began.

import { mayGoOn } from "./questions.js";

const LOOK_MS = 1500; // by then the form has reached our server

/** Whether this submit leads to a page of Meta's; then the browser does the rest by itself, unless an answer stops it. */
export function isElsewhere(event) {
  if (!event.submitter?.hasAttribute("data-elsewhere")) return false;
  if (!mayGoOn()) event.preventDefault();
  // The hosted page opens beside this one, and the page looks for what began when it is looked at again.
  else setTimeout(() => window.dispatchEvent(new Event("focus")), LOOK_MS);
  return true;
}
