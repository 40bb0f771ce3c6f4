/** Suggested tags of what is selected, to be taken or turned down one by one. */

import { chip } from "../chips.js";
import { openDialog } from "../dialog.js";
import { el, icon, plural, visible } from "../dom.js";
import { get, url } from "../http.js";

const MOST_ASKED = 24; // pictures that are asked about: taken is for all that it suits, turned down for those alone
const AT_ONCE = 4;
const EACH = 8;

/** Open the suggestions for what `edits` is about. */
export function showSuggestions(edits) {
  const targets = edits.targets();
  if (targets) new Suggesting(edits, targets).open();
  else edits.nothing();
}

class Suggesting {
  constructor(edits, targets) {
    Object.assign(this, { edits, targets, found: [], ended: new AbortController() });
  }

  open() {
    this.list = el("ul", { class: "proposals", "aria-label": "Suggested tags", onkeydown: (event) => this.pressed(event) });
    this.status = el("p", { class: "hint", role: "status" }, "Looking…");
    const title = `Suggested for ${plural(this.edits.count(this.targets), "asset")}`;
    const hint = el("p", { class: "hint" }, el("kbd", {}, "a"), " accepts, ", el("kbd", {}, "x"), " rejects for good, arrows move.");
    openDialog(title, [this.list, this.status, hint], { onOpen: () => this.look() }).then(() => this.ended.abort());
  }

  async look() {
    const known = this.edits.known(this.targets);
    const asked = known.slice(0, MOST_ASKED);
    const waiting = [...asked];
    const answers = [];
    const work = async () => {
      for (let id = waiting.shift(); id; id = waiting.shift()) {
        const { data } = await get(url(`/v1/assets/${id}/suggestions`, { limit: EACH }), { signal: this.ended.signal });
        for (const one of data.suggestions) answers.push({ ...one, id });
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    } catch (error) {
      if (error.name !== "AbortError") this.status.textContent = visible(error.message);
      return;
    }
    const all = this.edits.count(this.targets);
    this.some = asked.length < all ? `Looked at ${asked.length} of ${plural(all, "asset")}; accepting holds for all of them that a tag suits, rejecting for those looked at.` : "";
    this.found = merged(answers);
    this.show(0);
  }

  show(place) {
    const several = this.edits.count(this.targets) > 1;
    this.list.replaceChildren(...this.found.map((one) => row(one, several, (isTaken) => this.answer(one, isTaken))));
    this.status.textContent = this.found.length ? (this.some ?? "") : "Nothing more is suggested.";
    const rows = this.list.children;
    const next = rows[Math.min(place, rows.length - 1)]?.querySelector("button");
    (next ?? this.list.closest("dialog")?.querySelector(".dialog-head button"))?.focus();
  }

  /** Take a tag, or turn it down: out of sight at once, back where that fails. */
  async answer(one, isTaken) {
    const place = this.found.indexOf(one);
    if (place < 0) return;
    this.found = this.found.filter((other) => other !== one);
    this.show(place);
    if (await this.edits.answer(one.tag, isTaken, isTaken ? this.targets : { ids: one.ids })) return;
    this.found = [...this.found.slice(0, place), one, ...this.found.slice(place)];
    this.show(place);
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...this.list.children];
    const at = rows.indexOf(event.target.closest("li"));
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const answer = { a: true, x: false }[event.key];
    if (by) rows[(at + by + rows.length) % rows.length]?.querySelector("button").focus();
    else if (answer !== undefined && at >= 0 && !event.repeat) this.answer(this.found[at], answer);
    else return;
    event.preventDefault();
  }
}

/** Each tag once, with the pictures it is suggested for; what most deserve comes first, then the surest. */
function merged(answers) {
  const tags = new Map();
  for (const { id, tag, confidence, sources } of answers) {
    const one = tags.get(tag) ?? { tag, ids: [], confidence: 0, reason: "" };
    if (confidence > one.confidence) Object.assign(one, { confidence, reason: sources[0]?.reason ?? "" });
    one.ids.push(id);
    tags.set(tag, one);
  }
  return [...tags.values()].sort((a, b) => b.ids.length - a.ids.length || b.confidence - a.confidence || (a.tag < b.tag ? -1 : 1));
}

function row({ tag, ids, confidence, reason }, several, answer) {
  const shown = visible(tag, 120);
  const act = (name, label, isTaken, meaning = label) => el("button", { class: "button quiet", type: "button", "aria-label": `${label} ${shown}`, title: meaning, onclick: () => answer(isTaken) }, icon(name));
  const why = `${Math.floor(confidence * 100)} % · ${visible(reason, 200)}`;
  return el("li", {}, el("span", { class: "proposed" }, chip(tag)), el("span", { class: "why small soft", title: why }, several ? `${plural(ids.length, "asset")} · ${why}` : why),
    act("check", "Accept", true), act("close", "Reject", false, `Reject for ${plural(ids.length, "asset")}`));
}
