/** The history: taking back and doing again, what happens elsewhere, times as people read them. */

import { plural } from "../dom.js";
import { listen } from "../events.js";
import { awaken, fragment } from "./fragments.js";
import { post } from "../http.js";
import { key } from "../keys.js";
import { sayTimes } from "./times.js";
import { announce, failed, toast } from "../toast.js";

const list = document.getElementById("batches");
const WAIT = 150; // milliseconds, for what comes together
const EVERY_MINUTE = 60_000;

async function step(path, body, what, done) {
  try {
    const { data } = await post(path, body);
    const left = data.results.filter((item) => !["reverted", "redone"].includes(item.outcome)).length;
    const hint = left ? `${plural(left, "item")} stayed: changed since then, or nothing to take back.` : null;
    toast(`${done}: ${plural(data.results.length - left, "item")}`, { hint });
    if (!list) location.assign("/history");
  } catch (error) {
    failed(error, what);
  }
}

const undo = (batch) => step("/v1/undo", batch ? { batch } : {}, "Undo", "Undone");
const redo = () => step("/v1/redo", undefined, "Redo", "Done again");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-undo], [data-redo]");
  if (button?.dataset.undo) undo(Number(button.dataset.undo));
  else if (button) redo();
});
document.getElementById("undo")?.addEventListener("click", () => undo());
document.getElementById("redo")?.addEventListener("click", redo);
if (document.getElementById("undo")) {
  key({ keys: "z", label: "Undo the newest change", group: "Change", run: () => undo() });
  key({ keys: "Z", label: "Redo", group: "Change", run: redo });
}

/* what happens elsewhere */

const row = (number) => list.querySelector(`[data-batch="${number}"]`);

/** Put a row into its place, in that of an older self; what is open stays open. */
function place(fresh) {
  const number = Number(fresh.dataset.batch);
  const known = row(number);
  if (known) {
    fresh.querySelector("details").replaceWith(known.querySelector("details"));
    known.replaceWith(fresh);
  } else {
    const next = [...list.querySelectorAll("[data-batch]")].find((one) => Number(one.dataset.batch) < number);
    if (!next && list.querySelector("#older")) return; // it stands further down
    list.insertBefore(fresh, next ?? null);
    fresh.classList.add("new");
  }
  sayTimes(fresh);
  awaken(fresh);
}

async function look(path) {
  const rows = (await fragment(path)).filter((node) => node.matches("[data-batch]"));
  for (const fresh of rows.toReversed()) place(fresh);
  document.querySelector(".empty")?.remove();
}

/** The page of these filters that begins with the batch `number`. */
function only(number) {
  const values = new URLSearchParams(location.search);
  values.set("cursor", String(number + 1));
  values.set("limit", "1");
  return `/history?${values}`;
}

let timer = 0;
const touched = new Set();

function follow(batch = null) {
  if (batch?.reverts) touched.add(batch.reverts);
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const older = [...touched].filter((number) => row(number));
    touched.clear();
    const values = new URLSearchParams(location.search);
    values.delete("cursor");
    try {
      await look(`/history?${values}`);
      for (const number of older) await look(only(number));
      if (batch) announce(`A new change: number ${batch.batch}`);
    } catch (error) {
      failed(error, "Looking for changes");
    }
  }, WAIT);
}

if (list) {
  const isFirst = !new URLSearchParams(location.search).has("cursor");
  if (isFirst) listen({ onBatch: (batch) => follow(batch), onResync: () => follow() });
  document.getElementById("history-filter").addEventListener("change", (event) => event.target.form.requestSubmit());
  document.getElementById("history-filter").addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
  });
}
sayTimes(document);
setInterval(() => sayTimes(document), EVERY_MINUTE);
document.addEventListener("htmx:afterSwap", (event) => sayTimes(event.target.parentElement ?? document));
document.addEventListener("htmx:load", (event) => sayTimes(event.detail.elt));
