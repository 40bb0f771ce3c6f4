/** The picture over the whole window: zoom by wheel, keys and buttons, move by dragging, go on to what stands beside. */

import { el, icon, visible } from "../dom.js";

const LARGEST = 16;
const STEP = 1.25;
const PIXELS = 60; // that an arrow key moves a picture which is larger than the window

export class Lightbox {
  constructor(asset, { go, has }) {
    Object.assign(this, { asset, go, has });
    this.dialog = null;
  }

  open() {
    if (this.dialog) return;
    const name = visible(this.asset.name, 120);
    this.image = el("img", { src: document.getElementById("picture").src, alt: name, draggable: "false" });
    this.shown = el("output", { class: "zoom", "aria-live": "polite" });
    const button = (label, run, content) => el("button", { class: "button quiet", type: "button", "aria-label": label, title: label, onclick: run }, content);
    this.stage = el("div", { class: "stage" }, this.image);
    this.dialog = el("dialog", { class: "lightbox", "aria-label": name },
      this.stage,
      el("div", { class: "controls" },
        this.has("previous") ? button("Previous picture", () => this.go("previous"), icon("left")) : null,
        button("Smaller", () => this.zoom(1 / STEP), "−"), this.shown, button("Larger", () => this.zoom(STEP), "+"),
        button("Fit", () => this.fit(), "Fit"), button("Full size", () => this.actual(), "1:1"),
        this.has("next") ? button("Next picture", () => this.go("next"), icon("right")) : null,
        button("Close", () => this.dialog.close(), icon("close"))));
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.dialog.addEventListener("close", () => this.closed());
    this.dialog.addEventListener("keydown", (event) => this.pressed(event));
    this.stage.addEventListener("wheel", (event) => this.turned(event), { passive: false });
    this.stage.addEventListener("pointerdown", (event) => this.grabbed(event));
    this.stage.addEventListener("dblclick", () => (this.scale === 1 ? this.actual() : this.fit()));
    this.fit();
  }

  closed() {
    this.dialog.remove();
    this.dialog = null;
    if (location.hash === "#full") history.replaceState(history.state, "", location.pathname + location.search);
    document.getElementById("open-full")?.focus();
  }

  fit() {
    Object.assign(this, { scale: 1, x: 0, y: 0 });
    this.draw();
  }

  /** One pixel of the picture on one of the screen. */
  actual() {
    const { naturalWidth, clientWidth } = this.image;
    this.fit();
    if (clientWidth) this.zoom(naturalWidth / clientWidth);
  }

  /** Larger or smaller, so that the point at `x`, `y` (from the middle) stays where it is. */
  zoom(factor, x = 0, y = 0) {
    const before = this.scale;
    this.scale = Math.max(1 / LARGEST, Math.min(LARGEST, before * factor));
    const ratio = this.scale / before;
    this.x = x - (x - this.x) * ratio;
    this.y = y - (y - this.y) * ratio;
    this.draw();
  }

  draw() {
    this.image.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.shown.textContent = `${Math.round(this.scale * 100)} %`;
  }

  turned(event) {
    event.preventDefault();
    const box = this.stage.getBoundingClientRect();
    this.zoom(event.deltaY < 0 ? STEP : 1 / STEP, event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2);
  }

  grabbed(event) {
    if (event.button !== 0) return;
    const [startX, startY] = [event.clientX - this.x, event.clientY - this.y];
    const move = (moved) => {
      Object.assign(this, { x: moved.clientX - startX, y: moved.clientY - startY });
      this.draw();
    };
    this.stage.setPointerCapture(event.pointerId);
    this.stage.addEventListener("pointermove", move);
    const end = () => this.stage.removeEventListener("pointermove", move);
    this.stage.addEventListener("pointerup", end, { once: true });
    this.stage.addEventListener("pointercancel", end, { once: true });
  }

  pressed(event) {
    const moves = { ArrowUp: [0, PIXELS], ArrowDown: [0, -PIXELS], ArrowLeft: [PIXELS, 0], ArrowRight: [-PIXELS, 0] }[event.key];
    const acts = { "+": () => this.zoom(STEP), "=": () => this.zoom(STEP), "-": () => this.zoom(1 / STEP), 0: () => this.fit(), 1: () => this.actual() };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (acts[event.key]) acts[event.key]();
    else if (moves && this.scale > 1) {
      this.x += moves[0];
      this.y += moves[1];
      this.draw();
    } else if (event.key === "ArrowLeft" || event.key === "k") this.go("previous");
    else if (event.key === "ArrowRight" || event.key === "j") this.go("next");
    else return;
    event.preventDefault();
  }
}
