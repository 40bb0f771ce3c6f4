/** `/coverage`: a gap becomes a draft of a spec, a file that is shown; a spec is made, after its price. */

import "./copying.js";
import { openDialog } from "./dialog.js";
import { el, visible, visibleLines } from "./dom.js";
import { listen } from "./events.js";
import { post } from "./http.js";
import { key } from "./keys.js";
import { offer } from "./making/offer.js";
import { renew } from "./pieces.js";
import { announce, failed } from "./toast.js";

const mayGenerate = "mayGenerate" in document.getElementById("coverage").dataset;
const lookAtGaps = () => renew(location.pathname + location.search, "gaps");
const generate = (spec) => void offer({ spec }, `Generate: ${visible(spec, 80)}`);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-spec]");
  if (button) generate(button.dataset.spec);
});

// What was made fills a gap; its counts are written anew with the page.
listen({ onGeneration: ({ event }) => event === "generation.finished" && lookAtGaps().catch((problem) => failed(problem, "Looking anew")) });

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-draft]");
  if (!button || button.disabled) return;
  button.disabled = true;
  try {
    const usual = JSON.parse(button.closest("[data-usual]")?.dataset.usual ?? "{}");
    const { data } = await post("/v1/specs/drafts", { ...usual, ...JSON.parse(button.dataset.draft) });
    announce(`Drafted in ${data.file}`);
    await lookAtGaps();
    openDialog("A spec was drafted", [
      el("p", {}, "It stands in ", el("code", {}, visible(data.file, 200)), ". Nothing was generated: look it through first."),
      el("pre", { class: "code", tabindex: "0", "aria-label": "The spec" }, visibleLines(data.text, 10_000)),
      el("div", { class: "row" }, el("button", { class: "button", type: "button", "data-copy": data.file, "data-copied": "The name of the file" }, "Copy the name"),
        el("button", { class: "button", type: "button", "data-copy": data.text, "data-copied": "The spec" }, "Copy the spec")),
    ], { wide: true, actions: mayGenerate ? [{ label: "Close" }, { label: "Generate…", kind: "primary", run: () => generate(data.id) }] : [] });
  } catch (problem) {
    failed(problem, "Drafting a spec");
  } finally {
    button.disabled = false;
  }
});

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** In a table the arrow keys go to the next cell of that direction where something can be done. */
document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.(".matrix td, .matrix th");
  const by = MOVES[event.key];
  if (!cell || !by || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = [...cell.closest("tbody")?.rows ?? []];
  let [down, right] = [rows.indexOf(cell.parentElement), cell.cellIndex];
  for (;;) {
    down += by[0];
    right += by[1];
    const next = rows[down]?.cells[right];
    if (!next) break;
    const act = next.querySelector("a, button");
    if (!act) continue;
    act.focus();
    event.preventDefault();
    break;
  }
});

key({ keys: ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"], label: "Move in a table", when: () => false, run: () => {} });
key({ keys: "/", label: "Find a character or a place", run: () => document.getElementById("find").select() });
