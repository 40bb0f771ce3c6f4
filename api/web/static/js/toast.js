/** Short messages at the edge of the page, read out by screen readers. */

import { el, visible } from "./dom.js";

const SECONDS = { info: 6, error: 12 };
const MOST = 4;

/**
 * Show a message. `action` is `{label, run}`. It stays while the pointer or the focus is on it.
 * The element is a popover, so that it stands above an open dialog.
 */
export function toast(message, { kind = "info", hint = null, action = null } = {}) {
  const list = document.getElementById("toasts");
  const item = el("div", { class: `toast ${kind}` }, el("p", {}, visible(message), hint ? el("span", { class: "soft" }, visible(hint)) : null));
  const close = () => {
    item.remove();
    if (!list.children.length && list.matches(":popover-open")) list.hidePopover();
  };
  if (action) {
    const run = () => {
      close();
      action.run();
    };
    item.append(el("button", { class: "button", type: "button", onclick: run }, action.label));
  }
  item.append(el("button", { class: "button quiet", type: "button", "aria-label": "Dismiss", onclick: close }, "×"));
  list.append(item);
  while (list.children.length > MOST) list.firstElementChild.remove();
  if (list.matches(":popover-open")) list.hidePopover();
  list.showPopover();
  fade(item, close, SECONDS[kind] ?? SECONDS.info);
  return close;
}

/** A problem of `http.js` (or any error) as a message; `what` says what was tried. Gives what closes it. */
export function failed(error, what = null, action = null) {
  if (error?.name === "AbortError") return () => {};
  const message = what ? `${what}: ${error.message}` : error.message;
  return toast(message, { kind: "error", hint: error.hint ?? null, action });
}

/** Say something to screen readers alone. */
export function announce(message) {
  const region = document.getElementById("announcer");
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = visible(message)));
}

function fade(item, close, seconds) {
  let timer = setTimeout(close, seconds * 1000);
  const hold = () => clearTimeout(timer);
  const go = () => {
    clearTimeout(timer);
    timer = setTimeout(close, (seconds * 1000) / 2);
  };
  item.addEventListener("pointerenter", hold);
  item.addEventListener("focusin", hold);
  item.addEventListener("pointerleave", go);
  item.addEventListener("focusout", go);
}
