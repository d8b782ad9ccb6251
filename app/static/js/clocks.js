// Times in the reader's own zone and language: <time datetime="…" data-show="clock|day-clock|day|ago">.

const page = document.documentElement.lang || "en";
// The server writes the day before the month in English too; the browser must not turn it round.
const language = page === "en" ? "en-GB" : page;
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric" });
const exact = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "long", hourCycle: "h23" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "long" });

const A_DAY = 24 * 60 * 60;

export function ago(seconds) {
  if (seconds < 60) return relative.format(-Math.floor(seconds), "second");
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), "minute");
  return relative.format(-Math.floor(seconds / 3600), "hour");
}

export function span(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

function words(moment, kind) {
  const today = moment.toDateString() === new Date().toDateString();
  if (kind === "day") return day.format(moment);
  if (kind === "ago") {
    const passed = (Date.now() - moment) / 1000;
    return passed < A_DAY ? ago(Math.max(passed, 0)) : day.format(moment);
  }
  return today ? clock.format(moment) : `${day.format(moment)}, ${clock.format(moment)}`;
}

/** Write every <time> below `root` anew; called on load, after each swap, and once a second for "ago". */
export function showTimes(root = document) {
  for (const element of root.querySelectorAll("time[data-show]")) {
    const moment = new Date(element.dateTime);
    const text = words(moment, element.dataset.show);
    if (element.textContent !== text) element.textContent = text;
    if (!element.title) element.title = exact.format(moment);
  }
  for (const element of root.querySelectorAll("[data-since]")) {
    const text = span(Math.max(0, (Date.now() - new Date(element.dataset.since)) / 1000));
    if (element.textContent !== text) element.textContent = text;
  }
}

showTimes();
setInterval(showTimes, 1000);
