/*
 * The signup window's voice: noise, the end event and the code, posted to the page that opened it.
 *
 * Everything that may have to be said lies ready on <body>, because a window that is being closed can still post a
 * message but cannot ask the server for one.
 */
(function () {
  "use strict";

  const said = document.body.dataset;
  const opener = window.opener;
  // Between the two halves of a result, so that a page sees them as two arrivals.
  const GAP_MS = 150;

  // True while the window moves to its own next screen: then it is not being closed.
  let moving = false;
  let waiting = said.code ? pair() : [];

  function post(message) {
    if (opener && said.openerOrigin) opener.postMessage(message, said.openerOrigin);
  }

  function tellSdk(facts) {
    post(new URLSearchParams({ cb: said.cb, domain: new URL(said.openerOrigin).hostname, ...facts }).toString());
  }

  /* What else travels on this channel at Meta; a page has to look past it. */
  function makeNoise() {
    tellSdk({ type: "resize", height: String(document.body.scrollHeight) });
    post("signup window ready");
    post({ ready: true, screen: said.screen });
    post(JSON.stringify({ type: "FB_NOISE", data: {} }));
  }

  function pair() {
    const event = () => post(said.endEvent);
    const code = () => tellSdk({ code: said.code });
    if (said.order === "message_lost") return [code];
    return said.order === "code_first" ? [code, event] : [event, code];
  }

  function sayNext() {
    const next = waiting.shift();
    if (next) next();
  }

  function tellServer(by) {
    navigator.sendBeacon(said.leaveUrl + "?by=" + by);
  }

  function close(by) {
    moving = true;
    tellServer(by);
    // A window that no script opened stays; then it shows how it ended.
    setTimeout(() => location.reload(), 400);
    window.close();
  }

  function finish(event) {
    if (event.submitter && event.submitter.value !== "finish") return;
    event.preventDefault();
    event.submitter.disabled = true;
    tellServer("finish");
    sayNext();
    setTimeout(function () {
      while (waiting.length) sayNext();
      close("finish");
    }, GAP_MS);
  }

  function giveUp(event) {
    event.preventDefault();
    if (said.cancelEvent) post(said.cancelEvent);
    tellSdk({ error: "access_denied", error_reason: "user_denied" });
    close("cancel");
  }

  function report() {
    post(said.reportEvent);
    tellSdk({ error: "access_denied", error_reason: "user_denied" });
    close("report");
  }

  function endByHand() {
    if (moving) return;
    if (waiting.length) {
      while (waiting.length) sayNext();
      tellServer("close");
    } else if (said.cancelEvent) {
      post(said.cancelEvent);
      tellServer("close");
    }
  }

  function movesTheWindow(event) {
    if (event.key === "F5" || (event.altKey && event.key.startsWith("Arrow"))) return true;
    return (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "r";
  }

  /* Fields that belong to one choice show with it. */
  function showWith(group) {
    const [name, value] = group.dataset.with.split("=");
    const chosen = document.querySelector('input[name="' + name + '"]:checked');
    const shown = Boolean(chosen) && chosen.value === value;
    group.hidden = !shown;
    group.querySelectorAll("input, select").forEach((field) => { field.disabled = !shown; });
  }

  function showAllWith() {
    document.querySelectorAll("[data-with]").forEach(showWith);
  }

  function fillFrom(button) {
    const field = document.getElementById(button.dataset.fill);
    const own = document.querySelector('input[name="way"][value="new"]');
    if (own) own.checked = true;
    showAllWith();
    field.value = button.dataset.value;
    field.focus();
  }

  document.addEventListener("change", showAllWith);
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) moving = true; });
  // Nor are going back and reloading. A browser tells of neither beforehand where the person did it, so the keys must do.
  if (window.navigation) window.navigation.addEventListener("navigate", () => { moving = true; });
  document.addEventListener("keydown", (event) => { if (movesTheWindow(event)) moving = true; });
  document.querySelectorAll("[data-fill]").forEach((button) => button.addEventListener("click", () => fillFrom(button)));
  showAllWith();

  if (opener && said.openerOrigin) {
    window.addEventListener("pagehide", endByHand);
    makeNoise();
    const byId = (id) => document.getElementById(id);
    if (said.code) byId("ask").addEventListener("submit", finish);
    if (byId("cancel")) byId("cancel").addEventListener("submit", giveUp);
    if (byId("report")) byId("report").addEventListener("click", report);
  }
  const closer = document.getElementById("close-window");
  if (closer) closer.addEventListener("click", () => window.close());
  if (said.forgeUrl) {
    const frame = document.createElement("iframe");
    frame.src = said.forgeUrl;
    frame.hidden = true;
    document.body.append(frame);
  }
  // Whoever drives this window by script may begin now: until here a press of Finish would leave it unheard.
  said.ready = "";
})();
