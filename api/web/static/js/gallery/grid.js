/** The grid: as many rows as are in sight, whatever there are; one tab stop; focus that survives scrolling. */

import { el } from "../dom.js";
import { Cell } from "./cell.js";
import { Scale } from "./scale.js";

const GAP = 12;
const CAPTION = 78; // pixels below the picture: name, two lines of chips
const BEYOND = 0.6; // of a window, drawn above and below what is in sight

/** Tells `active` (another cell) and `scrolled` (it came to rest). `scroller` holds an element with role grid. */
export class Grid extends EventTarget {
  constructor(scroller, canvas, store, selection) {
    super();
    Object.assign(this, { scroller, canvas, store, selection });
    this.size = 150;
    this.active = 0;
    this.rows = new Map();
    this.spare = [];
    this.top = 0; // of the window, in the rows
    this.expected = 0; // where the scroll bar is because of us
    this.frame = 0;
    scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    scroller.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("focusin", (event) => this.focused(event));
    new ResizeObserver(() => this.layout()).observe(scroller);
    store.addEventListener("cards", () => this.draw());
    selection.addEventListener("change", () => this.draw());
    this.layout();
  }

  /** Measure anew, and keep what was on top on top. */
  layout(anchor = this.anchor()) {
    const hadFocus = this.hasFocus;
    const width = this.scroller.clientWidth - 2 * GAP;
    this.columns = Math.max(1, Math.floor((width + GAP) / (this.size + GAP)));
    this.cellWidth = (width - GAP * (this.columns - 1)) / this.columns;
    this.rowHeight = Math.round(this.cellWidth + CAPTION + GAP);
    this.view = this.scroller.clientHeight;
    this.rowCount = Math.ceil(this.store.ids.length / this.columns);
    this.scale = new Scale(this.rowCount * this.rowHeight + GAP, this.view);
    this.canvas.style.height = `${this.scale.height}px`;
    this.canvas.style.setProperty("--columns", this.columns);
    this.canvas.style.setProperty("--row", `${this.rowHeight - GAP}px`);
    this.canvas.setAttribute("aria-rowcount", String(this.rowCount));
    this.canvas.setAttribute("aria-colcount", String(this.columns));
    this.active = Math.max(0, Math.min(this.active, this.store.ids.length - 1));
    this.scrollTo(anchor ? Math.floor(anchor.index / this.columns) * this.rowHeight + anchor.offset : this.top);
    this.render();
    if (hadFocus && !this.hasFocus) this.go(this.active);
  }

  /** What is on top: its index, and how far it is scrolled out. */
  anchor() {
    if (!this.rowHeight || this.top === 0) return null;
    const row = Math.floor(this.top / this.rowHeight);
    return { index: row * this.columns, offset: this.top - row * this.rowHeight };
  }

  scrolled() {
    const at = this.scroller.scrollTop;
    if (!this.scale.isCompressed) this.top = at;
    else if (Math.abs(at - this.expected) > 1) this.top = this.scale.rows(at);
    this.expected = at;
    this.draw();
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.dispatchEvent(new Event("scrolled")), 250);
  }

  /** In compressed space a turn of the wheel moves the rows as far as it does elsewhere. */
  wheel(event) {
    if (!this.scale.isCompressed || event.ctrlKey) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 40 : event.deltaMode === 2 ? this.view : 1;
    this.scrollTo(this.top + event.deltaY * unit);
  }

  scrollTo(top) {
    this.top = this.scale.clamp(top);
    this.expected = Math.round(this.scale.scroll(this.top));
    if (Math.abs(this.scroller.scrollTop - this.expected) >= 1) this.scroller.scrollTop = this.expected;
    this.draw();
  }

  draw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.render();
    });
  }

  render() {
    const spread = Math.ceil((this.view * BEYOND) / this.rowHeight);
    const first = Math.max(0, Math.floor(this.top / this.rowHeight) - spread);
    const last = Math.min(this.rowCount - 1, Math.floor((this.top + this.view) / this.rowHeight) + spread);
    const activeRow = Math.floor(this.active / this.columns);
    const needed = new Set(this.rowCount ? [activeRow] : []);
    for (let row = first; row <= last; row += 1) needed.add(row);
    for (const [index, row] of this.rows) {
      if (!needed.has(index)) {
        this.rows.delete(index);
        this.spare.push(row);
      }
    }
    for (const index of needed) this.place(index);
    for (const row of this.spare.splice(0)) row.element.remove();
    this.order();
    this.store.want(this.store.ids.slice(first * this.columns, (last + 1) * this.columns));
  }

  place(index) {
    let row = this.rows.get(index);
    if (!row) {
      row = this.spare.pop() ?? { element: el("div", { class: "grid-row", role: "row" }), cells: [] };
      row.element.setAttribute("aria-rowindex", String(index + 1));
      this.rows.set(index, row);
    }
    while (row.cells.length < this.columns) {
      row.cells.push(new Cell(this.store));
      row.element.append(row.cells.at(-1).element);
    }
    while (row.cells.length > this.columns) row.cells.pop().element.remove();
    const offset = this.scale.isCompressed ? this.scroller.scrollTop - this.top : 0;
    row.element.style.transform = `translateY(${Math.round(index * this.rowHeight + GAP + offset)}px)`;
    row.cells.forEach((cell, column) => {
      const at = index * this.columns + column;
      const id = this.store.ids[at] ?? null;
      cell.fill(id, id === null ? undefined : (this.store.asset(id) ?? undefined), this.cellWidth);
      cell.mark({ isSelected: id !== null && this.selection.has(id), isActive: at === this.active, column });
    });
  }

  /** Rows stand in the document as they do on the screen; the one with the focus is never moved, or it would lose it. */
  order() {
    let next = this.canvas.firstChild;
    for (const index of [...this.rows.keys()].sort((a, b) => a - b)) {
      const { element } = this.rows.get(index);
      if (element.contains(document.activeElement)) {
        while (next !== null && next !== element && element.parentNode) {
          const after = next.nextSibling;
          this.canvas.append(next);
          next = after;
        }
      }
      if (element === next) next = element.nextSibling;
      else this.canvas.insertBefore(element, next);
    }
  }

  /** The cell at an index, if it is drawn. */
  cell(index) {
    return this.rows.get(Math.floor(index / this.columns))?.cells[index % this.columns];
  }

  get activeId() {
    return this.store.ids[this.active] ?? null;
  }

  get hasFocus() {
    return this.canvas.contains(document.activeElement);
  }

  /** Make a cell the one that keys are about, show it and give it the focus. */
  go(index, { focus = true } = {}) {
    if (!this.store.ids.length) return;
    this.active = Math.max(0, Math.min(index, this.store.ids.length - 1));
    const above = Math.floor(this.active / this.columns) * this.rowHeight;
    if (above < this.top) this.scrollTo(above);
    else if (above + this.rowHeight + GAP > this.top + this.view) this.scrollTo(above + this.rowHeight + GAP - this.view);
    this.render();
    if (focus) this.cell(this.active)?.element.focus({ preventScroll: true });
    this.dispatchEvent(new Event("active"));
  }

  focused(event) {
    const cell = event.target.closest(".cell")?.cell;
    if (!cell?.id) return;
    const index = this.indexOf(cell);
    if (index !== this.active) {
      this.active = index;
      this.draw();
      this.dispatchEvent(new Event("active"));
    }
  }

  indexOf(cell) {
    const row = Number(cell.element.parentNode.getAttribute("aria-rowindex")) - 1;
    return row * this.columns + Number(cell.element.getAttribute("aria-colindex")) - 1;
  }

  /** The indices whose cells touch a rectangle, in pixels of the rows. */
  within({ left, right, top, bottom }) {
    const found = [];
    const step = this.cellWidth + GAP;
    const columns = [Math.max(0, Math.floor((left - GAP) / step)), Math.min(this.columns - 1, Math.floor((right - GAP) / step))];
    const rows = [Math.max(0, Math.floor((top - GAP) / this.rowHeight)), Math.floor((bottom - GAP) / this.rowHeight)];
    for (let row = rows[0]; row <= rows[1]; row += 1) {
      for (let column = columns[0]; column <= columns[1]; column += 1) {
        const index = row * this.columns + column;
        if (index < this.store.ids.length) found.push(index);
      }
    }
    return found;
  }
}
