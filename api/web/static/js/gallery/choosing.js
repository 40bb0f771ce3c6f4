/** Choosing by index: one, a range from where the last choice was, everything. */

export class Choosing {
  constructor(grid, selection) {
    Object.assign(this, { grid, selection });
    this.from = 0;
  }

  toggle(index = this.grid.active) {
    const id = this.grid.store.ids[index];
    if (!id) return;
    this.from = index;
    this.selection.toggle(id);
    this.grid.go(index);
  }

  /** From the last choice to here, and nothing else. */
  range(index) {
    const [first, last] = [Math.min(this.from, index), Math.max(this.from, index)];
    this.selection.set(this.grid.store.ids.slice(first, last + 1));
    this.grid.go(index);
  }

  /** Move, and with `extend` take along what lies between. */
  move(by, extend) {
    const index = this.grid.active + by;
    if (index < 0 || index >= this.grid.store.ids.length) return;
    if (!extend) {
      this.from = index;
      this.grid.go(index);
    } else {
      if (this.selection.isEmpty) this.from = this.grid.active;
      this.range(index);
    }
  }

  /** Everything that the query finds. */
  all() {
    if (this.grid.store.ids.length) this.selection.everything(this.grid.store.query);
  }
}
