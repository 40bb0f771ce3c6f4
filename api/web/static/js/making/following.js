/** What was ordered from this page: a card for each job that says how far it is, and leads to what was made. */

import { el, icon, visible } from "../dom.js";
import { listen } from "../events.js";
import { get, post } from "../http.js";
import { failed } from "../toast.js";
import { isEnd, wordsOf } from "./words.js";

const ENDED = { failed: "generation.failed", refused: "generation.refused", cancelled: "generation.cancelled", unknown: "generation.lost", manual: "generation.parked" };
const SECONDS_BETWEEN_LOOKS = 3; // where the stream of events is away
const followed = new Map();
let panel = null;

/** Show a card for a job (`{id, spec_id}`) until somebody dismisses it. */
export function follow(job) {
  if (followed.has(job.id)) return;
  panel ??= opened();
  const card = el("li", { class: "making card", "data-job": job.id });
  followed.set(job.id, { job, card, isOver: false });
  panel.list.prepend(card);
  panel.section.hidden = false;
  say(job.id, wordsOf("generation.queued"));
  look(job.id);
}

function opened() {
  const list = el("ol", { class: "makings-list" });
  const section = el("section", { class: "makings", "aria-label": "What is being made" }, list);
  document.body.append(section);
  listen({ onGeneration: heard, onResync: lookAtAll });
  setInterval(lookAtAll, SECONDS_BETWEEN_LOOKS * 1000);
  return { section, list };
}

function heard(event) {
  const one = followed.get(event.job);
  if (!one || one.isOver) return;
  if (isEnd(event.event)) look(event.job);
  else say(event.job, event.provider ? `${wordsOf(event.event)} (${event.provider})` : wordsOf(event.event));
}

const lookAtAll = () => [...followed].forEach(([id, one]) => one.isOver || look(id));

/** Ask how a job stands, and say so where it is over. */
async function look(id) {
  const one = followed.get(id);
  if (!one) return;
  let job;
  try {
    ({ data: job } = await get(`/v1/generations/${id}`));
  } catch {
    return; // the next look tells
  }
  if ((job.status !== "done" && !(job.status in ENDED)) || one.isOver) return;
  one.isOver = true;
  if (job.status === "done") await made(one, job);
  else ended(one, job);
}

function say(id, text) {
  const { card, job } = followed.get(id);
  let line = card.querySelector("[role=status]");
  if (!line) {
    line = el("p", { class: "small", role: "status" });
    card.replaceChildren(head(job), line, el("progress", { "aria-label": `Making ${job.spec_id}` }),
      el("div", { class: "row" }, el("button", { class: "button quiet", type: "button", onclick: () => cancel(id) }, "Cancel"), away(id, "Hide")));
  }
  line.textContent = visible(text, 120);
}

const head = (job) => el("p", { class: "row" }, el("a", { class: "what", href: `/queue/${job.id}` }, visible(job.spec_id, 80)), el("span", { class: "small soft" }, job.id));
const away = (id, label) => el("button", { class: "button quiet", type: "button", onclick: () => dismiss(id) }, label);

function dismiss(id) {
  followed.get(id).card.remove();
  followed.delete(id);
  panel.section.hidden = !followed.size;
}

async function cancel(id) {
  try {
    await post(`/v1/generations/${id}/cancel`);
    look(id);
  } catch (problem) {
    failed(problem, "Cancelling");
  }
}

async function made({ card, job: ordered }, job) {
  const [id] = job.assets;
  let asset = null;
  if (id) asset = await get(`/v1/assets/cards?id=${id}`).then(({ data }) => data.assets[0] ?? null, () => null);
  const said = job.outcome === "made" ? `Made for $${job.cost}` : job.outcome === "unchanged" ? "It was there already, at no cost" : "It was bought before: at no cost";
  card.classList.add("good");
  card.replaceChildren(...[
    head(ordered),
    el("p", { class: "small row", role: "status" }, said, job.stand_in ? el("span", { class: "badge warn" }, "stand-in") : null),
    id ? el("a", { class: "result", href: `/a/${id}`, "aria-label": "Open what was made" },
      asset?.thumbnail ? el("img", { src: asset.thumbnail, alt: "" }) : icon(asset?.media_type === "audio" ? "sound" : "picture"), el("span", {}, job.assets.length > 1 ? `Open the best of ${job.assets.length}` : "Open it")) : null,
    ...job.notices.map((notice) => el("p", { class: "notice small" }, visible(notice, 300))),
    el("div", { class: "row" }, away(job.id, "Dismiss")),
  ].filter(Boolean));
}

function ended({ card, job: ordered }, job) {
  const error = job.error ?? {};
  card.replaceChildren(head(ordered),
    el("div", { class: job.status === "cancelled" ? "notice small" : "fault small", role: "alert" }, el("p", {}, el("strong", {}, wordsOf(ENDED[job.status]))),
      ...[error.message, error.hint].filter(Boolean).map((text) => el("p", {}, visible(text, 500)))),
    el("div", { class: "row" }, el("a", { class: "button", href: `/queue#job-${job.id}` }, "To the queue"), away(job.id, "Dismiss")));
}
