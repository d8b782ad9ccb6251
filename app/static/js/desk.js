// A staff page that changes while it is read: times in the reader's own zone, day headings that fit them, and what the
// reader has opened stays open when live.js makes the page new.

// Staff pages are in English, with the day before the month.
const language = "en-GB";
const clock = new Intl.DateTimeFormat(language, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric" });
const opened = new Set([...document.querySelectorAll("details[id][open]")].map((one) => one.id));

document.addEventListener("click", (event) => {
  const details = event.target.closest("summary")?.parentElement;
  if (!details?.id) return;
  // The click comes before the change: what is open now is being closed.
  if (details.open) opened.delete(details.id);
  else opened.add(details.id);
});

function keepOpen() {
  for (const details of document.querySelectorAll("details[id]")) {
    if (opened.has(details.id) && !details.open) details.open = true;
  }
}

function showClocks() {
  for (const element of document.querySelectorAll("time[data-clock]")) {
    const text = clock.format(new Date(element.dateTime));
    if (element.textContent !== text) element.textContent = text;
  }
}

/** One heading before the first line of each day as the reader counts days. */
function showDays(list) {
  let last = "";
  for (const line of [...list.children]) {
    if (line.classList.contains("day")) continue;
    const name = day.format(new Date(line.querySelector("time").dateTime));
    const before = line.previousElementSibling;
    const has = before?.classList.contains("day");
    if (name === last) {
      if (has) before.remove();
    } else if (has) {
      if (before.textContent !== name) before.textContent = name;
    } else {
      const heading = document.createElement("li");
      heading.className = "day";
      heading.textContent = name;
      line.before(heading);
    }
    last = name;
  }
}

function settle() {
  keepOpen();
  showClocks();
  document.querySelectorAll(".tl").forEach(showDays);
}

settle();
// Each change it makes is made only where something differs, so watching its own changes comes to rest at once.
new MutationObserver(settle).observe(document.body, {
  subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["open", "datetime"],
});
