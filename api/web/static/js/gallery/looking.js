/** Acts that change nothing: copying what assets are, comparing two. */

import { chips } from "../chips.js";
import { openDialog } from "../dialog.js";
import { el, plural, visible } from "../dom.js";
import { get } from "../http.js";
import { lengthText } from "../lengths.js";
import { failed, toast } from "../toast.js";

const MOST = 50;

/** Put a text on the clipboard; where the browser forbids it, show it to be copied by hand. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`Copied ${what}`);
  } catch {
    const area = el("textarea", { class: "input mono", readonly: true, "aria-label": what });
    area.value = text;
    openDialog(`Copy ${what}`, [area], { onOpen: () => area.select() });
  }
}

export function copyIds(ids) {
  if (ids.length) copy(ids.join("\n"), ids.length === 1 ? "the id" : plural(ids.length, "id"));
}

/** The prompts of assets that have one. */
export async function copyPrompts(ids) {
  const found = await details(ids);
  const prompts = found?.map((asset) => asset.generation?.prompt).filter(Boolean);
  if (!found) return;
  if (prompts.length) copy(prompts.join("\n\n"), prompts.length === 1 ? "the prompt" : plural(prompts.length, "prompt"));
  else toast("No prompt is known for this.", { hint: "Prompts are read from what generators write into files." });
}

export async function copyJson(ids) {
  const found = await details(ids);
  if (found) copy(JSON.stringify(found.length === 1 ? found[0] : found, null, 2), "the JSON");
}

async function details(ids) {
  if (ids.length > MOST) {
    toast(`That is for ${MOST} assets at most.`, { kind: "error" });
    return null;
  }
  try {
    return (await Promise.all(ids.map((id) => get(`/v1/assets/${id}`)))).map(({ data }) => data);
  } catch (error) {
    failed(error, "Copy");
    return null;
  }
}

/** What shows an asset: its file, or of a sound the waveform. */
const PICTURES = { image: "file", audio: "thumbnail" };

/** Two assets side by side: what both have, and what only one. */
export async function compare(ids) {
  if (ids.length !== 2) {
    toast("Select two pictures to compare them.");
    return;
  }
  const both = await details(ids);
  if (!both) return;
  const shared = both[0].tags.filter((tag) => both[1].tags.includes(tag));
  const side = (asset) => el("section", { class: "side" },
    el("a", { href: `/a/${asset.id}` }, PICTURES[asset.media_type] ? el("img", { src: `/v1/assets/${asset.id}/${PICTURES[asset.media_type]}`, alt: visible(asset.path, 200) }) : asset.media_type),
    asset.media_type === "audio" ? el("audio", { src: `/v1/assets/${asset.id}/file`, controls: true, preload: "metadata" }) : null,
    el("h3", {}, visible(asset.path.split("/").at(-1), 120)),
    el("p", { class: "small soft" }, [asset.width ? `${asset.width} × ${asset.height}` : asset.duration ? lengthText(asset.duration) : asset.media_type, asset.rating === null ? "unrated" : `rated ${asset.rating}`, asset.created_at.slice(0, 10)].join(" · ")),
    el("p", { class: "label" }, "Only here"), chips(asset.tags.filter((tag) => !shared.includes(tag))));
  openDialog("Compare", [el("div", { class: "compare" }, both.map(side)), el("p", { class: "label" }, "On both"), chips(shared)], { wide: true });
}
