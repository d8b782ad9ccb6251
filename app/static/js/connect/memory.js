// What this tab must not forget when it is loaded again: the opening under way, the note shown, the answers given.
// Session storage: it ends with the tab, and nothing secret is put there (never a code).

import { page } from "./page.js";

const key = () => `connect:${page().link}`;

export function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(key())) || {};
  } catch {
    return {};
  }
}

export function remember(changes) {
  try {
    sessionStorage.setItem(key(), JSON.stringify({ ...recall(), ...changes }));
  } catch {
    // Storage is switched off: the page works, it only forgets when loaded again.
  }
}
