/** Pieces of pages that the server writes, fetched by a script. They come as nodes of a parsed document, never as markup. */

import { Problem } from "../http.js";

/** The elements at the top of the piece at `path`. Throws a `Problem` where the server refuses. */
export async function fragment(path) {
  let response;
  try {
    response = await fetch(path, { headers: { "HX-Request": "true", Accept: "text/html" }, credentials: "same-origin", cache: "no-store" });
  } catch {
    throw new Problem({ status: 0, code: "offline", detail: "The server cannot be reached.", hint: "Is callsheet serve running?" });
  }
  if (!response.ok) throw new Problem({ status: response.status, detail: `The server answered ${response.status}.` });
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  return [...parsed.body.children].map((node) => document.adoptNode(node));
}

/** Let htmx see nodes that a script put into the page. */
export function awaken(node) {
  window.htmx?.process(node);
}
