/*
 * A stand-in for Meta's JavaScript SDK: the same public surface, the same refusals, the same ways to disappoint.
 *
 * What a page may rely on here it may rely on there. FB.login opens the dialog in the click that called it; the code
 * comes back as a message of the dialog's to this script, which hands it to the callback. The end event
 * (WA_EMBEDDED_SIGNUP) goes past this script straight to the page, so the two may arrive in either order.
 */
(function () {
  "use strict";

  if (window.FB) return;

  const home = new URL(document.currentScript.src).origin;
  const NOT_CONNECTED = Object.freeze({ authResponse: null, status: "unknown" });
  const WATCH_EVERY_MS = 100;
  // A closing window's last message may arrive after the window is seen to be closed; this long we wait for it.
  const LAST_WORD_MS = 600;

  const logins = new Map();
  const listeners = new Map();
  let settings = null;

  function complain(text) {
    console.error("[JSSDK] " + text);
  }

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(7));
    return "f" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function mustBeFunction(value) {
    const kind = Object.prototype.toString.call(value);
    if (kind === "[object Function]") return;
    // Meta's SDK refuses async functions too, with just this kind of message.
    const name = kind.slice("[object ".length, -1).toLowerCase();
    throw new Error("Expression is of type " + name + ", not function");
  }

  function isSecurePage() {
    return location.protocol === "https:" || location.hostname === "localhost" || location.hostname === "127.0.0.1";
  }

  function init(options) {
    const wanted = options || {};
    if (!/^v\d+\.\d+$/.test(wanted.version || "")) throw new Error("invalid version specified");
    if (!wanted.appId) complain("FB.init needs an appId.");
    settings = { appId: String(wanted.appId || ""), version: wanted.version };
  }

  function dialogAddress(id, options) {
    const answerTo = new URLSearchParams({
      cb: id,
      domain: location.hostname,
      is_canvas: "false",
      origin: location.origin + "/" + newId(),
      relation: "opener",
      frame: newId(),
    });
    const asked = {
      app_id: settings.appId,
      client_id: settings.appId,
      display: "popup",
      domain: location.hostname,
      origin: "1",
      redirect_uri: home + "/x/connect/xd_arbiter/?version=46#" + answerTo,
      sdk: "joey",
      version: settings.version,
    };
    for (const [name, value] of Object.entries(options)) {
      asked[name] = typeof value === "object" ? JSON.stringify(value) : String(value);
    }
    return home + "/" + settings.version + "/dialog/oauth?" + new URLSearchParams(asked);
  }

  function popupShape() {
    const width = Math.min(600, screen.availWidth);
    const height = Math.min(760, screen.availHeight);
    const left = Math.max(0, Math.round(window.screenX + (window.outerWidth - width) / 2));
    const top = Math.max(0, Math.round(window.screenY + (window.outerHeight - height) / 2.5));
    return "width=" + width + ",height=" + height + ",left=" + left + ",top=" + top + ",scrollbars=1,location=1";
  }

  function login(callback, options) {
    if (callback !== undefined && callback !== null) mustBeFunction(callback);
    if (!settings) return complain("FB.login() was called before FB.init().");
    if (!isSecurePage()) return complain("FB.login() works only on https pages (and on localhost).");
    const id = newId();
    const popup = window.open(dialogAddress(id, options || {}), id, popupShape());
    // A popup the browser blocked is never answered: Meta's SDK watches windows, and here there is none.
    if (!popup) return undefined;
    const run = { popup, callback: callback || function () {}, watch: 0 };
    run.watch = setInterval(function () {
      if (!popup.closed) return;
      clearInterval(run.watch);
      setTimeout(function () { settle(id, NOT_CONNECTED); }, LAST_WORD_MS);
    }, WATCH_EVERY_MS);
    logins.set(id, run);
    return undefined;
  }

  function settle(id, answer) {
    const run = logins.get(id);
    if (!run) return;
    logins.delete(id);
    clearInterval(run.watch);
    run.callback(answer);
    tell("auth.login", answer);
    tell("auth.statusChange", answer);
  }

  function readDialogMessage(event) {
    if (event.origin !== home || typeof event.data !== "string") return;
    const said = new URLSearchParams(event.data);
    const run = logins.get(said.get("cb"));
    if (!run || event.source !== run.popup) return;
    if (said.get("code")) {
      settle(said.get("cb"), {
        authResponse: { userID: null, expiresIn: null, code: said.get("code") },
        status: "connected",
      });
    } else if (said.get("error")) {
      settle(said.get("cb"), NOT_CONNECTED);
    }
  }

  function api(path, ...rest) {
    const callback = rest.find((part) => typeof part === "function") || function () {};
    const method = (rest.find((part) => typeof part === "string") || "get").toUpperCase();
    const params = rest.find((part) => part && typeof part === "object") || {};
    if (!settings) return complain("FB.api() was called before FB.init().");
    const address = new URL(home + "/" + settings.version + "/" + String(path).replace(/^\//, ""));
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(params)) {
      body.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
    }
    const bare = method === "GET" || method === "DELETE";
    if (bare) body.forEach((value, name) => address.searchParams.set(name, value));
    fetch(address, bare ? { method } : { method, body })
      .then((reply) => reply.json())
      .catch(() => ({ error: { message: "unknown error", type: "http", status: 0 } }))
      .then((answer) => callback(answer));
    return undefined;
  }

  function tell(name, value) {
    (listeners.get(name) || []).forEach((listener) => listener(value));
  }

  function later(callback, value) {
    if (callback) setTimeout(function () { callback(value); }, 0);
  }

  window.FB = {
    init,
    login,
    api,
    // With response_type "code" the browser never holds a session of its own, so there is none to report.
    getLoginStatus: (callback) => later(callback, NOT_CONNECTED),
    logout: (callback) => later(callback, NOT_CONNECTED),
    getAuthResponse: () => null,
    getAccessToken: () => null,
    getUserID: () => "",
    Event: {
      subscribe: (name, listener) => listeners.set(name, (listeners.get(name) || []).concat(listener)),
      unsubscribe: (name, listener) =>
        listeners.set(name, (listeners.get(name) || []).filter((known) => known !== listener)),
    },
    XFBML: { parse: (_node, callback) => later(callback) },
    AppEvents: { logEvent: () => undefined, logPageView: () => undefined },
  };

  window.addEventListener("message", readDialogMessage);
  if (typeof window.fbAsyncInit === "function") window.fbAsyncInit();
})();
