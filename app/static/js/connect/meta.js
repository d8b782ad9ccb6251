// Meta's SDK: loaded with the page, so that a click can open the window at once. Browsers stop windows that open later.
// This file is not called after it, because content blockers know that name.

let state = "loading";

/** The way of Meta's SDK: a window of its own over the page. */
export const popup = { load, state: () => state, start };

/** Load the SDK and make it ready. Calls `onFailed` when something keeps it from loading. */
function load(facts, onFailed) {
  window.fbAsyncInit = () => {
    window.FB.init(facts.init);
    state = "ready";
  };
  const script = document.createElement("script");
  script.src = facts.sdk;
  script.async = true;
  script.crossOrigin = "anonymous";
  script.addEventListener("error", () => {
    state = "failed";
    onFailed();
  });
  document.head.append(script);
}

/**
 * Open Meta's window; must be called directly in a click. Returns the window, null when the browser stopped it, or
 * undefined when the SDK opened it in a way we cannot see.
 *
 * The SDK tells nobody that its window was stopped, so we look over its shoulder while it opens one.
 */
function start(plan, facts, onAnswer) {
  const open = window.open;
  let opened;
  window.open = function (...how) {
    opened = open.apply(window, how);
    return opened;
  };
  try {
    window.FB.login((answer) => { onAnswer(answer); }, facts.options[plan]);
  } finally {
    window.open = open;
  }
  return opened;
}
