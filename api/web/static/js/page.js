/** What every page has: the keys of the navigation, the list of keys, the theme, going out. */

import { openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { logOut, toLogin } from "./http.js";
import { areOff, key, keyMap, switchOff } from "./keys.js";
import { chooseTheme, chosenTheme, onTheme } from "./themes.js";
import { failed } from "./toast.js";

const NAMES = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Delete: "Del", Escape: "Esc" };

for (const link of document.querySelectorAll(".nav a[data-key]")) {
  key({ keys: `g ${link.dataset.key}`, label: link.textContent.trim(), group: "Go to", run: () => link.click() });
}
key({ keys: "?", label: "This list", group: "Help", run: showKeys });

/** The list of keys, from what is registered. */
export function showKeys() {
  const groups = [...keyMap()].map(([name, entries]) => el("section", {}, el("h3", {}, name), el("dl", {}, entries.map(row))));
  const off = el("input", { type: "checkbox", id: "keys-off", onchange: (event) => switchOff(event.target.checked) });
  off.checked = areOff();
  const choice = el("label", { class: "row small" }, off, "Switch off keys that are single letters");
  openDialog("Keys", [el("div", { class: "keys" }, groups), choice], { wide: true });
}

function row({ label, keys }) {
  const shown = keys.map((one) => one.split(" ").map((part) => el("kbd", {}, NAMES[part] ?? part.replace("Ctrl+", "Ctrl "))));
  return [el("dt", {}, label), el("dd", {}, shown.flatMap((each, index) => (index ? [" or ", ...each] : each)))];
}

const here = document.querySelector(".nav [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2;

document.getElementById("show-keys")?.addEventListener("click", showKeys);

const themes = document.getElementById("theme");
if (themes) {
  const shown = { light: "Light", dark: "Dark", auto: "Auto" };
  const say = () => {
    const chosen = chosenTheme();
    themes.setAttribute("aria-label", `Theme: ${shown[chosen]}`);
    themes.title = `Theme: ${shown[chosen]}`;
  };
  themes.addEventListener("click", () => chooseTheme({ auto: "light", light: "dark", dark: "auto" }[chosenTheme()]));
  onTheme(say);
  say();
}

document.getElementById("log-out")?.addEventListener("click", async () => {
  try {
    await logOut();
  } catch (error) {
    failed(error);
  }
});

// htmx asked for a piece and was refused: say so, as for every other call.
document.addEventListener("htmx:responseError", (event) => {
  let problem = {};
  try {
    problem = JSON.parse(event.detail.xhr.responseText);
  } catch {
    problem = { detail: `The server answered ${event.detail.xhr.status}.` };
  }
  if (event.detail.xhr.status === 401) toLogin();
  failed({ message: problem.detail, hint: problem.hint });
});
document.addEventListener("htmx:sendError", () => failed({ message: "The server cannot be reached." }));
