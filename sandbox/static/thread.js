/* The chat on the contact's phone. */
import { dayOf, icon, make, pill, timeOf } from "./draw.js";

const thread = document.getElementById("thread");
let drawn = "";

export function lastFromBusiness(messages) {
  return messages.filter((message) => !message.mine && message.status !== "failed").at(-1);
}

export function drawHead(number) {
  const name = number ? number.name : "No number yet";
  document.getElementById("who").textContent = name;
  document.getElementById("tile").textContent = name.split(" ").map((word) => word[0]).join("").slice(0, 2).toUpperCase();
  const state = document.getElementById("state");
  const words = number ? number.state : "";
  if (state.textContent === words) return;
  state.replaceChildren(...(number ? [number.live ? pill("ok", "done", words) : pill("wait", "wait", words)] : []));
}

export function drawThread(messages) {
  const now = JSON.stringify(messages);
  if (now === drawn) return;
  drawn = now;
  let day = "";
  const nodes = [];
  for (const message of messages) {
    if (dayOf(message.at) !== day) {
      day = dayOf(message.at);
      nodes.push(make("div", "daysep", day + ", local clock"));
    }
    nodes.push(message.mine || message.status !== "failed" ? bubble(message) : lost(message));
  }
  thread.replaceChildren(...(nodes.length ? nodes : [make("p", "sys", "No messages yet. Write the first one.")]));
  thread.scrollTop = thread.scrollHeight;
}

function bubble(message) {
  const box = make("div", message.mine ? "bub out" : "bub");
  if (message.quote) {
    box.append(make("div", "quo", make("b", "", message.quote.mine ? "You" : "Business"), make("br"), message.quote.text));
  }
  const time = make("time", "", timeOf(message.at));
  time.dateTime = new Date(message.at * 1000).toISOString();
  box.append(make("span", "body", message.text), make("div", "m", time, message.mine ? ticks(message) : null));
  return box;
}

/* The business may mark a message read; until then it only arrived. */
function ticks(message) {
  const read = message.status === "read";
  return make("span", read ? "rd" : "", icon("t2", read ? "Read" : "Delivered"));
}

function lost(message) {
  return make("p", "sys", icon("stop"), "Sent at " + timeOf(message.at) + ", never arrived: " + message.text);
}
