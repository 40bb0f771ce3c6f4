/** The query and the order: written in the field, picked from facets, kept in the address. */

import { termPicker } from "../autocomplete.js";
import { openDialog } from "../dialog.js";
import { el } from "../dom.js";

/** Tells `change` when there is another query to look for. */
export class Filters extends EventTarget {
  constructor(form) {
    super();
    this.form = form;
    this.field = form.elements.q;
    this.sort = form.elements.sort;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.push();
    });
    this.sort.addEventListener("change", () => this.push());
    this.field.addEventListener("search", () => this.field.value === "" && this.push());
    for (const button of document.querySelectorAll("[data-filter]")) {
      button.addEventListener("click", () => this.pick(button.dataset.filter, button.textContent.trim()));
    }
    for (const button of document.querySelectorAll("[data-term]")) {
      button.addEventListener("click", () => this.toggle(button.dataset.term));
    }
    termPicker(this.field, { word: { read: () => this.word().text, replace: (tag) => this.complete(tag) }, limit: 7 });
    addEventListener("popstate", () => {
      this.read();
      this.dispatchEvent(new Event("change"));
    });
    this.read();
  }

  /** The word that is being written, without signs before it; fields and what is in quotes are none. */
  word() {
    const end = this.field.selectionStart ?? this.field.value.length;
    const before = this.field.value.slice(0, end);
    const [text] = before.match(/[^\s(=-][^\s()]*$/) ?? [""];
    const isTag = text.length > 1 && !/^["@]|[<>*]|^(sort|rating|is|has|path|created|added):/.test(text) && before.split('"').length % 2 === 1;
    return { start: end - text.length, end, text: isTag ? text : "" };
  }

  complete(tag) {
    const { start, end } = this.word();
    const rest = this.field.value.slice(end);
    this.field.value = `${this.field.value.slice(0, start)}${tag}${rest.startsWith(" ") ? "" : " "}${rest}`;
    this.field.setSelectionRange(start + tag.length + 1, start + tag.length + 1);
  }

  /** What the address says. */
  read() {
    const query = new URLSearchParams(location.search);
    this.field.value = query.get("q") ?? "";
    this.sort.value = query.get("sort") ?? "";
    if (this.sort.selectedIndex < 0) this.sort.value = "";
    this.pressed();
  }

  /** Where the gallery stood, as the address says. */
  get at() {
    return new URLSearchParams(location.search).get("at");
  }

  get filter() {
    return this.field.value.trim();
  }

  /** The whole query, with the order. */
  get query() {
    return [this.filter, this.sort.value && !/(^|\s)sort:/.test(this.filter) ? `sort:${this.sort.value}` : ""].filter(Boolean).join(" ");
  }

  /** Another query: a step of the history. */
  push() {
    const wanted = this.address(null);
    if (wanted !== location.pathname + location.search) history.pushState(null, "", wanted);
    this.pressed();
    this.dispatchEvent(new Event("change"));
  }

  /** The place within it: no step of its own. */
  keep(id) {
    const wanted = this.address(id);
    if (wanted !== location.pathname + location.search) history.replaceState(null, "", wanted);
  }

  address(at) {
    const values = new URLSearchParams(Object.entries({ q: this.filter, sort: this.sort.value, at }).filter(([, value]) => value));
    return values.size ? `/?${values}` : "/";
  }

  set(query) {
    this.field.value = query;
    this.push();
  }

  /** Put a term in, or take it out. */
  toggle(term) {
    const words = this.filter.split(/\s+/).filter(Boolean);
    this.set((words.includes(term) ? words.filter((word) => word !== term) : [...words, term]).join(" "));
  }

  pick(namespace, name) {
    const input = el("input", { class: "input", "aria-label": name, placeholder: "Type to find" });
    let dialog;
    const onPick = (tag) => {
      dialog.close();
      this.toggle(tag);
    };
    openDialog(`Show: ${name}`, [el("div", { class: "stack" }, input)], {
      onOpen: (opened) => {
        dialog = opened;
        const picker = termPicker(input, { namespace, onPick, floating: false, mayBeNew: false });
        input.focus();
        picker.refresh();
      },
    });
  }

  pressed() {
    const words = this.filter.split(/\s+/);
    for (const button of document.querySelectorAll("[data-term]")) {
      button.setAttribute("aria-pressed", String(words.includes(button.dataset.term)));
    }
    for (const button of document.querySelectorAll("[data-filter]")) {
      const isOn = words.some((word) => word.startsWith(`${button.dataset.filter}:`));
      button.classList.toggle("on", isOn);
    }
  }
}
