/** `/a/{id}`: what its parts tell each other. */

import { termPicker } from "../autocomplete.js";
import { chip } from "../chips.js";
import "../copying.js";
import { openDialog } from "../dialog.js";
import { el } from "../dom.js";
import { listen } from "../events.js";
import { get, post } from "../http.js";
import { key } from "../keys.js";
import { offer } from "../making/offer.js";
import { renew } from "../pieces.js";
import { announce, failed, toast } from "../toast.js";
import { Editing } from "./editing.js";
import { Lightbox } from "./lightbox.js";
import { showStars } from "./stars.js";

const at = (id) => document.getElementById(id);
const here = () => location.pathname + location.search;
const editing = new Editing(JSON.parse(at("asset").dataset.asset));
const note = at("note");

/* what is shown */

function show() {
  const { tags, rating } = editing.asset;
  const onRemove = (tag) => editing.tag({ remove: [tag] }).then(() => at("add-tag").focus());
  at("tags").replaceChildren(...tags.map((tag) => el("li", {}, chip(tag, { onRemove }))));
  if (!tags.length) at("tags").append(el("li", { class: "hint" }, "No tags yet."));
  showStars(at("rating"), rating, (chosen) => editing.rate(chosen));
  if (document.activeElement !== note) note.value = editing.asset.note ?? "";
}
editing.addEventListener("change", show);
editing.addEventListener("done", () => {
  announce(`Saved. Tags: ${editing.asset.tags.join(", ") || "none"}`);
  pieces("facts", "state");
  more();
});
editing.addEventListener("stale", look);

async function pieces(...ids) {
  try {
    await renew(here(), ...ids);
  } catch (problem) {
    failed(problem, "Looking anew");
  }
}

/** Look at everything anew: it may be another picture in all but its id. */
async function look() {
  try {
    const wasLive = editing.asset.is_live;
    const { data } = await get(editing.path);
    const isLive = data.trashed === null && data.missing === null;
    if (isLive !== wasLive) return location.reload();
    editing.take(data);
    await pieces("facts", "state");
    more();
  } catch (problem) {
    failed(problem, "Looking anew");
  }
  return undefined;
}

let waiting = 0;
function more() {
  clearTimeout(waiting);
  waiting = setTimeout(() => renew(`${location.pathname}/more`, "suggested", "more").catch((problem) => failed(problem)), 400);
}

listen({
  onBatch: async () => {
    try {
      const { status } = await get(editing.path, { ifNoneMatch: `"${editing.asset.version}"` });
      if (status !== 304) editing.enqueue(() => {}).then(look);
    } catch (problem) {
      failed(problem, "Looking anew");
    }
  },
  onResync: look,
});

/* acts */

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-order]");
  if (button) offer(JSON.parse(button.dataset.order), button.dataset.title);
});

const NAMES = { npc: "Character", loc: "Location", role: "Role", camera: "Camera" };

function choose(namespace) {
  const input = el("input", { class: "input", "aria-label": NAMES[namespace], placeholder: "Type to find" });
  const onPick = (tag) => {
    dialog.close();
    editing.tag({ add: [tag] });
  };
  let dialog = null;
  openDialog(NAMES[namespace], [el("div", { class: "stack" }, input), el("p", { class: "hint" }, "Enter takes what is marked, Shift+Enter what you wrote.")], {
    onOpen: (opened) => {
      dialog = opened;
      const picker = termPicker(input, { namespace, onPick, floating: false });
      input.focus();
      picker.refresh();
    },
  });
}

async function collect(name) {
  if (!name) return;
  if (name === "+") {
    const input = el("input", { class: "input", id: "collection-name", "aria-label": "Name", placeholder: "Its name" });
    const make = () => editing.act(() => post("/v1/collections", { name: input.value, ids: [editing.asset.id] }), "Make a collection", "It is in the new collection.");
    await openDialog("A new collection", [input], { actions: [{ label: "Cancel" }, { label: "Make it", kind: "primary", run: make }], onOpen: () => input.focus() });
  } else {
    await editing.act(() => post(`/v1/collections/${encodeURIComponent(name)}/add`, { ids: [editing.asset.id] }), "Put it into a collection", "It is in the collection.");
  }
  at("collect").value = "";
}

const acts = {
  trash: () => editing.move(false),
  restore: () => editing.move(true),
  undo: () => editing.undo(),
  redo: () => editing.redo(),
};

document.addEventListener("click", (event) => {
  const { act, undo, accept, reject, uncollect } = event.target.closest("button")?.dataset ?? {};
  if (act) acts[act]?.();
  else if (undo) editing.undo(Number(undo));
  else if (accept) editing.accept(accept);
  else if (reject) editing.reject(reject);
  else if (uncollect) editing.act(() => post(`/v1/collections/${encodeURIComponent(uncollect)}/remove`, { ids: [editing.asset.id] }), "Take it out", "It was taken out.");
});
document.addEventListener("change", (event) => {
  if (event.target.id === "collect") collect(event.target.value);
});
note.addEventListener("change", () => editing.write(note.value));
termPicker(at("add-tag"), { onPick: (tag) => editing.tag({ add: [tag] }) });

/* what stands beside it: going on replaces this page in the history, so Back leads to where one came from */

function go(id, { full = false } = {}) {
  const link = at(id);
  if (link) location.replace(full ? `${link.href}#full` : link.href);
  else toast(id === "next" ? "This is the last one." : "This is the first one.");
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-beside]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  location.replace(link.href);
});
const lightbox = new Lightbox(editing.asset, { go: (id) => go(id, { full: true }), has: (id) => at(id) !== null });
at("open-full")?.addEventListener("click", () => lightbox.open());
if (location.hash === "#full" && at("picture")) lightbox.open();

key({ keys: "t", label: "Tag…", group: "Tag", run: () => at("add-tag").focus() });
key({ keys: "n", label: "Character…", group: "Tag", run: () => choose("npc") });
key({ keys: "l", label: "Location…", group: "Tag", run: () => choose("loc") });
key({ keys: "r", label: "Role…", group: "Tag", run: () => choose("role") });
key({ keys: "m", label: "Camera…", group: "Tag", run: () => choose("camera") });
key({ keys: ".", label: "Repeat the last tags", group: "Tag", run: () => editing.repeat() });
for (const stars of [0, 1, 2, 3, 4, 5]) key({ keys: `s ${stars}`, label: stars ? null : "Rate 0 to 5", shown: ["s 0", "s 5"], group: "Tag", run: () => editing.rate(stars) });
key({ keys: "s -", label: "No rating", group: "Tag", run: () => editing.rate(null) });
key({ keys: "z", label: "Undo", group: "Change", run: acts.undo });
key({ keys: "Z", label: "Redo", group: "Change", run: acts.redo });
key({ keys: "Delete", label: "Move to the trash", group: "Change", when: () => editing.asset.is_live, run: acts.trash });
key({ keys: "f", label: "In full", group: "Look", when: () => at("picture") !== null, run: () => lightbox.open() });
key({ keys: ["ArrowRight", "j"], label: "Next picture", group: "Look", run: () => go("next") });
key({ keys: ["ArrowLeft", "k"], label: "Previous picture", group: "Look", run: () => go("previous") });

show();
