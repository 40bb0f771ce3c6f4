/** `/resolve`: every choice is a new address, whose answer the server writes into the page. */

import { termPicker } from "../autocomplete.js";
import { copy } from "../copying.js";
import { patch, post } from "../http.js";
import { key } from "../keys.js";
import { offer } from "../making/offer.js";
import { renew } from "../pieces.js";
import { announce, failed, toast } from "../toast.js";
import { composed } from "./address.js";

const ID = "resolve";
const ONE_OF = ["scene", "block", "prompt"];
const SINGLE = new Set(["location", "hero"]);
const NEXT = { location: "hero", hero: "enemy" }; // where the focus goes when the one is chosen
let asked = 0;
let going = Promise.resolve();

/** Show the answer at an address, which goes into the history. */
function go(address, options = {}) {
  return (going = show(address, options));
}

async function show(address, { push = true } = {}) {
  const turn = ++asked;
  if (push && address !== location.pathname + location.search) history.pushState({ resolve: true }, "", address);
  try {
    await renew(address, ID);
  } catch (error) {
    failed(error, "Resolving");
  }
  if (turn === asked) prepare();
}

/** What the form, the prompt and the arranged pictures say, as an address. */
function here(changes = {}) {
  return composed(new FormData(document.getElementById("ask")), [...document.querySelectorAll("#parts .part")].map(part), changes);
}

function part(item) {
  const type = item.querySelector("[data-type]");
  return type && [item.dataset.id, type.value, item.querySelector("[data-layer]").value || "0"].join("~");
}

function prepare() {
  for (const input of document.querySelectorAll("[data-pick]")) {
    const name = input.dataset.pick;
    const onPick = (tag) => {
      const before = SINGLE.has(name) ? [] : new FormData(document.getElementById("ask")).getAll(name);
      go(here({ [name]: [...before, tag] })).then(() => document.getElementById(`pick-${NEXT[name] ?? name}`)?.focus());
    };
    termPicker(input, { namespace: input.dataset.namespace || null, onPick });
  }
  const slots = document.querySelectorAll(".slot").length;
  if (slots) announce(`${slots} slots, ${document.querySelectorAll(".candidate").length} candidates`);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-go]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    const target = new URL(link.href);
    const address = target.pathname + target.search;
    go(address).then(() => target.hash && document.querySelector(target.hash)?.scrollIntoView({ block: "nearest" }));
    return;
  }
  const button = event.target.closest("button");
  if (button?.dataset.move) move(button);
  else if (button?.dataset.apply) apply(button, JSON.parse(button.dataset.apply));
  else if (button?.id === "generate") generate();
  else if (button && "copyHere" in button.dataset) copy(location.href, "The address");
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.matches("[data-why]")) go(here({ why: [event.target.elements.why.value] }));
  else go(here());
});

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-pick], #why-id")) return;
  if (field.matches("[data-source]")) {
    const others = ONE_OF.filter((name) => field.value && name !== field.name).map((name) => [name, []]);
    go(here(Object.fromEntries(others)));
  } else if (field.matches("[data-type], [data-layer]")) go(here({ arranged: true }));
  else if (field.matches("[data-operation]")) go(here({ op: [field.value] }));
  else if (field.matches("[data-prompt]")) go(here({ text: [field.value] }));
  else if (field.form?.id === "ask") go(here());
});

/** Offer what the page shows, once it shows what was chosen and written last. */
async function generate() {
  const text = document.querySelector("[data-prompt]");
  if (text && text.value !== document.getElementById("generate")?.dataset.promptThen) go(here({ text: [text.value] }));
  let last;
  do await (last = going);
  while (last !== going);
  const button = document.getElementById("generate");
  if (button) await offer(JSON.parse(button.dataset.order), `Generate: ${document.getElementById("op").selectedOptions[0].text}`);
}

/** A picture changes places with its neighbour, and so do their layers. */
function move(button) {
  const item = button.closest(".part");
  const other = Number(button.dataset.move) < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  const [mine, its] = [item, other].map((each) => each.querySelector("[data-layer]"));
  [mine.value, its.value] = [its.value, mine.value];
  if (other === item.nextElementSibling) other.after(item);
  else other.before(item);
  const [id, direction] = [item.dataset.id, button.dataset.move];
  go(here({ arranged: true })).then(() => {
    const moved = [...document.querySelectorAll(".part")].find((each) => each.dataset.id === id);
    const again = moved?.querySelector(`[data-move="${direction}"]`);
    (again?.disabled ? moved.querySelector("[data-move]:not(:disabled)") : again)?.focus();
  });
}

/** Change the tags of an asset as it was seen, look at the answer anew, and only then say how it went. */
async function apply(button, { id, version, add, remove }) {
  button.disabled = true;
  let say = () => toast("The tags were changed.", { action: { label: "Undo", run: undo } });
  try {
    await patch(`/v1/assets/${id}`, { add, remove }, { ifMatch: version });
  } catch (problem) {
    const isStale = problem.status === 412;
    say = () => (isStale ? toast("Somebody changed it meanwhile. Here is how it stands now.", { kind: "error" }) : failed(problem, "Changing the tags"));
  }
  await go(location.pathname + location.search, { push: false });
  say();
}

async function undo() {
  try {
    await post("/v1/undo", {});
  } catch (problem) {
    failed(problem, "Undo");
  }
  await go(location.pathname + location.search, { push: false });
}

addEventListener("popstate", () => go(location.pathname + location.search, { push: false }));

const focus = (name) => () => document.getElementById(`pick-${name}`)?.focus();
key({ keys: ["l"], label: "Where", run: focus("location") });
key({ keys: ["n"], label: "Who", run: focus("hero") });
key({ keys: ["e"], label: "Against whom", run: focus("enemy") });
key({ keys: ["o"], label: "Others", run: focus("other") });
key({ keys: ["m"], label: "Generate: price first", run: () => document.getElementById("generate")?.click() });
key({ keys: ["/"], label: "Why not this one?", run: () => document.getElementById("why-id")?.focus() });

prepare();
