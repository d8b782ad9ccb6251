/* The page at "/": asks once a second what there is, draws it, and sends what the person does. */
import { drawRows, watchFilters, chosenKind } from "./calls.js";
import { drawHead, drawThread, lastFromBusiness } from "./thread.js";
import { drawActs, watchActs } from "./acts.js";
import { drawWorld, watchWorld } from "./world.js";

const EVERY_MS = 1000;
const byId = (id) => document.getElementById(id);
const number = byId("number");
const contact = byId("contact");

let asking = null;
let state = null;

function digitsOf(text) {
  return text.replace(/\D/g, "");
}

function chosenContact() {
  if (contact.value) return { digits: contact.value, name: contact.selectedOptions[0].dataset.name };
  return { digits: digitsOf(byId("other").value), name: undefined };
}

/* Adds what is new to a list and takes away what is gone, and leaves the choice alone. */
function syncOptions(list, wanted, fill, keep) {
  const known = new Map(Array.from(list.options, (option) => [option.value, option]));
  for (const item of wanted) {
    const value = item.id || item.digits;
    const option = known.get(value) || document.createElement("option");
    known.delete(value);
    option.value = value;
    fill(option, item);
    if (!option.parentNode) list.insertBefore(option, keep || null);
  }
  for (const [value, option] of known) if (value) option.remove();
}

function fillNumber(option, item) {
  option.dataset.digits = item.digits;
  option.textContent = item.name + ", " + item.display;
}

function fillContact(option, item) {
  option.dataset.name = item.name;
  option.textContent = "As " + item.label;
}

async function ask() {
  const query = new URLSearchParams({
    number: number.value,
    contact: chosenContact().digits,
    kind: chosenKind(),
  });
  const reply = await fetch("/phone/state?" + query);
  if (!reply.ok) throw new Error("state " + reply.status);
  return reply.json();
}

/* One question at a time; a second wish while one is open waits for it and asks again. */
async function refresh() {
  if (asking) {
    await asking.catch(() => undefined);
    if (asking) return;
  }
  asking = ask();
  try {
    state = await asking;
    draw();
    byId("pulse").textContent = "Live, newest first";
  } catch {
    byId("pulse").textContent = "The local Meta does not answer. Asking again.";
  } finally {
    asking = null;
  }
}

function draw() {
  syncOptions(number, state.numbers, fillNumber);
  syncOptions(contact, state.players, fillContact, contact.querySelector('option[value=""]'));
  byId("other-box").hidden = contact.value !== "";
  drawHead(state.numbers.find((item) => item.id === number.value));
  drawThread(state.thread);
  drawRows(state.rows, state.total);
  drawActs(state.numbers.find((item) => item.id === number.value));
  drawWorld(state);
}

async function write(type, content, replyTo) {
  const from = chosenContact();
  const body = { phone_number_id: number.value, from: from.digits, type, [type]: content };
  if (from.name) body.name = from.name;
  if (replyTo) body.reply_to = replyTo;
  const reply = await fetch("/_sandbox/inbound", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const problem = reply.ok ? "" : (await reply.json()).detail;
  byId("complaint").textContent = problem;
  refresh();
  return reply.ok;
}

function newMediaId() {
  return Array.from(crypto.getRandomValues(new Uint32Array(2)), String).join("").slice(0, 15);
}

const QUICK = {
  image: () => ["image", { mime_type: "image/jpeg", sha256: btoa(newMediaId()), id: newMediaId() }],
  audio: () => ["audio", { mime_type: "audio/ogg; codecs=opus", sha256: btoa(newMediaId()), id: newMediaId(), voice: true }],
  location: () => ["location", { latitude: 51.5007, longitude: -0.1246, name: "Example Square" }],
  reaction: () => {
    const last = state && lastFromBusiness(state.thread);
    return last && ["reaction", { message_id: last.id, emoji: "\u{1F44D}" }];
  },
};

byId("writer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const box = byId("write");
  const text = box.value.trim();
  if (text && (await write("text", { body: text }))) box.value = "";
  box.focus();
});
byId("write").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("writer").requestSubmit();
});
document.querySelectorAll("[data-quick]").forEach((button) => button.addEventListener("click", () => {
  const made = QUICK[button.dataset.quick]();
  if (made) write(...made);
  else byId("complaint").textContent = "There is no message to react to yet.";
}));
for (const field of [number, contact, byId("other")]) field.addEventListener("change", refresh);
watchFilters(refresh);
watchWorld(refresh);
watchActs(refresh);
if (byId("write").value) byId("write").focus();

refresh();
setInterval(() => { if (!document.hidden) refresh(); }, EVERY_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
