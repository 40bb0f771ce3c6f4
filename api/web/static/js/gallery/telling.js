/** What is told around a grid: how many there are and are chosen, and what is wrong with the query. */

import { count, el, plural, visible, visibleLines } from "../dom.js";

const at = (id) => document.getElementById(id);

/** Say it in `#count`, `#chosen` and `#all`, and show `#selection` while there is one. Gives `{total, chosen}`. */
export function tellChosen(store, selection, isFiltered) {
  const total = store.ids.length;
  const chosen = selection.size(total);
  at("count").textContent = store.isWhole ? plural(total, "asset") : "";
  at("selection").hidden = selection.isEmpty;
  document.body.classList.toggle("selecting", !selection.isEmpty);
  at("chosen").textContent = `${plural(chosen, "asset")} selected`;
  at("all").hidden = selection.query !== null || chosen === total;
  at("all").textContent = `Select all ${count(total)}${isFiltered ? " matching" : ""}`;
  return { total, chosen };
}

/** Show what is wrong with the query in `field`, with the place; null: nothing is. */
export function tellFault(field, problem) {
  const box = at("query-fault");
  box.hidden = problem === null;
  field.setAttribute("aria-invalid", String(problem !== null));
  if (problem === null) return;
  const [message, ...place] = problem.detail.split("\n");
  box.replaceChildren(el("p", {}, visible(message, 400)), ...(place.length ? [el("pre", {}, visibleLines(place.join("\n"), 2000))] : []),
    ...(problem.hint ? [el("p", { class: "small" }, visible(problem.hint, 400))] : []));
}
