/** One cell of the grid: a picture, its name, its rating and its tags. Made once, filled again and again. */

import { assetAddress } from "../asset_address.js";
import { chip, facet } from "../chips.js";
import { el, icon, visible } from "../dom.js";
import { lengthText } from "../lengths.js";

const LONGEST = 120;
const ORDER = ["npc", "loc", "role", "camera"];
const LETTER = 5.9; // pixels of a letter in a chip, about
const AROUND = 18;
const BETWEEN = 4;
const MORE = 28; // pixels of "+3"

export class Cell {
  constructor(store) {
    this.store = store;
    this.image = el("img", { alt: "", draggable: "false", decoding: "async", hidden: true });
    this.image.addEventListener("load", () => (this.image.hidden = false));
    this.image.addEventListener("error", () => this.image.hasAttribute("src") && this.label("warning", "no picture"));
    this.kind = el("span", { class: "kind", hidden: true });
    this.link = el("a", { class: "thumb", tabindex: "-1", draggable: "false" }, this.image, this.kind);
    this.check = el("button", { class: "check", type: "button", tabindex: "-1" }, icon("check"));
    this.name = el("span", { class: "name" });
    this.rating = el("span", { class: "rating" });
    this.tags = el("span", { class: "tags" });
    this.element = el("div", { class: "cell", role: "gridcell", tabindex: "-1" }, this.link, this.check,
      el("div", { class: "caption" }, this.name, this.rating), this.tags);
    this.element.cell = this;
    this.id = null;
    this.asset = null;
    this.width = 0;
  }

  /** Show an asset (undefined: it is not known yet); `id` null for the empty end of the last row. */
  fill(id, asset, width) {
    if (id === this.id && asset === this.asset && width === this.width) return;
    const isOther = id !== this.id || asset?.thumbnail !== this.asset?.thumbnail;
    Object.assign(this, { id, asset, width });
    this.element.hidden = id === null;
    if (id === null) return;
    this.element.classList.toggle("waiting", !asset);
    if (isOther) this.picture(asset);
    const name = asset ? visible(asset.path.slice(asset.path.lastIndexOf("/") + 1), LONGEST) : "";
    this.name.textContent = name;
    this.name.title = asset ? visible(asset.path, 400) : "";
    this.element.setAttribute("aria-label", asset ? spoken(name, asset) : "Loading");
    this.link.href = assetAddress(id, this.store.query);
    this.link.setAttribute("aria-label", `Open ${name || id}`);
    this.check.setAttribute("aria-label", `Select ${name || id}`);
    const stars = asset?.rating ?? null;
    this.rating.replaceChildren(...(stars === null ? [] : [el("span", { class: "visually-hidden" }, `rated ${stars}`), el("span", { "aria-hidden": "true" }, `★${stars}`)]));
    this.tags.replaceChildren(...(asset ? shownTags(asset.tags, width) : []));
  }

  mark({ isSelected, isActive, column }) {
    this.element.setAttribute("aria-selected", String(isSelected));
    this.element.setAttribute("aria-colindex", String(column + 1));
    this.element.tabIndex = isActive ? 0 : -1;
    this.check.setAttribute("aria-pressed", String(isSelected));
  }

  picture(asset) {
    this.image.hidden = true;
    if (asset?.thumbnail) this.image.src = asset.thumbnail;
    else this.image.removeAttribute("src");
    const kind = { audio: "sound", video: "film" }[asset?.media_type];
    this.link.classList.toggle("sound", asset?.media_type === "audio");
    this.label(kind, asset?.duration ? lengthText(asset.duration) : asset?.media_type);
  }

  /** What stands on the picture, or in its place; nothing without an icon. */
  label(name, text) {
    this.kind.hidden = !name;
    this.kind.replaceChildren(...(name ? [icon(name), text] : []));
  }
}

/** What a screen reader says of a cell. */
function spoken(name, { rating, tags, duration }) {
  const said = tags.length ? tags.map((tag) => visible(tag, LONGEST)).join(", ") : "untagged";
  return [name, duration ? `sound of ${lengthText(duration)}` : null, rating === null ? null : `rated ${rating}`, said].filter(Boolean).join(", ");
}

/** As many chips as two lines hold, about, who and where first, and how many more there are. */
function shownTags(tags, width) {
  const rank = (tag) => (ORDER.indexOf(facet(tag)) + ORDER.length + 1) % (ORDER.length + 1);
  const ordered = tags.map((tag, at) => [rank(tag), at, tag]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const lines = [width, width - (tags.length > 2 ? MORE : 0)];
  const shown = [];
  for (const [, , tag] of ordered) {
    const need = Math.min(width, Math.min(tag.length, 40) * LETTER + AROUND);
    const line = lines.findIndex((room) => need <= room);
    if (line < 0) continue;
    lines[line] -= need + BETWEEN;
    shown.push([line, chip(tag)]);
  }
  if (!shown.length && ordered.length) shown.push([0, chip(ordered[0][2])]);
  const more = tags.length - shown.length;
  const placed = shown.sort((a, b) => a[0] - b[0]).map(([, made]) => made);
  return more ? [...placed, el("span", { class: "more" }, `+${more}`)] : placed;
}
