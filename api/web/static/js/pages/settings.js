/** What a person chose in this browser: theme, keys, tag sets. The rest of the page is to look at. */

import { chips } from "../chips.js";
import { el } from "../dom.js";
import { DIGITS, readSets, showSets } from "../gallery/tag_sets.js";
import { areOff, switchOff } from "../keys.js";
import { chooseTheme, chosenTheme, onTheme } from "../themes.js";

const radios = [...document.querySelectorAll("[name=theme]")];
const say = () => radios.forEach((radio) => (radio.checked = radio.value === chosenTheme()));
for (const radio of radios) radio.addEventListener("change", () => chooseTheme(radio.value));
onTheme(say);
say();

const keys = document.getElementById("single-keys");
keys.checked = !areOff();
keys.addEventListener("change", () => switchOff(!keys.checked));

function sets() {
  const known = readSets();
  const filled = DIGITS.filter((digit) => known[digit]?.length);
  const rows = filled.map((digit) => el("li", { class: "row" }, el("kbd", {}, digit), chips(known[digit])));
  document.getElementById("sets").replaceChildren(...(rows.length ? rows : [el("li", { class: "hint" }, "None is filled yet.")]));
}
sets();
document.getElementById("change-sets").addEventListener("click", async () => {
  await showSets();
  sets();
});
addEventListener("storage", sets);
