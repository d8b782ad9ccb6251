/* The clock, the faults, the counts, and the reset. */
import { dayOf, timeOf } from "./draw.js";

const byId = (id) => document.getElementById(id);
const switches = Array.from(document.querySelectorAll("[data-switch]"));

export function drawWorld(state) {
  const clock = byId("clock");
  clock.textContent = dayOf(state.now) + " " + timeOf(state.now, true);
  clock.dateTime = new Date(state.now * 1000).toISOString();
  switches.forEach((input) => { input.checked = state.on.includes(input.dataset.switch); });
  const on = byId("faults-on");
  on.hidden = state.on.length === 0;
  on.querySelector("span").textContent = state.on.length + " on";
  byId("n-businesses").textContent = state.world.businesses;
  byId("n-numbers").textContent = state.world.numbers + (state.world.in_review ? ", " + state.world.in_review + " in review" : "");
  byId("n-tokens").textContent = state.world.tokens;
  byId("n-waiting").textContent = state.world.webhooks_waiting;
}

export function watchWorld(changed) {
  document.querySelectorAll("[data-advance]").forEach((button) => button.addEventListener("click", async () => {
    await send("/_sandbox/clock", { advance_seconds: Number(button.dataset.advance) });
    changed();
  }));
  switches.forEach((input) => input.addEventListener("change", async () => {
    await send("/phone/switches/" + input.dataset.switch, { on: input.checked });
    changed();
  }));
  const sure = byId("sure");
  byId("reset").addEventListener("click", () => sure.showModal());
  sure.addEventListener("close", async () => {
    if (sure.returnValue !== "reset") return;
    sure.returnValue = "";
    await send("/_sandbox/reset", {});
    changed();
  });
}

function send(address, body) {
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}
