/** Files and folders dropped or chosen: sent one by one, and what became of each. */

import { openDialog } from "../dialog.js";
import { el, plural, visible } from "../dom.js";
import { post } from "../http.js";
import { announce } from "../toast.js";

const AT_ONCE = 3;
const SAID = { added: ["good", "added"], known: ["", "known already"], in_trash: ["warn", "in the trash"] };

/** Watch for drops on the page and for files chosen. `done()` is called when all are through. */
export function acceptUploads({ button, input, veil, done }) {
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    if (input.files.length) upload([...input.files], done);
    input.value = "";
  });
  let depth = 0;
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    depth += 1;
    veil.hidden = false;
  });
  addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    veil.hidden = depth === 0;
  });
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", async (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    veil.hidden = true;
    const files = await dropped(event.dataTransfer);
    if (files.length) upload(files, done);
  });
}

/** Every file, also those in folders; `{name, isLost}` for what cannot be read. */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  const files = [];
  const walk = async (entry) => {
    if (entry.isFile) files.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    else {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (!some.length) return;
        for (const one of some) await walk(one);
      }
    }
  };
  for (const entry of entries) await walk(entry).catch(() => files.push({ name: entry.name, isLost: true }));
  return files;
}

async function upload(files, done) {
  const status = el("p", { role: "status" });
  const rows = files.map((file) => row(file));
  const list = el("ul", { class: "uploads" }, rows.map((one) => one.element));
  let through = 0;
  const counts = {};
  const say = () => {
    const parts = Object.entries(counts).map(([name, number]) => `${number} ${name}`);
    status.textContent = through < files.length ? `${through} of ${plural(files.length, "file")}…` : parts.join(", ");
  };
  say();
  openDialog("Add files", [status, list]);
  const waiting = files.map((file, index) => [file, rows[index]]);
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const outcome = await send(...next);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      through += 1;
      say();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  announce(status.textContent);
  done();
}

function row(file) {
  const state = el("span", { class: "badge" }, "waiting");
  const why = el("span", { class: "hint" });
  return { state, why, element: el("li", {}, el("span", { class: "name" }, visible(file.name, 120)), state, why) };
}

async function send(file, { state, why }) {
  state.textContent = "sending";
  const form = new FormData();
  try {
    if (file.isLost) throw new Error("The browser cannot read it.");
    form.append("file", file, file.name);
    const { data } = await post("/v1/assets", form);
    const [item] = data.results;
    const [kind, said] = SAID[item.outcome] ?? ["", item.outcome.replaceAll("_", " ")];
    state.className = `badge ${kind}`;
    state.textContent = said;
    why.textContent = item.notice ? visible(item.notice.message, 300) : item.error ? visible(item.error.message, 300) : "";
    return said;
  } catch (error) {
    state.className = "badge danger";
    state.textContent = "failed";
    why.textContent = visible(`${error.message}${error.hint ? ` (${error.hint})` : ""}`, 400);
    return "failed";
  }
}
