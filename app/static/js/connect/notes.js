// One note at a time about Meta's window, in one place above the button; and what the button says meanwhile.

import { remember } from "./memory.js";

// Notes that describe something still going on would lie after a reload.
const PASSING = ["open", "exchanging", "checking", "sdk-loading", "sdk-failed", "too-many"];

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
  document.getElementById("say")?.replaceChildren();
  remember({ note: null });
}

/** What the button says: `ready`, `again` (something was begun before) or `open` (Meta's window has the word). */
export function button(state) {
  const connect = document.getElementById("connect");
  if (!connect) return;
  connect.dataset.first ??= connect.textContent;
  connect.dataset.state = state;
  connect.textContent =
    state === "open" ? connect.dataset.open : state === "again" ? connect.dataset.again : connect.dataset.first;
  connect.dispatchEvent(new CustomEvent("settle", { bubbles: true }));
}

function fill(place, text) {
  if (place) place.textContent = text || "";
}
