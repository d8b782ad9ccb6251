// One note at a time about Meta's window, in one place above the button; and what the button says meanwhile.

import { remember } from "./memory.js";

// Notes that describe something still going on would lie after a reload; with the last two nothing has begun.
const PASSING = ["open", "exchanging", "checking", "sdk-loading", "sdk-failed", "too-many", "blocked", "plan-chosen", "plan-moved"];

/** Show the note of that name. `said` fills its places: {text, reference}. Unknown screens get the general words. */
export function show(name, said = {}) {
  const place = document.getElementById("say");
  if (!place) return;
  const template =
    document.getElementById(`note-${name}`) || document.getElementById(`note-${name.split("-")[0]}`);
  if (!template) return;
  const note = template.content.cloneNode(true);
  fill(note.querySelector("[data-said]"), said.text);
  fill(note.querySelector("[data-reference]"), said.reference);
  if (said.again === false) note.querySelector("[data-show-again]")?.remove();
  place.replaceChildren(note);
  place.dataset.note = name;
  remember({ note: PASSING.includes(name) ? null : { name, said } });
}

export function clear() {
  const place = document.getElementById("say");
  place?.replaceChildren();
  if (place) delete place.dataset.note;
  remember({ note: null });
}

/** Whether the note of this name is on the page. */
export const shows = (name) => document.getElementById("say")?.dataset.note === name;

/** What the button says: `again` (something was begun before), `open` (Meta's window has the word) or `confirming`. */
export function button(state) {
  const connect = document.getElementById("connect");
  if (!connect) return;
  connect.dataset.state = state;
  connect.textContent = connect.dataset[state];
  connect.dispatchEvent(new CustomEvent("settle", { bubbles: true }));
}

/** While Meta's window or our server has the word there is nothing to press. */
export const busy = () => ["open", "confirming"].includes(document.getElementById("connect")?.dataset.state);

function fill(place, text) {
  if (place) place.textContent = text || "";
}
