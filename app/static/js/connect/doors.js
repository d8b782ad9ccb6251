// Our own doors: JSON in, JSON or nothing out, always with the CSRF token.

import { page } from "./page.js";

const API = "/api/integrations/whatsapp/";
const CODE_LIVES_MS = 28_000;
const AGAIN_MS = 1000;

/** A door said no. `status` is HTTP's; 0 when nothing came back at all. */
export class Refused extends Error {
  constructor(status, code) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
  }

  /** Whether the same words may be accepted a moment later. */
  get passes() {
    return this.status === 0 || this.status >= 500 || this.code === "being_completed";
  }
}

export async function post(address, body, { keepalive = false } = {}) {
  let reply;
  try {
    reply = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": page().csrf },
      body: JSON.stringify(body),
      keepalive,
    });
  } catch {
    throw new Refused(0, "unreachable");
  }
  if (!reply.ok) {
    const problem = await reply.json().catch(() => ({}));
    throw new Refused(reply.status, problem.code || "");
  }
  return reply.status === 204 ? null : reply.json();
}

/** Say something about an opening of Meta's window. */
export function tell(door, opening, words, options) {
  return post(API + door, { link: opening.link, state: opening.key, ...words }, options);
}

/** As `tell`, again and again while the fault is one that passes and Meta's code can still be good. */
export async function insist(door, opening, words, onTrouble) {
  const until = performance.now() + CODE_LIVES_MS;
  for (;;) {
    try {
      return await tell(door, opening, words);
    } catch (refused) {
      if (!refused.passes || performance.now() + AGAIN_MS > until) throw refused;
      onTrouble();
      await new Promise((resume) => setTimeout(resume, AGAIN_MS));
    }
  }
}
