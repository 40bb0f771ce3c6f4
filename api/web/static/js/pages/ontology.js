/** The vocabulary: adding a term, renaming, merging, deprecating. What a change touches is shown before it is made. */

import { termPicker } from "../autocomplete.js";
import { openDialog } from "../dialog.js";
import { count, el, plural, visible } from "../dom.js";
import { post } from "../http.js";
import { toast } from "../toast.js";
import { key } from "../keys.js";

const LONGEST = 120;
const MOST_NAMED = 6;
let made = 0;

/** A field with its label and, where there is one, a hint. */
function field(label, input, hint = null) {
  input.id ||= `term-field-${++made}`;
  return el("div", { class: "field" }, el("label", { for: input.id }, label), input, hint ? el("p", { class: "hint" }, hint) : null);
}

const text = (value = "", attributes = {}) => {
  const input = el("input", { class: "input", autocomplete: "off", spellcheck: "false", autocapitalize: "off", ...attributes });
  input.value = value;
  return input;
};

/** A field for one term, which proposes those that there are and keeps what is chosen. */
function termField(value = "") {
  const input = text(value);
  const box = el("div", { class: "picker" }, input);
  termPicker(input, { onPick: (tag) => {
    input.value = tag;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  } });
  return { input, box };
}

const several = (value) => value.split(/[,\n]/).map((part) => part.trim()).filter(Boolean);

/**
 * A dialog for one change. `fields` are elements; `ask()` gives `{path, body}` or a text that says what lacks. Its main
 * button shows first what the change touches, and does it when that has been seen.
 */
function changeDialog(title, fields, ask, { label, onDone }) {
  const preview = el("div", { class: "preview", role: "status", "aria-live": "polite" });
  const main = el("button", { class: "button primary", type: "submit" }, "Preview");
  const form = el("form", { class: "stack" }, fields, preview, el("div", { class: "row form-foot" }, main));
  let seen = null;
  const forget = () => {
    seen = null;
    main.textContent = "Preview";
    preview.replaceChildren();
  };
  form.addEventListener("input", forget);
  form.addEventListener("change", forget);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const asked = ask();
    if (typeof asked === "string") return void preview.replaceChildren(el("p", { class: "notice" }, asked));
    const wanted = JSON.stringify(asked);
    const isSeen = seen === wanted;
    main.disabled = true;
    try {
      const { data } = await post(asked.path, { ...asked.body, dry_run: !isSeen });
      if (isSeen) {
        form.closest("dialog").close();
        onDone(data);
        return;
      }
      seen = wanted;
      main.textContent = label;
      preview.replaceChildren(touched(data));
    } catch (problem) {
      preview.replaceChildren(fault(problem));
    } finally {
      main.disabled = false;
    }
  });
  return openDialog(title, [form], { onOpen: () => form.querySelector("input:not([type=radio])")?.focus() });
}

function fault(problem) {
  return el("div", { class: "fault", role: "alert" }, el("p", {}, el("strong", {}, visible(problem.detail, 600))),
    problem.hint ? el("p", { class: "small" }, visible(problem.hint, 600)) : null);
}

/** What a change touches, in a list. */
function touched(change) {
  const named = (items) => {
    const shown = items.slice(0, MOST_NAMED).map((item) => visible(item, LONGEST)).join(", ");
    return items.length > MOST_NAMED ? `${shown} and ${count(items.length - MOST_NAMED)} more` : shown;
  };
  const pictures = change.assets.total || change.rejected
    ? el("li", {}, `${plural(change.assets.total, "asset")} tagged anew`, change.rejected ? `, ${plural(change.rejected, "asset")} where it was turned down` : "") : null;
  const lists = [["file", change.files], ["action block", change.blocks], ["scene", change.scenes], ["spec", change.specs], ["saved search", change.searches]];
  const lines = lists.filter(([, items]) => items.length)
    .map(([name, items]) => el("li", {}, `${plural(items.length, name, name.endsWith("ch") ? `${name}es` : `${name}s`)}: ${named(items)}`));
  const notices = change.notices.map((notice) => el("li", {}, visible(notice, 400)));
  const all = [pictures, ...lines, ...notices].filter(Boolean);
  return el("div", { class: "card" }, el("p", { class: "label" }, "This changes"), all.length ? el("ul", { class: "plain small" }, all) : el("p", {}, "nothing"));
}

function done(said) {
  return (change) => {
    const undo = { label: "Undo", run: async () => {
      try {
        await post("/v1/undo", { batch: change.batch });
        toast("Undone");
        setTimeout(refresh, 1200); // the server looks at its files once a second
      } catch (problem) {
        toast(problem.detail, { kind: "error", hint: problem.hint });
      }
    } };
    toast(said(change), { action: change.batch === null ? null : undo });
    refresh();
  };
}

/** Show the list as it is now. */
function refresh() {
  const orphans = document.getElementById("orphans");
  window.htmx?.ajax("GET", location.pathname + location.search, { target: "#terms" });
  window.htmx?.ajax("GET", "/ontology/orphans", { target: orphans });
}

/* adding */

export function addTerm(id = "") {
  const inputs = { id: text(id, { required: true, placeholder: "npc:mara" }), label: text("", { placeholder: "Mara" }), aliases: text(), keywords: text() };
  const kind = el("select", { class: "input" }, [["", "–"], ["hero", "hero"], ["npc", "npc"], ["monster", "monster"]].map(([value, name]) => el("option", { value }, name)));
  const wider = termField();
  const fields = [
    field("Id", inputs.id, "namespace:value, of a-z, 0-9, _ and inner hyphens"),
    field("Label", inputs.label),
    field("Kind of character", kind, "For npc: terms alone; npc where none is chosen."),
    el("div", { class: "field" }, el("label", { for: (wider.input.id = `term-field-${++made}`) }, "Wider term"), wider.box),
    field("Aliases", inputs.aliases, "Other ids for the same, with commas between them."),
    field("Keywords", inputs.keywords, "Words of a prompt by which it is found, with commas between them."),
  ];
  const ask = () => {
    if (!inputs.id.value.trim()) return "Name the id.";
    const body = { id: inputs.id.value.trim(), aliases: several(inputs.aliases.value), keywords: several(inputs.keywords.value), broader: several(wider.input.value) };
    if (inputs.label.value.trim()) body.label = inputs.label.value.trim();
    if (kind.value) body.kind = kind.value;
    return { path: "/v1/ontology/terms", body };
  };
  return changeDialog("Add a term", fields, ask, { label: "Add the term", onDone: done((change) => `Added ${change.term}`) });
}

/* changing */

function changeTerm(term, { isOrphan = false, near = "" } = {}) {
  const acts = isOrphan ? [["rename", "Rename it"]] : [["rename", "Rename it"], ["merge", "Merge it into another term"], ["deprecate", "Deprecate it"]];
  const choices = acts.map(([value, name], index) => {
    const radio = el("input", { type: "radio", name: "act", value });
    radio.checked = index === 0;
    return el("label", { class: "row" }, radio, name);
  });
  const act = () => choices.map((choice) => choice.querySelector("input")).find((radio) => radio.checked).value;
  const renamed = text(near || (isOrphan ? "" : term));
  const other = termField();
  other.input.id = `term-field-${++made}`;
  const alias = el("input", { type: "checkbox" });
  alias.checked = true;
  const keep = el("label", { class: "row" }, alias, "Keep the old id as an alias");
  const label = el("label", { for: other.input.id });
  const names = { merge: "The term that stays", deprecate: "The term to use instead, if any" };
  const ofRename = field("New id", renamed);
  const ofOther = el("div", { class: "field" }, label, other.box);
  const show = () => {
    ofRename.hidden = act() !== "rename";
    keep.hidden = act() !== "rename" || isOrphan;
    ofOther.hidden = act() === "rename";
    label.textContent = names[act()] ?? "";
  };
  for (const choice of choices) choice.addEventListener("change", show);
  show();
  const fields = [
    acts.length > 1 ? el("fieldset", { class: "choice" }, el("legend", { class: "visually-hidden" }, "What to do"), choices) : null,
    ofRename, keep, ofOther,
  ];
  const ask = () => {
    const to = (act() === "rename" ? renamed : other.input).value.trim();
    if (!to && act() !== "deprecate") return act() === "rename" ? "Name the new id." : "Name the term that stays.";
    const bodies = {
      rename: { path: "/v1/ontology/rename", body: { old: term, new: to, keep_alias: alias.checked && !isOrphan } },
      merge: { path: "/v1/ontology/merge", body: { old: term, into: to } },
      deprecate: { path: "/v1/ontology/deprecate", body: to ? { term, replaced_by: to } : { term } },
    };
    return bodies[act()];
  };
  const said = (change) => ({ rename: `${change.term} is ${change.to} now`, merge: `${change.term} goes on as ${change.to}`, deprecate: `${change.term} is deprecated` })[change.action] ?? "Done";
  return changeDialog(`Change ${visible(term, LONGEST)}`, fields, ask, { label: "Do it", onDone: done(said) });
}

document.getElementById("add-term")?.addEventListener("click", () => addTerm());
document.addEventListener("click", (event) => {
  const change = event.target.closest("[data-change]");
  if (change) changeTerm(change.dataset.change, { isOrphan: "orphan" in change.dataset, near: change.dataset.near ?? "" });
  const declare = event.target.closest("[data-declare]");
  if (declare) addTerm(declare.dataset.declare);
});
key({ keys: "/", label: "Filter", group: "Look", run: () => document.querySelector("#term-filter [name=q]").select() });
if (document.getElementById("add-term")) key({ keys: "+", label: "Add a term", group: "Change", run: () => addTerm() });
