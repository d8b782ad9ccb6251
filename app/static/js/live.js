// A page that keeps itself up to date: <main id="…" data-poll="address"> is asked for again every second, or every
// `data-every` seconds, and made like the answer. An answer without data-poll is the last one. "Not changed" (304) costs
// nothing but the question.

import { ago, showTimes } from "./clocks.js";
import { morph } from "./morph.js";

const SECOND_MS = 1000;
const PATIENCE_MS = 20_000;
const pause = (element) => Number(element.dataset.every || 1) * SECOND_MS;
let tag = "";
let seenAt = 0;
let running = false;

/** Begin asking, if the page wants it. Call it whenever something else has put a page in place. */
export function follow() {
  // What stands there now may be older than what the last look brought: only the next one may say "not changed" of it.
  tag = "";
  const element = document.querySelector("[data-poll]");
  if (running || !element) return;
  running = true;
  seenAt = Date.now();
  setTimeout(look, pause(element));
}

async function look() {
  const element = document.querySelector("[data-poll]");
  if (!element) {
    running = false;
    return;
  }
  if (!document.hidden) {
    try {
      await refresh(element);
    } catch {
      // No connection just now: "checked … ago" grows, and the next look may do better.
    }
  }
  showChecked();
  setTimeout(look, pause(element));
}

async function refresh(element) {
  const reply = await fetch(element.dataset.poll, {
    headers: { Accept: "text/html", ...(tag && { "If-None-Match": tag }) },
    cache: "no-store",
    // An answer that never comes must not be the last question.
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  // Something else has put a page in place meanwhile: of that one this answer says nothing.
  if (!element.isConnected) return;
  if (reply.status === 404) {
    location.reload(); // The link has ended meanwhile; the page says so itself.
    return;
  }
  if (reply.status === 304 || reply.ok) seenAt = Date.now();
  if (reply.status !== 200) return;
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById(element.id);
  if (!fresh || !element.isConnected) return;
  tag = reply.headers.get("ETag") || "";
  showTimes(fresh);
  morph(element, fresh);
  if (fresh.dataset.title) document.title = fresh.dataset.title;
}

function showChecked() {
  for (const element of document.querySelectorAll("[data-checked]")) {
    element.textContent = element.dataset.checked.replace("{when}", ago((Date.now() - seenAt) / 1000));
  }
}

follow();
