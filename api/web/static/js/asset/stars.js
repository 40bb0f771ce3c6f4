/** A rating as buttons: 0, one to five stars, none. */

import { el, icon } from "../dom.js";

const STARS = [1, 2, 3, 4, 5];

/** Fill `group`; `onRate(number or null)` is told what is chosen. */
export function showStars(group, rating, onRate) {
  const focused = group.contains(document.activeElement) ? document.activeElement.dataset.stars : null;
  const button = (value, label, ...content) => el("button", {
    class: "star", type: "button", "data-stars": String(value), "aria-label": label, "aria-pressed": String(rating === value),
    "data-lit": rating !== null && typeof value === "number" && value > 0 && value <= rating, onclick: () => onRate(value === rating ? null : value),
  }, content);
  group.replaceChildren(button(0, "Rate 0", "0"), ...STARS.map((value) => button(value, `Rate ${value}`, icon("star"))));
  if (rating !== null) group.append(el("button", { class: "star clear", type: "button", "aria-label": "No rating", "data-stars": "none", onclick: () => onRate(null) }, icon("close")));
  if (focused !== null) (group.querySelector(`[data-stars="${focused}"]`) ?? group.firstElementChild).focus();
}
