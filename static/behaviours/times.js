// Shows every <time data-when="clock|short|ago|full"> in the reader's own time zone and language.
const LANGUAGE = document.documentElement.lang;
const CLOCK = new Intl.DateTimeFormat(LANGUAGE, { timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short" });
const YEAR = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "short", year: "numeric" });
const FULL = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "long", timeStyle: "short" });
const DISTANCE = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" });
const UNITS = [["minute", 60, 3600], ["hour", 3600, 86400], ["day", 86400, 30 * 86400]];

function daysAgo(date) {
  const midnight = (moment) => new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
  return Math.round((midnight(new Date()) - midnight(date)) / 86400000);
}

const calendar = (date) => (date.getFullYear() === new Date().getFullYear() ? DAY : YEAR).format(date);
const day = (date) => (daysAgo(date) < 2 ? DISTANCE.format(-daysAgo(date), "day") : calendar(date));

function ago(date) {
  const seconds = (Date.now() - date) / 1000;
  const unit = UNITS.find(([, , end]) => Math.abs(seconds) < end);
  return unit ? DISTANCE.format(-Math.trunc(seconds / unit[1]), unit[0]) : calendar(date);
}

const SHAPES = {
  clock: (date) => CLOCK.format(date),
  short: (date) => (daysAgo(date) === 0 ? CLOCK.format(date) : day(date)),
  full: (date) => FULL.format(date),
  day,
  ago,
};

function show() {
  for (const element of document.querySelectorAll("time[data-when]")) {
    const date = new Date(element.dateTime);
    const text = SHAPES[element.dataset.when](date);
    if (element.textContent !== text) element.textContent = text;
    element.title = FULL.format(date);
  }
}

export default function times() {
  show();
  document.addEventListener("htmx:afterSwap", show);
  setInterval(show, 30000);
}
