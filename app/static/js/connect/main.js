// The client's page: before the click it asks the questions and opens Meta's window, afterwards it follows the steps.

import { showTimes } from "../clocks.js";
import { follow } from "../live.js";
import { busy, clear, show } from "./notes.js";
import { listen, open, showAgain } from "./opening.js";
import { page, swap } from "./page.js";
import * as questions from "./questions.js";
import { way } from "./ways.js";
import "./share.js";

function startBefore() {
  const { facts } = page();
  way().load(facts, () => show("sdk-failed"));
  questions.start();
  document.getElementById("connect-form").addEventListener("submit", (event) => {
    event.preventDefault();
    connect();
  });
  document.addEventListener("visibilitychange", lookElsewhere);
  window.addEventListener("focus", lookElsewhere);
}

// Everything from here to the window happens in the click: a browser stops windows that are opened any later.
function connect() {
  if (busy() || !questions.mayGoOn()) return;
  if (way().state() !== "ready") {
    show(way().state() === "failed" ? "sdk-failed" : "sdk-loading");
    return;
  }
  clear();
  open(questions.plan(), questions.answers(), questions.contact());
}

// Another tab, or another person with the same link, may have finished meanwhile: then this page shows the steps, too.
async function lookElsewhere() {
  const { face, link } = page();
  const again = new URLSearchParams(location.search).has("again");
  if (document.hidden || face !== "before" || busy()) return;
  if (questions.hasRoomAgain()) location.reload();
  if (again) return;
  const reply = await fetch(`/connect/c/${link}/progress`, { cache: "no-store" }).catch(() => null);
  if (reply?.status === 200 && page().face === "before") {
    await swap();
    afterwards();
  }
}

function afterwards() {
  showTimes();
  follow();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-again]")) showAgain();
});

if (page().face === "before") startBefore();
if (page().facts) listen(afterwards);
afterwards();
