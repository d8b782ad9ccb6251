// The questions before the window: they choose the plan, and an answer that leads nowhere stops the button with a reason.

import { recall, remember } from "./memory.js";
import { busy, clear, show, shows } from "./notes.js";

const form = () => document.getElementById("connect-form");

export function start() {
  restore();
  form().addEventListener("change", (event) => {
    followThePhoneApp(event.target);
    if (shows("plan-chosen") && plan() !== "coexistence") clear();
    keep();
    settle();
  });
  form().addEventListener("settle", settle);
  form().addEventListener("click", (event) => {
    const wish = event.target.closest("[data-choose-plan]")?.dataset.choosePlan;
    if (wish) choosePlan(wish);
  });
  settle();
}

export function plan() {
  return form().elements.plan.value;
}

/** The answers that count for the plan chosen. */
export function answers() {
  const given = {};
  for (const input of form().querySelectorAll(".ask input:checked")) {
    if (isAsked(input)) given[input.name] = input.value;
  }
  return given;
}

/** The contact person, null when the page does not ask for one. */
export function contact() {
  if (!document.getElementById("contact")) return null;
  const { contact_name: name, contact_email: email } = form().elements;
  return { name: name.value.trim(), email: email.value.trim() };
}

/** What keeps the button from working; focus goes to it. True when nothing does. */
export function mayGoOn() {
  const [first] = [noRoom(), ...stops()].filter(Boolean);
  if (first) {
    first.focus();
    return false;
  }
  const missing = [...form().querySelectorAll("#contact input")].find((input) => !input.checkValidity() || !input.value.trim());
  const note = document.getElementById("stop-contact");
  if (note) note.hidden = !missing;
  missing?.focus();
  return !missing;
}

function stops() {
  return [...form().querySelectorAll("input:checked[data-stops]")].filter(isAsked);
}

/** The note that Meta lets nobody new in just now, if it does. */
const noRoom = () => document.getElementById("stop-week");

/** Whether the time has come that this note names. */
export const hasRoomAgain = () => noRoom() && Date.now() > Date.parse(noRoom().dataset.opensAt);

function isAsked(input) {
  return !input.closest("[data-plan]")?.hidden;
}

// A number on the business app need not leave it: where the link allows that plan, the answer chooses it.
function followThePhoneApp(input) {
  if (input.name !== "on_app" || input.value !== "business" || !planInput("coexistence")) return;
  form().querySelector('input[name="on_app"][value="no"]').checked = true;
  choosePlan("coexistence");
}

function choosePlan(name) {
  planInput(name).checked = true;
  planInput(name).focus();
  show("plan-chosen");
  keep();
  settle();
}

const planInput = (name) => form().querySelector(`input[name="plan"][value="${name}"]`);

function settle() {
  for (const group of form().querySelectorAll("[data-plan]")) group.hidden = group.dataset.plan !== plan();
  const stopping = [...(noRoom() ? ["stop-week"] : []), ...stops().map((input) => `stop-${input.dataset.stops}`)];
  for (const note of form().querySelectorAll('[id^="stop-"]:not(#stop-contact)')) note.hidden = !stopping.includes(note.id);
  const admin = form().elements.admin?.value;
  document.getElementById("hint-unsure").hidden = admin !== "unsure";
  const connect = document.getElementById("connect");
  if (stopping.length || busy()) connect.setAttribute("aria-disabled", "true");
  else connect.removeAttribute("aria-disabled");
  connect.setAttribute("aria-describedby", [...stopping, "connect-hint"].join(" "));
  for (const hint of form().querySelectorAll("[data-hint]")) {
    hint.hidden = (hint.dataset.hint === "stopped") !== (stopping.length > 0);
  }
}

function keep() {
  const given = {};
  for (const input of form().querySelectorAll("input:checked")) given[input.name] = input.value;
  remember({ answers: given, contact: contact() });
}

function restore() {
  const { answers: given = {}, contact: person } = recall();
  for (const [name, value] of Object.entries(given)) {
    const input = [...form().querySelectorAll(`input[name="${CSS.escape(name)}"]`)].find((one) => one.value === value);
    if (input) input.checked = true;
  }
  if (person && document.getElementById("contact")) {
    form().elements.contact_name.value ||= person.name;
    form().elements.contact_email.value ||= person.email;
  }
}
