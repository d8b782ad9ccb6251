// One opening of Meta's window, from the click to its end.
//
// Two voices speak of it and neither is certain to: FB.login's answer brings the code, a message brings the end event.
// Either may be first, either may be lost. The code is passed on the moment it is here, because it lives 30 seconds; the
// event is passed on when it comes, also after the page has moved on to show the steps. How the window ended is explained
// by our server, which keeps it, so that a reload says the same.

import { insist, post, tell } from "./doors.js";
import { recall, remember } from "./memory.js";
import { outcome, readMessage } from "./messages.js";
import { button, explain, show } from "./notes.js";
import { page, swap } from "./page.js";
import { way } from "./ways.js";

const LAST_WORD_MS = 1200; // the window's last message may come after it was seen to be closed
const CODE_MS = 15_000; // after "finished" the code follows at once, or never
const EXPLAIN_MS = 2500; // for our server to hear how it ended and to explain it; then the page says the little it knows

let current = null;
let onBegun = () => {};

/** Listen to Meta's window, and take up what an earlier load of this page had begun. */
export function listen(begun) {
  onBegun = begun;
  const { opening, note } = recall();
  if (opening) current = { ...opening, restored: true };
  if (opening?.state === "open" && page().face === "before") show("reloaded");
  else if (note) show(note);
  if (opening || document.getElementById("say")?.dataset.note) button("again");
  if (opening?.untold) quietly(say(current, "abandonments", opening.untold));
  window.addEventListener("message", hear);
  window.addEventListener("pagehide", leave);
}

/** Open the window; must run in the click itself. `person` is the contact, null when nobody asked for one. */
export function open(plan, answers, person) {
  const { facts, link } = page();
  const opening = { key: crypto.randomUUID(), link, plan, state: "open", event: null };
  const popup = way().start(plan, facts, (answer) => hearAnswer(opening, answer));
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
  const kind = outcome(event);
  if (kind === "under_way") {
    underWay(opening, event);
    return;
  }
  opening.event = event;
  keep(opening);
  if (kind === "finished") finished(opening, event);
  else stopped(opening, event);
}

function underWay(opening, event) {
  const screen = event.data.current_step;
  if (typeof screen !== "string" || screen === opening.screen) return;
  opening.screen = screen;
  quietly(tell("onboard-client", opening, { event }));
}

function finished(opening, event) {
  quietly(tell("onboard-client", opening, { event }, { keepalive: true }));
  if (opening.state === "open") setTimeout(() => giveUpOnCode(opening), opening.restored ? LAST_WORD_MS : CODE_MS);
}

function stopped(opening, event) {
  const told = say(opening, "abandonments", { event });
  if (opening.state === "open") end(opening, told, outcome(event) === "failed" ? "failed" : "closed");
  else quietly(told);
}

function hearAnswer(opening, answer) {
  const code = answer?.authResponse?.code;
  if (typeof code === "string" && code) takeCode(opening, code);
  else setTimeout(() => closed(opening), LAST_WORD_MS);
}

function closed(opening) {
  if (opening.state !== "open") return;
  if (opening.event && outcome(opening.event) === "finished") giveUpOnCode(opening);
  else end(opening, sayClosed(opening), "closed");
}

function giveUpOnCode(opening) {
  if (opening.state === "open") end(opening, sayClosed(opening), "no_code");
}

const sayClosed = (opening) => say(opening, "abandonments", { screen: opening.screen ?? null });

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
    const ours = noteFor(refused);
    if (ours) endWith(opening, ours);
    else end(opening, Promise.resolve(), "code_refused");
    return;
  }
  opening.state = "begun";
  keep(opening);
  remember({ note: null });
  await swap();
  onBegun();
}

// What is our own trouble, not Meta's answer to the code.
function noteFor(refused) {
  if (refused.passes) return "unreachable";
  return { 404: "ended", 429: "too-many" }[refused.status];
}

/** It came to nothing. Once `told` has arrived our server explains why; where it cannot, the note `fallback` does. */
async function end(opening, told, fallback) {
  const heard = told.catch(() => {});
  opening.state = "ended";
  keep(opening);
  if (opening !== current) return; // a newer window has the word
  await Promise.race([heard, new Promise((resume) => setTimeout(resume, EXPLAIN_MS))]);
  const explained = await explain(opening, EXPLAIN_MS, () => isOver(opening));
  if (!isOver(opening)) return; // a code came after all, or a newer window was opened
  if (!explained) show(fallback);
  button("again");
}

function endWith(opening, note) {
  opening.state = "ended";
  keep(opening);
  if (opening !== current) return;
  show(note);
  button("again");
}

const isOver = (opening) => opening === current && opening.state === "ended";

function leave() {
  if (current?.state !== "open" || current.restored) return;
  quietly(tell("abandonments", current, { screen: current.screen ?? null }, { keepalive: true }));
}

/** Tell how it ended, and remember it for the next load of this page where our server does not hear it. */
async function say(opening, door, words) {
  try {
    await tell(door, opening, words, { keepalive: true });
    opening.untold = null;
  } catch (refused) {
    if (refused.passes) opening.untold = words;
    throw refused;
  } finally {
    keep(opening);
  }
}

function keep(opening) {
  if (opening !== current) return;
  const { key, link, plan, state, event, untold = null } = opening;
  remember({ opening: { key, link, plan, state, event, untold } });
}

// What these say is kept for people to help with; the signup itself does not hang on it.
function quietly(promise) {
  promise.catch(() => {});
}
