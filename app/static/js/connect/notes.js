// One note at a time about Meta's window, in one place above the button; and what the button says meanwhile.

import { remember } from "./memory.js";

// What our server cannot know, and what is still so after a reload. How the window ended the server draws itself.
const LASTING = ["unreachable", "reloaded", "ended"];

/** Show the note of that name. `again` false: the window cannot be brought back. */
export function show(name, { again = true } = {}) {
  const template = document.getElementById(`note-${name}`);
  if (!template) return;
  const note = template.content.cloneNode(true);
  if (!again) note.querySelector("[data-show-again]")?.remove();
  put(name, note);
}

/** Show how the window of this opening ended, as our server explains it, if `wanted` still says so once it has. False
 *  when it cannot be asked in time. */
export async function explain(opening, patienceMs, wanted) {
  const address = `/connect/c/${opening.link}/ending?state=${opening.key}`;
  const reply = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(patienceMs) }).catch(() => null);
  if (reply?.status !== 200) return false;
  const words = new DOMParser().parseFromString(await reply.text(), "text/html").querySelector("[data-ending]");
  if (words && wanted()) put(words.dataset.ending, words);
  return Boolean(words);
}

function put(name, note) {
  const place = document.getElementById("say");
  if (!place) return;
  place.replaceChildren(note);
  place.dataset.note = name;
  remember({ note: LASTING.includes(name) ? name : null });
}

export function clear() {
  const place = document.getElementById("say");
  place?.replaceChildren();
  if (place) delete place.dataset.note;
  document.querySelector(".took-up")?.remove();
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
