// Meta's SDK: loaded with the page, so that a click can open the window at once. Browsers stop windows that open later.
// This file is not called after it, because content blockers know that name.

export const sdk = { state: "loading" };

/** Load the SDK from `address` and make it ready. Calls `onFailed` when something keeps it from loading. */
export function load(address, init, onFailed) {
  window.fbAsyncInit = () => {
    window.FB.init(init);
    sdk.state = "ready";
  };
  const script = document.createElement("script");
  script.src = address;
  script.async = true;
  script.crossOrigin = "anonymous";
  script.addEventListener("error", () => {
    sdk.state = "failed";
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
export function login(options, onAnswer) {
  const open = window.open;
  let popup;
  window.open = function (...how) {
    popup = open.apply(window, how);
    return popup;
  };
  try {
    window.FB.login((answer) => { onAnswer(answer); }, options);
  } finally {
    window.open = open;
  }
  return popup;
}
