/* The list of calls. A row opens to what is behind it, which is fetched then and kept. */
import { make, pill, timeOf } from "./draw.js";

const ICONS = { ok: "done", wait: "wait", act: "hand", stop: "stop" };
const body = document.getElementById("rows");
const open = new Map();
const drawn = new Map();
let kind = "all";

export function chosenKind() {
  return kind;
}

export function watchFilters(changed) {
  const chips = document.querySelectorAll("[data-kind]");
  chips.forEach((chip) => chip.addEventListener("click", () => {
    kind = chip.dataset.kind;
    chips.forEach((other) => other.setAttribute("aria-pressed", String(other === chip)));
    changed();
  }));
}

export function drawRows(rows, total) {
  const nodes = [];
  const seen = new Set();
  for (const row of rows) {
    seen.add(row.key);
    nodes.push(...nodesOf(row));
  }
  for (const key of drawn.keys()) if (!seen.has(key)) drawn.delete(key);
  // Moving a node that has the focus would lose it, so only a changed list is put in place.
  if (nodes.length !== body.children.length || nodes.some((node, i) => node !== body.children[i])) place(nodes);
  document.getElementById("no-rows").hidden = rows.length > 0;
  document.getElementById("total").textContent = total === 1 ? "1 call" : total.toLocaleString("en") + " calls";
}

function place(nodes) {
  const wanted = new Set(nodes);
  Array.from(body.children).forEach((child) => { if (!wanted.has(child)) child.remove(); });
  nodes.forEach((node, i) => { if (body.children[i] !== node) body.insertBefore(node, body.children[i] || null); });
}

function nodesOf(row) {
  const now = JSON.stringify(row);
  let kept = drawn.get(row.key);
  if (!kept || kept.now !== now) {
    const line = lineOf(row);
    if (kept && kept.line.parentNode) kept.line.replaceWith(line);
    kept = { now, line };
    drawn.set(row.key, kept);
  }
  const detail = open.get(row.key);
  return detail ? [kept.line, detail] : [kept.line];
}

function lineOf(row) {
  const time = make("td", "nw muted", timeOf(row.at, true));
  const tone = { POST: "post", OUT: "hook", POPUP: "pop" }[row.method] || "";
  const button = make("button", "opener", make("span", "meth " + tone, row.method), " ", make("span", "mono", row.what));
  button.type = "button";
  button.setAttribute("aria-expanded", String(open.has(row.key)));
  button.addEventListener("click", () => toggle(row.key, button));
  const answer = make("td", "", row.answer ? pill(row.tone, ICONS[row.tone], row.answer, true) : null);
  return make("tr", "", time, make("td", "", make("div", "call", button)), answer, make("td", "r", row.ms === null ? "" : String(row.ms)));
}

async function toggle(key, button) {
  const opened = open.get(key);
  if (opened) {
    open.delete(key);
    opened.remove();
    button.setAttribute("aria-expanded", "false");
    return;
  }
  const reply = await fetch("/phone/calls/" + encodeURIComponent(key));
  const cell = make("td", "");
  cell.colSpan = 4;
  cell.append(detailOf(reply.ok ? await reply.text() : "This call is forgotten."));
  const line = make("tr", "detail", cell);
  open.set(key, line);
  button.setAttribute("aria-expanded", "true");
  button.closest("tr").after(line);
}

function detailOf(text) {
  const box = make("div", "pre");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "What was said, secrets cut");
  text.split("<cut>").forEach((part, i) => {
    if (i) box.append(make("span", "cut", "cut"));
    box.append(part);
  });
  return box;
}
