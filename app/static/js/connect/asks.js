// Forms a step shows (code, PIN): sent without leaving the page, and the answer takes the page's place. Without this
// script they are plain forms. What was typed is never kept here.

import { showTimes } from "../clocks.js";
import { follow } from "../live.js";

// What only a script can do is shown only where one runs.
document.documentElement.dataset.js = "";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-swap]");
  if (!form) return;
  event.preventDefault();
  if (form.dataset.busy === undefined) send(form);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveal]");
  const input = button && document.getElementById(button.dataset.reveal);
  if (!input) return;
  const shown = input.type === "text";
  input.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
});

async function send(form) {
  form.dataset.busy = "";
  const failed = form.querySelector("[data-failed]");
  if (failed) failed.hidden = true;
  let main = null;
  try {
    const reply = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "text/html" },
      body: new URLSearchParams(new FormData(form)),
      cache: "no-store",
    });
    const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
    main = fresh.querySelector("main[data-page]");
    if (main) document.title = fresh.title;
    else if (reply.status !== 429 && reply.status < 500) {
      location.reload(); // The link has ended, or the page has grown too old: it says so itself.
      return;
    }
  } catch {
    // No connection: said below, and what was typed stays in its field.
  }
  delete form.dataset.busy;
  if (main) show(main, form.id);
  else if (failed) failed.hidden = false;
}

/** Put the answer in place; the reader is taken to what must be mended, else to what comes next. */
function show(main, formId) {
  document.getElementById("main").replaceWith(main);
  showTimes(main);
  const next = formId === "ask-code" ? main.querySelector("#code") : null;
  (main.querySelector("[data-focus]") || next || main.querySelector("h1"))?.focus();
  follow();
}
