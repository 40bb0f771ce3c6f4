/** What is selected: some ids, or everything that a query finds but for some. */

/** Tells `change`. */
export class Selection extends EventTarget {
  constructor() {
    super();
    this.ids = new Set();
    this.query = null; // a text: everything that it finds
    this.except = new Set();
  }

  has(id) {
    return this.query === null ? this.ids.has(id) : !this.except.has(id);
  }

  /** How many, of so many that the query finds. */
  size(total) {
    return this.query === null ? this.ids.size : total - this.except.size;
  }

  get isEmpty() {
    return this.query === null && this.ids.size === 0;
  }

  toggle(id) {
    const [set, isIn] = this.query === null ? [this.ids, this.ids.has(id)] : [this.except, this.except.has(id)];
    if (isIn) set.delete(id);
    else set.add(id);
    this.tell();
  }

  /** Exactly these. */
  set(ids) {
    this.query = null;
    this.except.clear();
    this.ids = new Set(ids);
    this.tell();
  }

  add(ids) {
    for (const id of ids) {
      if (this.query === null) this.ids.add(id);
      else this.except.delete(id);
    }
    this.tell();
  }

  /** Everything that a query finds, wherever it is. */
  everything(query) {
    this.query = query;
    this.ids.clear();
    this.except.clear();
    this.tell();
  }

  clear() {
    if (!this.isEmpty) this.set([]);
  }

  /** Forget what is no longer to be seen: nothing is changed that nobody sees. */
  keep(ids) {
    if (this.query !== null || !this.ids.size) return;
    const present = new Set(ids);
    const kept = [...this.ids].filter((id) => present.has(id));
    if (kept.length !== this.ids.size) this.set(kept);
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }
}
