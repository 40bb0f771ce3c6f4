/** Dialogs: the browser's own, with a heading, a way out and focus that comes back. */

import { el } from "./dom.js";

/**
 * Open a modal dialog with these children. `actions` are buttons `{label, run, kind}`; one whose `run` gives false keeps
 * it open. Resolves when it is closed. `onOpen(dialog)` may move the focus.
 */
export function openDialog(title, children, { actions = [], wide = false, onOpen = null } = {}) {
  const before = document.activeElement;
  const close = () => dialog.close();
  const heading = el("h2", { id: "dialog-title" }, title);
  const dismiss = el("button", { class: "button quiet", type: "button", "aria-label": "Close", onclick: close }, "×");
  const dialog = el("dialog", { class: wide ? "dialog wide" : "dialog", "aria-labelledby": "dialog-title" },
    el("div", { class: "dialog-head" }, heading, dismiss), el("div", { class: "dialog-body" }, children));
  if (actions.length) dialog.append(el("div", { class: "dialog-foot" }, actions.map((action) => button(action, close))));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) close();
  });
  document.body.append(dialog);
  dialog.showModal();
  onOpen?.(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      resolve();
    });
  });
}

function button({ label, run, kind = "" }, close) {
  const act = async () => {
    if ((await run?.()) !== false) close();
  };
  return el("button", { class: `button ${kind}`, type: "button", onclick: act }, label);
}

/** Ask before something that is hard to take back. Resolves to whether it shall be done. */
export async function confirmed(title, text, label, { kind = "danger" } = {}) {
  let answer = false;
  const yes = { label, kind, run: () => void (answer = true) };
  await openDialog(title, [el("p", {}, text)], { actions: [{ label: "Cancel" }, yes] });
  return answer;
}
