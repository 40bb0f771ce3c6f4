/** The doctor: an examination told as it goes, findings grouped by how grave they are. */

import { count, el, plural, visible } from "../dom.js";
import { Problem } from "../http.js";
import { failed, toast } from "../toast.js";
import { confirmed } from "../dialog.js";
import { renew } from "../pieces.js";

const LINES = "application/x-ndjson";
const GROUPS = [
  ["error", "Damage", "Something is broken or lost."],
  ["warning", "Worth a look", "It works, and could be better."],
  ["info", "Good to know", "Nothing to do."],
];
const MOST_OF_A_KIND = 20;
const at = (id) => document.getElementById(id);
const buttons = ["run", "full", "repair"].map(at).filter(Boolean);
let findings = [];
let frame = 0;

/** Ask for an examination and call `tell` for each line of the answer. */
async function examine(wanted, tell) {
  const isPlain = !(wanted.full || wanted.repair);
  const headers = { Accept: LINES, ...(isPlain ? {} : { "Content-Type": "application/json" }) };
  let response;
  try {
    response = await fetch("/v1/doctor", { method: isPlain ? "GET" : "POST", headers, body: isPlain ? undefined : JSON.stringify(wanted), credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new Problem({ detail: "The server cannot be reached.", hint: "Is callsheet serve running?" });
  }
  if (!response.ok) throw new Problem(await response.json().catch(() => ({ status: response.status })));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line) tell(JSON.parse(line));
    if (done) return;
  }
}

async function run(wanted = {}) {
  for (const button of buttons) button.disabled = true;
  findings = [];
  let end = null;
  const verdict = at("verdict");
  verdict.dataset.worst = "";
  verdict.setAttribute("aria-busy", "true");
  say(wanted.repair ? "Repairing and examining…" : wanted.full ? "Reading every file…" : "Examining…");
  at("counts").replaceChildren();
  draw();
  try {
    await examine(wanted, (line) => {
      if (line.error) throw new Problem(line.error);
      if (line.finding) {
        findings.push(line.finding);
        frame ||= requestAnimationFrame(draw);
      }
      if (line.progress) progress(line.progress);
      if (line.worst) end = line;
    });
    if (!end) throw new Problem({ detail: "The examination broke off.", hint: "The log of the server says why." });
    finish(end, wanted);
    renew(location.pathname, "file-faults").catch((problem) => failed(problem, "Looking at the files"));
  } catch (error) {
    say(`No verdict: ${error.message}`);
    if (error.code === "busy") setTimeout(() => at("run").disabled || run(wanted), 3000);
    else failed(error, "Examining");
  } finally {
    verdict.removeAttribute("aria-busy");
    at("progress").hidden = true;
    for (const button of buttons) button.disabled = false;
  }
}

function say(text) {
  at("said").replaceChildren(el("strong", {}, visible(text, 300)));
}

function progress({ done, total }) {
  const bar = at("progress");
  bar.hidden = false;
  bar.max = Math.max(1, total);
  bar.value = done;
  say(`Reading files: ${count(done)} of ${count(total)}`);
}

function finish({ worst, severities }, wanted) {
  at("verdict").dataset.worst = worst;
  const all = Object.values(severities).reduce((sum, number) => sum + number, 0);
  const bad = (severities.error ?? 0) + (severities.warning ?? 0);
  say({ info: "All is well.", warning: `${plural(bad, "thing")} to look at.`, error: `${plural(severities.error ?? 0, "thing")} broken.` }[worst]);
  const names = { error: ["danger", "damage"], warning: ["warn", "worth a look"], info: ["good", "good to know"] };
  at("counts").replaceChildren(...Object.entries(names).filter(([severity]) => severities[severity])
    .map(([severity, [kind, name]]) => el("span", { class: `badge ${kind}` }, `${count(severities[severity])} ${name}`)));
  if (all > findings.length) at("counts").append(el("span", { class: "small soft" }, `the first ${count(findings.length)} are listed`));
  draw();
  const mended = findings.filter((one) => one.mended).length;
  if (wanted.repair) toast(mended ? `Repaired: ${plural(mended, "thing")}` : "There was nothing that can be repaired without asking.");
}

/** The findings in groups, those of one kind together. */
function draw() {
  frame = 0;
  const groups = GROUPS.map(([severity, title, meaning]) => {
    const found = findings.filter((one) => one.severity === severity);
    if (!found.length) return null;
    const kinds = Map.groupBy ? Map.groupBy(found, (one) => one.code) : grouped(found);
    return el("section", { class: `group ${severity}`, "aria-label": title },
      el("div", { class: "row" }, el("h2", {}, title), el("span", { class: "badge" }, count(found.length)), el("span", { class: "small soft" }, meaning)),
      el("ul", { class: "lines" }, [...kinds].map(([code, ones]) => kind(code, ones))));
  });
  at("findings").replaceChildren(...groups.filter(Boolean));
}

function grouped(found) {
  const kinds = new Map();
  for (const one of found) kinds.set(one.code, [...(kinds.get(one.code) ?? []), one]);
  return kinds;
}

function kind(code, found) {
  const hints = [...new Set(found.map((one) => one.hint).filter(Boolean))];
  const shared = hints.length === 1 && found.length > 1 ? hints[0] : null;
  const more = found.length - MOST_OF_A_KIND;
  return el("li", { class: "line finding" },
    el("div", { class: "line-main" }, el("code", {}, visible(code, 60)), found.length > 1 ? el("span", { class: "badge" }, count(found.length)) : null),
    el("ul", { class: "plain" }, found.slice(0, MOST_OF_A_KIND).map((one) => entry(one, shared)),
      more > 0 ? el("li", { class: "soft small" }, `and ${count(more)} more`) : null),
    shared ? hint(shared) : null);
}

function entry(finding, shared) {
  return el("li", {}, el("span", {}, linked(finding)), finding.hint && finding.hint !== shared ? hint(finding.hint) : null);
}

/** The message; the asset it is about is a link. */
function linked({ message, asset, path }) {
  const link = (name) => el("a", { href: `/a/${encodeURIComponent(asset)}` }, visible(name, 160));
  if (!asset) return visible(message, 400);
  const named = [path, asset].find((name) => name && message.includes(name));
  if (!named) return [visible(message, 400), " ", link(path ?? asset)];
  const place = message.indexOf(named);
  return [visible(message.slice(0, place), 400), link(named), visible(message.slice(place + named.length), 400)];
}

/** What to do: commands as such, and the button of this page where it does it. */
function hint(text) {
  const parts = visible(text, 400).split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part));
  const here = /doctor --repair/.test(text) && at("repair") ? " (here: “Repair what is safe”)" : null;
  return el("p", { class: "hint" }, parts, here);
}

at("run").addEventListener("click", () => run());
at("full")?.addEventListener("click", () => run({ full: true }));
at("repair")?.addEventListener("click", async () => {
  const text = "Indexes, thumbnails, marks of missing files and left-over files of Callsheet's own are put right. No picture and no tag is changed.";
  if (await confirmed("Repair what is safe", text, "Repair", { kind: "primary" })) run({ repair: true });
});
run();
