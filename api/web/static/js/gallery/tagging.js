/** Dialogs that ask which tags: any number of them, or one of a facet. */

import { termPicker } from "../autocomplete.js";
import { chip } from "../chips.js";
import { openDialog } from "../dialog.js";
import { count, el, plural } from "../dom.js";

const NAMES = { npc: "Character", loc: "Location", role: "Role", camera: "Camera" };
const MOST_SHOWN = 40;

/** Choose one tag of a namespace; Enter takes it and is done. */
export function chooseOne(namespace, edits) {
  const targets = edits.targets();
  if (!targets) return void edits.nothing();
  const input = el("input", { class: "input", id: "tag-field", "aria-label": NAMES[namespace], placeholder: "Type to find" });
  const box = el("div", { class: "stack" }, el("div", { class: "stack" }, input));
  const title = `${NAMES[namespace]} of ${plural(edits.count(targets), "asset")}`;
  let dialog;
  const onPick = (tag) => {
    dialog.close();
    edits.tag({ add: [tag] }, targets);
  };
  openDialog(title, [box, el("p", { class: "hint" }, "Enter takes what is marked, Shift+Enter what you wrote.")], {
    onOpen: (opened) => {
      dialog = opened;
      const picker = termPicker(input, { namespace, onPick, floating: false });
      input.focus();
      picker.refresh();
    },
  });
}

/** Choose tags to add and to remove. Enter takes one; Enter on the empty field is done. */
export function chooseTags(edits) {
  const targets = edits.targets();
  if (!targets) return void edits.nothing();
  const choice = new TagChoice(edits, targets);
  choice.open(`Tag ${plural(edits.count(targets), "asset")}`, (chosen) => edits.tag(chosen, targets));
}

/** Choose the tags of a set; `add` are those it has. Calls `done({add, remove})`. */
export function chooseSet(title, add, done) {
  const choice = new TagChoice(null, null);
  choice.add = [...add];
  choice.open(title, done);
}

class TagChoice {
  constructor(edits, targets) {
    Object.assign(this, { edits, targets });
    this.add = [];
    this.remove = [];
  }

  open(title, done) {
    this.input = el("input", { class: "input", id: "tag-field", "aria-label": "Tag to add", placeholder: "Type to find; Enter adds it" });
    this.chosen = el("ul", { class: "chips", "aria-label": "Chosen tags" });
    this.present = el("ul", { class: "chips", "aria-label": "Tags they have now" });
    const children = [el("div", { class: "stack" }, this.input), this.chosen];
    if (this.targets) children.push(el("p", { class: "label" }, "On them now"), this.present);
    const finish = () => done({ add: this.add, remove: this.remove });
    openDialog(title, children, {
      actions: [{ label: "Cancel" }, { label: "Apply", kind: "primary", run: finish }],
      onOpen: (dialog) => this.begin(dialog, finish),
    });
  }

  begin(dialog, finish) {
    const picker = termPicker(this.input, { floating: false, limit: 8, onPick: (tag) => this.take(tag) });
    const end = () => {
      const written = this.input.value.trim();
      if (written) this.take(written);
      finish();
      dialog.close();
    };
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      const isEnd = () => !this.input.value.trim() && (this.add.length || this.remove.length);
      const busy = picker.busy();
      if (!(event.ctrlKey || event.metaKey || busy || isEnd())) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (busy) busy.then(() => isEnd() && end()); // somebody is quicker than the answer
      else end();
    }, { capture: true });
    this.show();
    this.input.focus();
    picker.refresh();
  }

  take(tag) {
    this.remove = this.remove.filter((one) => one !== tag);
    if (!this.add.includes(tag)) this.add.push(tag);
    this.show();
  }

  drop(tag) {
    if (!this.remove.includes(tag)) this.remove.push(tag);
    this.show();
  }

  show() {
    const keep = (list, tag) => {
      this[list] = this[list].filter((one) => one !== tag);
      this.show();
      this.input.focus();
    };
    const entry = (list, sign) => (tag) => el("li", { class: "row" }, el("span", { class: "soft small" }, sign), chip(tag, { onRemove: (one) => keep(list, one) }));
    this.chosen.replaceChildren(...this.add.map(entry("add", "add")), ...this.remove.map(entry("remove", "remove")));
    if (!this.targets) return;
    const counted = this.counted();
    const all = this.edits.known(this.targets).length;
    this.present.replaceChildren(...counted.map(([tag, number]) => el("li", { class: "row" },
      chip(tag, { onRemove: (one) => { this.drop(one); this.input.focus(); } }), all > 1 && number < all ? el("span", { class: "small soft" }, count(number)) : null)));
    if (!counted.length) this.present.append(el("li", { class: "hint" }, "none"));
  }

  /** The tags that targets have, as far as they are known here, the most frequent first. */
  counted() {
    const numbers = new Map();
    for (const id of this.edits.known(this.targets)) {
      for (const tag of this.edits.store.asset(id)?.tags ?? []) numbers.set(tag, (numbers.get(tag) ?? 0) + 1);
    }
    return [...numbers].filter(([tag]) => !this.remove.includes(tag)).sort((a, b) => b[1] - a[1]).slice(0, MOST_SHOWN);
  }
}
