/** A field that proposes terms of the vocabulary: label, the alias landed on, how many pictures have it. */

import { chip } from "./chips.js";
import { count, el, visible } from "./dom.js";
import { get, url } from "./http.js";

const WAIT = 80; // milliseconds after the last letter
let made = 0;

/**
 * Make a picker out of an `<input>` (APG combobox with a list). `onPick(tag)` gets the id chosen, or what was written
 * where nothing of the list is taken and `mayBeNew`; `namespace` keeps to one; `floating: false` leaves the list in the
 * flow. With `word` (`{read, replace}`) the field is a longer text of which one word is completed; Enter is its own then,
 * unless something was marked. Gives `{refresh, clear, busy}`; `busy()` is a promise while
 * an Enter is being answered.
 */
export function termPicker(input, { onPick, namespace = null, mayBeNew = true, floating = true, limit = 12, word = null }) {
  const id = `options-${++made}`;
  const list = el("ul", { class: floating ? "options floating" : "options", role: "listbox", id, "aria-label": "Terms", hidden: true });
  const status = el("span", { class: "visually-hidden", role: "status" });
  input.after(list, status);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false", autocomplete: "off", spellcheck: "false" })) {
    input.setAttribute(name, value);
  }
  const state = { terms: [], at: -1, timer: 0, asked: null, answered: null, busy: null };

  const read = () => (word ? word.read() : input.value);
  const show = () => {
    list.replaceChildren(...state.terms.map((term, index) => option(term, index, id, () => pick(index))));
    list.hidden = !state.terms.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(state.terms.length && !word && (namespace || input.value.trim()) ? 0 : -1);
    status.textContent = state.terms.length ? `${state.terms.length} terms` : "no such term";
  };
  const mark = (at) => {
    state.at = at;
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", `${id}-${at}`);
      list.children[at].scrollIntoView({ block: "nearest" });
    }
  };
  const pick = (index, written = input.value.trim()) => {
    const term = state.terms[index];
    if (word) {
      close();
      if (term) word.replace(term.id);
      return;
    }
    if (!term && !(mayBeNew && written)) return;
    clear();
    onPick(term ? term.id : namespace && !written.includes(":") ? `${namespace}:${written}` : written, term ?? null);
  };
  const close = () => {
    clearTimeout(state.timer);
    state.asked?.abort();
    state.asked = null;
    state.terms = [];
    list.replaceChildren();
    state.answered = null;
    list.hidden = true;
    mark(-1);
    input.setAttribute("aria-expanded", "false");
  };
  const clear = () => {
    input.value = "";
    close();
  };
  const ask = async () => {
    state.asked?.abort();
    const asked = (state.asked = new AbortController());
    const written = read();
    if (word && !written) return close();
    try {
      const found = await get(url("/v1/tags", { q: written, namespace, limit }), { signal: asked.signal });
      if (state.asked !== asked) return;
      state.terms = found.data.tags;
      state.answered = written;
      show();
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };
  const soon = () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(ask, WAIT);
  };
  /** Take what is marked, or with `literally` what was written; what was written last is asked for first. */
  const enter = async (literally) => {
    clearTimeout(state.timer);
    const written = read();
    if (!literally && !word && written !== state.answered) await ask();
    const later = !word && input.value.startsWith(written) ? input.value.slice(written.length) : "";
    pick(literally ? -1 : state.at, written.trim());
    if (later && !input.value) {
      input.value = later;
      soon();
    }
  };

  input.addEventListener("input", () => {
    if (word) mark(-1); // what was marked belongs to another word
    if (!state.busy) soon(); // else what Enter was about is still being asked for
  });
  input.addEventListener("blur", () => floating && setTimeout(() => document.activeElement === input || state.busy || close(), 150));

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const moves = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (moves && state.terms.length) mark((state.at + moves + state.terms.length) % state.terms.length);
    else if (moves && !word) ask();
    else if (event.key === "Enter" && word && state.at < 0) return close();
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      state.busy ??= enter(event.shiftKey).finally(() => (state.busy = null));
    } else if (event.key === "Escape" && !list.hidden && floating) close();
    else return;
    event.preventDefault();
  });
  return { refresh: ask, clear, busy: () => state.busy };
}

function option(term, index, list, pick) {
  const via = term.via && term.via !== term.id && term.via !== term.label ? ` (${visible(term.via, 60)})` : "";
  return el("li", { class: "option", role: "option", id: `${list}-${index}`, "aria-selected": "false", onpointerdown: (event) => event.preventDefault(), onclick: pick },
    chip(term.id), el("span", { class: "name" }, visible(term.label ?? "", 80) + via),
    term.count === undefined ? null : el("span", { class: "count" }, count(term.count)));
}
