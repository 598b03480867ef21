// Times as people say them, kept right while the page is open.
import { make } from "./make.js";

const SAY = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];
const EVERY = 20_000;

export function ago(moment) {
  const seconds = (moment - Date.now()) / 1000;
  const unit = UNITS.find(([, length]) => -seconds >= length);
  return unit ? SAY.format(Math.ceil(seconds / unit[1]), unit[0]) : "just now";
}

export function time(iso) {
  const made = make("time", { datetime: iso });
  show(made);
  return made;
}

export function showTimes(within = document) {
  within.querySelectorAll("time[datetime]").forEach(show);
}

export function keepTimes() {
  showTimes();
  setInterval(showTimes, EVERY);
}

function show(element) {
  const moment = new Date(element.dateTime);
  element.textContent = ago(moment);
  element.title = moment.toLocaleString("en", { dateStyle: "medium", timeStyle: "medium" });
}
