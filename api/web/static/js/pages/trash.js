/** The trash: the gallery's grid over what lies there, and the way back for one, several or all that match. */

import { assetAddress } from "../asset_address.js";
import { el, icon, plural } from "../dom.js";
import { listen } from "../events.js";
import { Choosing } from "../gallery/choosing.js";
import { Edits } from "../gallery/edits.js";
import { Grid } from "../gallery/grid.js";
import { moveByKeys } from "../gallery/moving.js";
import { Pointing } from "../gallery/pointing.js";
import { Selection } from "../gallery/selection.js";
import { Store } from "../gallery/store.js";
import { tellChosen, tellFault } from "../gallery/telling.js";
import { key } from "../keys.js";
import { confirmed } from "../dialog.js";
import { failed } from "../toast.js";

const MANY = 100; // more than these are asked about
const at = (id) => document.getElementById(id);
const form = at("search");
const field = form.elements.q;
const store = new Store();
const selection = new Selection();
const grid = new Grid(at("scroller"), at("grid"), store, selection);
const choosing = new Choosing(grid, selection);
const edits = new Edits(store, selection, grid);
new Pointing(grid, selection, choosing);

/** What a text finds in the trash. */
const within = (text) => (text.trim() ? `is:trashed (${text.trim()})` : "is:trashed");

function load() {
  store.filter = within(field.value);
  store.load(store.filter);
}

/* what is shown */

store.addEventListener("order", ({ detail }) => {
  at("loading").hidden = true;
  tellFault(field, null);
  if (detail.isOther) Object.assign(grid, { top: 0, active: 0 });
  selection.keep(store.ids);
  grid.layout();
  empty();
  status();
});
store.addEventListener("fault", ({ detail: { error, query } }) => {
  at("loading").hidden = true;
  if (query !== null && error.status === 422) tellFault(field, error);
  else failed(error, null, { label: "Retry", run: load });
});
selection.addEventListener("change", status);

function empty() {
  at("empty").hidden = store.ids.length > 0;
  at("scroller").hidden = !at("empty").hidden;
  if (at("empty").hidden) return;
  const isAll = !field.value.trim();
  at("empty").replaceChildren(icon(isAll ? "trash" : "search"), el("h2", {}, isAll ? "The trash is empty" : "Nothing in the trash matches"),
    el("p", { class: "soft" }, isAll ? "Del moves what is selected in the gallery here. The files stay where they are." : "Ask for less."),
    isAll ? el("a", { class: "button primary", href: "/" }, "To the gallery") : el("a", { class: "button primary", href: "/trash" }, "Show everything in the trash"));
}

function status() {
  const { total } = tellChosen(store, selection, field.value.trim() !== "");
  const whole = at("restore-all");
  if (!whole) return;
  whole.disabled = !total || !store.isWhole;
  whole.textContent = field.value.trim() ? "Restore all that match" : "Restore all";
}

/* acts */

function restore(targets = edits.targets()) {
  if (!targets) return edits.nothing();
  const before = store.ids;
  if (targets.ids) store.hide(new Set(targets.ids));
  selection.clear();
  return edits.enqueue(async () => {
    try {
      edits.report("Restore", await edits.send("/v1/assets/restore", targets, {}), () => restore(targets));
    } catch (error) {
      store.ids = before;
      store.hide(new Set());
      failed(error, "Restore", { label: "Retry", run: () => restore(targets) });
    } finally {
      store.refresh(0);
    }
  });
}

async function restoreAll() {
  const total = store.ids.length;
  const text = `${plural(total, "asset")} will be in the gallery again. Undo takes that back.`;
  if (total > MANY && !(await confirmed("Restore all", text, "Restore", { kind: "primary" }))) return;
  restore({ query: store.query, except: [] });
}

at("restore")?.addEventListener("click", () => restore());
at("restore-all")?.addEventListener("click", restoreAll);
at("all").addEventListener("click", () => choosing.all());
at("clear").addEventListener("click", () => selection.clear());

/* the question, in the address */

function read() {
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  selection.clear();
  load();
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const wanted = field.value.trim() ? `/trash?${new URLSearchParams({ q: field.value.trim() })}` : "/trash";
  if (wanted !== location.pathname + location.search) history.pushState(null, "", wanted);
  read();
});
field.addEventListener("search", () => field.value === "" && form.requestSubmit());
addEventListener("popstate", read);

/* keys */

moveByKeys({ store, selection, grid, choosing, open: (id) => location.assign(assetAddress(id)) });
if (at("restore")) {
  key({ keys: "r", label: "Restore", group: "Change", run: () => restore() });
  key({ keys: "z", label: "Undo", group: "Change", run: () => edits.undo() });
  key({ keys: "Z", label: "Redo", group: "Change", run: () => edits.redo() });
}
key({ keys: "/", label: "Search", group: "Look", run: () => field.select() });

listen({ onBatch: () => store.refresh(), onResync: () => store.refresh() });
read();
