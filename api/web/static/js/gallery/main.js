/** The gallery: what its parts tell each other. */

import { assetAddress } from "../asset_address.js";
import { el, icon, visible } from "../dom.js";
import { listen } from "../events.js";
import { key } from "../keys.js";
import { failed } from "../toast.js";
import { Choosing } from "./choosing.js";
import { Edits } from "./edits.js";
import { Filters } from "./filters.js";
import { Grid } from "./grid.js";
import { compare, copyIds, copyJson, copyPrompts } from "./looking.js";
import { moveByKeys } from "./moving.js";
import { Pointing } from "./pointing.js";
import { Selection } from "./selection.js";
import { Store } from "./store.js";
import { showSuggestions } from "./suggesting.js";
import { DIGITS, showSets, useSet } from "./tag_sets.js";
import { chooseOne, chooseTags } from "./tagging.js";
import { tellChosen, tellFault } from "./telling.js";
import { acceptUploads } from "./uploads.js";

const SIZES = [116, 150, 220, 320];
const SIZE = "callsheet:tile";

const at = (id) => document.getElementById(id);
const store = new Store();
const selection = new Selection();
const grid = new Grid(at("scroller"), at("grid"), store, selection);
const choosing = new Choosing(grid, selection);
const edits = new Edits(store, selection, grid);
const filters = new Filters(at("search"));
new Pointing(grid, selection, choosing);

/* what is shown */

let returning = filters.at; // the asset at which somebody comes back

store.addEventListener("order", ({ detail }) => {
  tellFault(filters.field, null);
  at("loading").hidden = true;
  const before = detail.isOther ? null : remembered;
  if (detail.isOther) Object.assign(grid, { top: 0, active: 0 });
  selection.keep(store.ids);
  grid.layout(before ? moved(before) : null);
  empty();
  status();
  if (!store.isWhole) return;
  if (returning) comeBack(returning);
  returning = null;
});

let faultShown = () => {}; // looking again and again says the same: once is enough
store.addEventListener("fault", ({ detail: { error, query } }) => {
  at("loading").hidden = true;
  if (query !== null && error.status === 422) tellFault(filters.field, error);
  else {
    faultShown();
    faultShown = failed(error, null, { label: "Retry", run: () => load() });
  }
});

/** Where what was on top, and the active cell, have gone to. */
function moved({ top, active, anchor }) {
  const place = active ? store.ids.indexOf(active) : -1;
  if (place >= 0) grid.active = place;
  if (!anchor || !top) return null;
  const index = store.ids.indexOf(top);
  return index < 0 ? null : { index, offset: anchor.offset };
}

let remembered = null;
const remember = () => {
  const anchor = grid.anchor();
  remembered = { anchor, top: anchor ? store.ids[anchor.index] : null, active: grid.activeId };
};
store.addEventListener("leaving", remember);

function comeBack(id) {
  const index = store.ids.indexOf(id);
  if (index < 0) return;
  grid.go(index, { focus: document.activeElement === document.body });
}

function empty() {
  const box = at("empty");
  box.hidden = store.ids.length > 0;
  at("scroller").hidden = !box.hidden;
  if (box.hidden) return;
  const isAll = filters.query.replace(/sort:\S+/g, "").trim() === "";
  const act = (label, run, kind = "") => el("button", { class: `button ${kind}`, type: "button", onclick: run }, label);
  box.replaceChildren(icon(isAll ? "picture" : "search"), el("h2", {}, isAll ? "Nothing here yet" : "Nothing matches"),
    ...(isAll
      ? [el("p", { class: "soft" }, "Drop pictures, sounds or folders here, choose some, or run ", el("code", {}, "callsheet add FOLDER"), "."), act("Choose files", () => at("files").click(), "primary")]
      : [...store.slips.map((slip) => el("p", {}, visible(slip, 300))), el("p", { class: "soft" }, "Ask for less, or look at everything."), act("Show everything", () => filters.set(""), "primary")]));
}

function status() {
  const { chosen } = tellChosen(store, selection, filters.filter !== "");
  at("compare").disabled = chosen !== 2 || selection.query !== null;
}
selection.addEventListener("change", status);

function load() {
  store.filter = filters.filter;
  at("loading").hidden = store.query !== null;
  store.load(filters.query);
}
filters.addEventListener("change", () => {
  returning = filters.at;
  selection.clear();
  load();
});

/* the place in the address */

const keepPlace = () => {
  remember();
  if (!store.isWhole || returning) return; // an address that changes now would end a step back that is under way
  const isSeen = grid.hasFocus || grid.active > 0;
  filters.keep(isSeen ? grid.activeId : (remembered.top ?? null));
};
grid.addEventListener("scrolled", keepPlace);
let resting = 0;
grid.addEventListener("active", () => {
  remember();
  clearTimeout(resting);
  resting = setTimeout(keepPlace, 250);
});
at("grid").addEventListener("click", (event) => event.target.closest("a") && filters.keep(event.target.closest(".cell").cell.id));

/* what happens elsewhere */

listen({ onBatch: () => store.refresh(), onResync: () => store.refresh() });

/* acts */

const some = () => {
  const targets = edits.targets();
  return targets?.ids ?? (targets ? edits.known(targets) : []);
};
const acts = {
  tag: () => chooseTags(edits),
  npc: () => chooseOne("npc", edits),
  loc: () => chooseOne("loc", edits),
  role: () => chooseOne("role", edits),
  camera: () => chooseOne("camera", edits),
  suggest: () => showSuggestions(edits),
  trash: () => edits.trash(),
  undo: () => edits.undo(),
  redo: () => edits.redo(),
  repeat: () => edits.repeat(),
  compare: () => compare(some()),
  "copy-id": () => copyIds(some()),
  "copy-prompt": () => copyPrompts(some()),
  "copy-json": () => copyJson(some()),
  all: () => choosing.all(),
  clear: () => selection.clear(),
  sets: () => showSets(),
};
for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => {
    button.closest("[popover]")?.hidePopover();
    acts[button.dataset.act]();
  });
}

moveByKeys({ store, selection, grid, choosing, open: (id) => {
  filters.keep(id);
  location.assign(assetAddress(id, store.query));
} });

const tagging = [["t", "Tags…", "tag"], ["n", "Character…", "npc"], ["l", "Location…", "loc"], ["r", "Role…", "role"], ["m", "Camera…", "camera"], ["a", "Suggested tags: accept, reject…", "suggest"], [".", "Repeat the last tags", "repeat"]];
for (const [keys, label, act] of tagging) key({ keys, label, group: "Tag", run: acts[act] });
for (const digit of DIGITS) key({ keys: digit, label: digit === "1" ? "Tag sets" : null, group: "Tag", shown: ["1–9"], run: () => useSet(digit, edits) });

key({ keys: "z", label: "Undo", group: "Change", run: acts.undo });
key({ keys: "Z", label: "Redo", group: "Change", run: acts.redo });
key({ keys: "Delete", label: "Move to the trash", group: "Change", run: acts.trash });
key({ keys: "y", label: "Copy the id", group: "Look", run: acts["copy-id"] });
key({ keys: "Y", label: "Copy the prompt", group: "Look", run: acts["copy-prompt"] });
key({ keys: "c", label: "Compare two", group: "Look", run: acts.compare });
key({ keys: "/", label: "Search", group: "Look", run: () => filters.field.select() });
key({ keys: "+", label: "Larger and smaller pictures", group: "Look", shown: ["+", "-"], run: () => resize(1) });
key({ keys: "-", label: null, group: "Look", run: () => resize(-1) });
filters.field.addEventListener("keydown", (event) => {
  if (!event.defaultPrevented && (event.key === "Escape" || event.key === "ArrowDown")) {
    event.preventDefault();
    grid.go(grid.active);
  }
});

/* the size of the pictures */

function resize(by) {
  const now = Math.max(0, SIZES.indexOf(grid.size));
  grid.size = SIZES[Math.max(0, Math.min(now + by, SIZES.length - 1))];
  localStorage.setItem(SIZE, String(grid.size));
  at("smaller").disabled = grid.size === SIZES[0];
  at("larger").disabled = grid.size === SIZES.at(-1);
  grid.layout();
}
grid.size = SIZES.includes(Number(localStorage.getItem(SIZE))) ? Number(localStorage.getItem(SIZE)) : 150;
resize(0);
at("smaller").addEventListener("click", () => resize(-1));
at("larger").addEventListener("click", () => resize(1));

acceptUploads({ button: at("upload"), input: at("files"), veil: at("veil"), done: () => store.refresh(0) });
history.scrollRestoration = "manual";
load();
