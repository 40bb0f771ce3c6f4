/** Tags as chips: the facet by colour and by its first word. */

import { el, visible } from "./dom.js";

const FACETS = new Set(["npc", "loc", "role", "camera"]);
const LONGEST = 120;

/** `npc` for `npc:alex` and `player`; the namespace of any other tag; "" for a free word. */
export function facet(tag) {
  if (tag === "player") return "npc";
  const colon = tag.indexOf(":");
  return colon < 0 ? "" : tag.slice(0, colon);
}

/** One chip. `onRemove(tag)` gives it a button. `name` stands in place of the value, e.g. a label. */
export function chip(tag, { onRemove = null, name = null, element = "span" } = {}) {
  const space = facet(tag);
  const value = name ?? (tag === "player" ? tag : tag.slice(space ? space.length + 1 : 0));
  const made = el(element, { class: "chip", "data-facet": FACETS.has(space) ? space : "other", title: visible(tag, LONGEST) },
    space && tag !== "player" ? el("span", { class: "facet" }, `${visible(space, LONGEST)}:`) : null,
    el("span", { class: "value" }, visible(value, LONGEST)));
  if (onRemove) {
    const label = `Remove ${visible(tag, LONGEST)}`;
    made.append(el("button", { type: "button", "aria-label": label, onclick: () => onRemove(tag) }, "×"));
  }
  return made;
}

/** A list of chips. */
export function chips(tags, options = {}) {
  return el("ul", { class: "chips" }, tags.map((tag) => el("li", {}, chip(tag, options))));
}
