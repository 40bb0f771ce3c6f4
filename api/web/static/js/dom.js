/** Elements made by hand: every text is text, never markup. */

/** An element with attributes (`class`, `data-…`, `on…` functions; null leaves one out) and children. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

/** An icon of the sprite in the page (`templates/icons.html`). */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]|(?! )\p{Zs}/gu;

function escaped(char) {
  const code = char.codePointAt(0);
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

/** Foreign text as it may be shown: what cannot be seen or turns the direction is escaped (`ontology.escaping`). */
export function visible(text, limit = Infinity) {
  const whole = String(text);
  const cut = whole.length > limit ? `${whole.slice(0, limit)}…` : whole;
  return cut.replace(UNSEEN, escaped);
}

/** As `visible`, and its line ends stay. */
export function visibleLines(text, limit = Infinity) {
  return String(text).slice(0, limit).split(/\r?\n/).map((line) => visible(line)).join("\n");
}

const numbers = new Intl.NumberFormat("en");

/** A count for people: `4,312`. */
export function count(value) {
  return numbers.format(value);
}

/** `1 asset`, `4,312 assets`. */
export function plural(value, one, several = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : several}`;
}
