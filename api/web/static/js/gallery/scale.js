/** Between the height that the rows have and the height that a browser can scroll. */

export const TALLEST = 10_000_000; // pixels; browsers end between 16 and 33 million

/** `total` is the height of all rows, `view` that of the window onto them. */
export class Scale {
  constructor(total, view) {
    this.total = total;
    this.view = view;
    this.height = Math.min(total, TALLEST);
    this.factor = total > TALLEST ? (total - view) / (TALLEST - view) : 1;
  }

  get isCompressed() {
    return this.factor !== 1;
  }

  /** The place in the rows at a place of the scroll bar. */
  rows(scroll) {
    return scroll * this.factor;
  }

  scroll(rows) {
    return rows / this.factor;
  }

  clamp(rows) {
    return Math.max(0, Math.min(rows, this.total - this.view));
  }
}
