/** Moments as people read them: how long ago, or the day, in the place of the browser; the exact one on hover. */

const STEPS = [["second", 60], ["minute", 60], ["hour", 24], ["day", 7]];
const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

/** `2 minutes ago`, `yesterday`, `Nov 3, 2026`. */
export function since(moment, now = Date.now()) {
  let value = (moment.getTime() - now) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(value) < size) return ago.format(Math.round(value), unit);
    value /= size;
  }
  return day.format(moment);
}

/** Say every `<time>` within so. */
export function sayTimes(within) {
  for (const element of within.querySelectorAll("time[datetime]")) {
    const moment = new Date(element.getAttribute("datetime"));
    if (Number.isNaN(moment.getTime())) continue;
    element.textContent = since(moment);
    element.title = exact.format(moment);
  }
}
