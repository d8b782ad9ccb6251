// One opening of Meta's window, from the click to its end.
//
// Two voices speak of it and neither is certain to: FB.login's answer brings the code, a message brings the end event.
// Either may be first, either may be lost. The code is passed on the moment it is here, because it lives 30 seconds; the
// event is passed on when it comes, also after the page has moved on to show the steps.

import { insist, post, tell } from "./doors.js";
import { recall, remember } from "./memory.js";
import { outcome, readMessage } from "./messages.js";
import { button, show } from "./notes.js";
import { page, swap } from "./page.js";
import { login } from "./meta.js";

const LAST_WORD_MS = 1200; // the window's last message may come after it was seen to be closed
const CODE_MS = 15_000; // after "finished" the code follows at once, or never

let current = null;
let onBegun = () => {};

/** Listen to Meta's window, and take up what an earlier load of this page had begun. */
export function listen(begun) {
  onBegun = begun;
  const { opening, note } = recall();
  if (opening) current = { ...opening, restored: true };
  if (note) show(note.name, note.said);
  else if (opening?.state === "open" && page().face === "before") show("reloaded");
  if (opening || note) button("again");
  window.addEventListener("message", hear);
  window.addEventListener("pagehide", leave);
}

/** Open the window; must run in the click itself. `person` is the contact, null when nobody asked for one. */
export function open(plan, answers, person) {
  const { facts, link } = page();
  const opening = { key: crypto.randomUUID(), link, plan, state: "open", event: null };
  const popup = login(facts.options[plan], (answer) => hearAnswer(opening, answer));
  if (popup === null) {
    show("blocked");
    return;
  }
  current = opening;
  opening.popup = popup;
  keep(opening);
  button("open");
  show("open", { again: popup !== undefined });
  quietly(tell("signups", opening, { plan, answers }));
  if (person) quietly(post(`/connect/c/${link}/contact`, person));
}

/** Bring the window to the front; when it is gone without a word, that is its end. */
export function showAgain() {
  if (current?.popup && !current.popup.closed) current.popup.focus();
  else if (current) hearAnswer(current, null);
}

function hear(message) {
  const { facts } = page();
  const event = facts && readMessage(message, facts.origins);
  const opening = current;
  if (!event || !opening || (opening.event && outcome(opening.event) === "finished")) return;
  opening.event = event;
  keep(opening);
  if (outcome(event) === "finished") finished(opening, event);
  else stopped(opening, event);
}

function finished(opening, event) {
  quietly(tell("onboard-client", opening, { event }, { keepalive: true }));
  if (opening.state === "open") setTimeout(() => giveUpOnCode(opening), opening.restored ? LAST_WORD_MS : CODE_MS);
}

function stopped(opening, event) {
  quietly(tell("abandonments", opening, { event }, { keepalive: true }));
  if (opening.state !== "open") return;
  if (outcome(event) === "failed") {
    const { error_message: text, error_code: code, error_id: id, session_id: session } = event.data;
    end(opening, "reported", { text: String(text || ""), reference: [code || id, session].filter(Boolean).join(" · ") });
  } else {
    end(opening, `closed-${event.data.current_step || ""}`);
  }
}

function hearAnswer(opening, answer) {
  const code = answer?.authResponse?.code;
  if (typeof code === "string" && code) takeCode(opening, code);
  else setTimeout(() => closed(opening), LAST_WORD_MS);
}

function closed(opening) {
  if (opening.state !== "open") return;
  if (opening.event && outcome(opening.event) === "finished") {
    giveUpOnCode(opening);
    return;
  }
  quietly(tell("abandonments", opening, { screen: opening.event?.data.current_step ?? null }, { keepalive: true }));
  end(opening, "closed");
}

async function takeCode(opening, code) {
  if (opening.state === "begun" || opening.state === "exchanging") return;
  current = opening;
  opening.state = "exchanging";
  button("confirming");
  show("exchanging");
  const event = opening.event && outcome(opening.event) === "finished" ? { event: opening.event } : {};
  try {
    await insist("exchange-token", opening, { code, ...event }, () => show("checking"));
  } catch (refused) {
    end(opening, noteFor(refused));
    return;
  }
  opening.state = "begun";
  keep(opening);
  remember({ note: null });
  await swap();
  onBegun();
}

function noteFor(refused) {
  if (refused.passes) return "unreachable";
  return { 404: "ended", 429: "too-many" }[refused.status] || "refused";
}

function giveUpOnCode(opening) {
  if (opening.state === "open") end(opening, "no-code");
}

function end(opening, note, said) {
  opening.state = "ended";
  keep(opening);
  if (opening !== current) return; // a newer window has the word
  show(note, said);
  button("again");
}

function leave() {
  if (current?.state !== "open" || current.restored) return;
  quietly(tell("abandonments", current, { screen: current.event?.data.current_step ?? null }, { keepalive: true }));
}

function keep({ key, link, plan, state, event }) {
  remember({ opening: { key, link, plan, state, event } });
}

// What these say is kept for people to help with; the signup itself does not hang on it.
function quietly(promise) {
  promise.catch(() => {});
}
