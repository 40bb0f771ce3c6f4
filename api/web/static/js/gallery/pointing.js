/** The mouse: a click selects, with Shift a range, with Ctrl one more; a drag draws a band around many. */

import { el } from "../dom.js";

const DRAG = 6; // pixels before a press becomes a drag
const EDGE = 40; // pixels at the rim, where the grid begins to scroll
const NOT_DRAGGED = "button, input, select, .tags";

export class Pointing {
  constructor(grid, selection, choose) {
    Object.assign(this, { grid, selection, choose });
    this.band = null;
    const { scroller } = grid;
    scroller.addEventListener("click", (event) => this.click(event));
    scroller.addEventListener("pointerdown", (event) => this.press(event));
    scroller.addEventListener("dragstart", (event) => event.preventDefault());
  }

  click(event) {
    const cell = event.target.closest(".cell")?.cell;
    if (!cell?.id || event.button !== 0) return;
    const index = this.grid.indexOf(cell);
    const isCheck = event.target.closest(".check") !== null;
    const isSelecting = isCheck || event.shiftKey || event.ctrlKey || event.metaKey || !this.selection.isEmpty;
    if (!isSelecting) {
      if (!event.target.closest("a")) this.grid.go(index);
      return;
    }
    event.preventDefault();
    if (event.shiftKey) this.choose.range(index);
    else this.choose.toggle(index);
  }

  press(event) {
    const { scroller } = this.grid;
    const isBar = event.offsetX > scroller.clientWidth && event.target === scroller;
    if (event.button !== 0 || event.pointerType !== "mouse" || isBar || event.target.closest(NOT_DRAGGED)) return;
    const start = this.place(event);
    const base = event.ctrlKey || event.metaKey || event.shiftKey ? [...this.selection.ids] : [];
    const move = (moved) => this.drag(moved, start, base);
    const end = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      if (this.band) this.drop();
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  }

  drag(event, start, base) {
    this.at = { clientX: event.clientX, clientY: event.clientY };
    const now = this.place(event);
    if (!this.band && Math.hypot(now.x - start.x, now.y - start.y) < DRAG) return;
    if (!this.band) {
      this.band = el("div", { class: "band", "aria-hidden": "true" });
      this.grid.canvas.after(this.band);
      document.body.classList.add("dragging");
      this.pull(start, base);
    }
    this.enclose(start, now, base);
  }

  enclose(start, now, base) {
    const area = { left: Math.min(start.x, now.x), right: Math.max(start.x, now.x), top: Math.min(start.y, now.y), bottom: Math.max(start.y, now.y) };
    const box = this.grid.scroller.getBoundingClientRect();
    Object.assign(this.band.style, {
      left: `${box.left + area.left}px`,
      top: `${Math.max(box.top, box.top + area.top - this.grid.top)}px`,
      width: `${area.right - area.left}px`,
      height: `${Math.max(0, Math.min(box.bottom, box.top + area.bottom - this.grid.top) - Math.max(box.top, box.top + area.top - this.grid.top))}px`,
    });
    this.selection.set([...base, ...this.grid.within(area).map((index) => this.grid.store.ids[index])]);
  }

  /** Scroll while the pointer is at the rim. */
  pull(start, base) {
    if (!this.band) return;
    const box = this.grid.scroller.getBoundingClientRect();
    const { clientY } = this.at;
    const speed = clientY < box.top + EDGE ? clientY - box.top - EDGE : clientY > box.bottom - EDGE ? clientY - box.bottom + EDGE : 0;
    if (speed) {
      this.grid.scrollTo(this.grid.top + speed / 2);
      this.enclose(start, this.place(this.at), base);
    }
    requestAnimationFrame(() => this.pull(start, base));
  }

  drop() {
    this.band.remove();
    this.band = null;
    document.body.classList.remove("dragging");
    const swallow = (event) => {
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
  }

  place({ clientX, clientY }) {
    const box = this.grid.scroller.getBoundingClientRect();
    return { x: clientX - box.left, y: clientY - box.top + this.grid.top };
  }
}
