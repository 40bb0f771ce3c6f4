/** The theme of this browser: as the system has it, light, or dark. `theme.js` applies it before anything is painted. */

const PLACE = "callsheet:theme";
const changed = new EventTarget();

/** `auto`, `light` or `dark`. */
export function chosenTheme() {
  return document.documentElement.dataset.theme ?? "auto";
}

export function chooseTheme(name) {
  if (name === "auto") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(PLACE);
  } else {
    document.documentElement.dataset.theme = name;
    localStorage.setItem(PLACE, name);
  }
  changed.dispatchEvent(new Event("change"));
}

/** Be told when another one is chosen. */
export function onTheme(tell) {
  changed.addEventListener("change", tell);
}
