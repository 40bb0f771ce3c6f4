/** Pieces of a page that the server wrote anew: fetched, put in place, and told of. */

import { Problem } from "./http.js";

const asked = new Map();

/**
 * Replace the elements of these ids by those that the page at `address` has; one that it lacks stays. Resolves to
 * whether they stand there: false when something newer was asked for meanwhile. Throws a `Problem`. The focus returns
 * to what has the same id as before, as far as that is still there.
 */
export async function renew(address, ...ids) {
  const name = ids.join(" ");
  asked.get(name)?.abort();
  const asking = new AbortController();
  asked.set(name, asking);
  const text = await page(address, asking.signal);
  if (text === null || asked.get(name) !== asking) return false;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const focused = document.activeElement?.id;
  for (const id of ids) {
    const [old, made] = [document.getElementById(id), fresh.getElementById(id)];
    if (!old || !made) continue;
    const node = document.importNode(made, true);
    old.replaceWith(node);
    window.htmx?.process(node);
  }
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  return true;
}

/** The text of a page; null when it is no longer wanted. */
async function page(address, signal) {
  let response;
  try {
    response = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin", cache: "no-store", signal });
    if (response.redirected && new URL(response.url).pathname === "/login") location.assign(response.url);
    if (response.ok) return await response.text();
  } catch (error) {
    if (error.name === "AbortError") return null;
    throw new Problem({ status: 0, code: "offline", detail: "The server cannot be reached." });
  }
  throw new Problem({ status: response.status, detail: `The server answered ${response.status}.` });
}
