/** Tag sets on the keys 1 to 9. They are one person's habit: kept in this browser, for each project its own. */

import { chips } from "../chips.js";
import { openDialog } from "../dialog.js";
import { el } from "../dom.js";
import { chooseSet } from "./tagging.js";

const PLACE = `callsheet:tag-sets:${document.body.dataset.project}`;
export const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/** The tags of each key that has some, `{"1": ["npc:alex"]}`. */
export function readSets() {
  try {
    return JSON.parse(localStorage.getItem(PLACE)) ?? {};
  } catch {
    return {};
  }
}

function write(digit, tags) {
  const sets = readSets();
  if (tags.length) sets[digit] = tags;
  else delete sets[digit];
  localStorage.setItem(PLACE, JSON.stringify(sets));
}

/** Give the targets the tags of a set; an empty one is filled first. */
export function useSet(digit, edits) {
  const targets = edits.targets();
  const tags = readSets()[digit];
  if (!targets) edits.nothing();
  else if (tags?.length) edits.tag({ add: tags }, targets);
  else chooseSet(`Tags on key ${digit}`, [], ({ add }) => {
    write(digit, add);
    if (add.length) edits.tag({ add }, targets);
  });
}

/** All sets, to look at and to change. Resolves when the dialog is closed. */
export function showSets() {
  const list = el("div", { class: "stack" });
  const show = () => {
    const sets = readSets();
    list.replaceChildren(...DIGITS.map((digit) => {
      const tags = sets[digit] ?? [];
      const change = () => chooseSet(`Tags on key ${digit}`, tags, ({ add }) => {
        write(digit, add);
        show();
      });
      return el("div", { class: "row set" }, el("kbd", {}, digit), tags.length ? chips(tags) : el("span", { class: "hint" }, "empty"),
        el("button", { class: "button quiet", type: "button", "aria-label": `Change the tags on key ${digit}`, onclick: change }, "Change"));
    }));
  };
  show();
  return openDialog("Tag sets", [el("p", { class: "hint" }, "A key gives its tags to what is selected. The sets are kept in this browser."), list]);
}
