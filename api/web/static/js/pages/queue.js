/** `/queue`: lanes that follow what happens, cancelling, going on, and saying how an unknown call ended. */

import { confirmed, openDialog } from "../dialog.js";
import { el } from "../dom.js";
import { listen } from "../events.js";
import { post } from "../http.js";
import { key } from "../keys.js";
import { orderKey } from "../making/keys.js";
import { isEnd, wordsOf } from "../making/words.js";
import { renew } from "../pieces.js";
import { announce, failed, toast } from "../toast.js";
import { sayTimes } from "./times.js";

const PAUSE = 400; // between two looks, however much happens
let timer = null;

/** Write the lanes and the money anew; where the focus is gone, it goes to the same job, else to its lane's page. */
async function look() {
  timer = null;
  const focused = document.activeElement?.closest?.(".job")?.id;
  try {
    await renew(location.pathname + location.search, "lanes", "money", "costs");
  } catch (error) {
    failed(error, "Looking anew");
    return;
  }
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
  sayTimes(document.getElementById("lanes"));
}

function soon() {
  const isTyping = document.activeElement?.matches?.("#costs input");
  if (timer === null && !isTyping) timer = setTimeout(look, PAUSE);
}

/** Ask the server for something, say how it went, and look anew. */
async function act(what, path, body, done, headers = {}) {
  try {
    const { data } = await post(`/v1/generations${path}`, body, headers);
    toast(typeof done === "function" ? done(data) : done);
  } catch (problem) {
    failed(problem, what);
  }
  soon();
}

const withKey = () => ({ idempotencyKey: orderKey() });
const cancel = (job) => act("Cancelling", `/${job}/cancel`, undefined, (data) => (data.status === "working" ? `${job} stops as soon as it can.` : `${job} was cancelled.`));
const goOn = (job) => act("Going on", `/${job}/run`, undefined, `${job} is queued again.`, withKey());

async function notCharged(job) {
  const text = "What is held for the call is free again, and the call is made once more. Look at your account at the provider first: a call that was charged would be paid twice.";
  if (await confirmed(`${job} was not charged`, text, "Make it again", { kind: "primary" })) await act("Settling", `/${job}/resolve`, { not_charged: true }, `${job} is queued again.`);
}

async function charged(job, most) {
  const field = el("input", { class: "input", id: "amount", value: most, inputmode: "decimal", autocomplete: "off", "aria-describedby": "amount-hint amount-fault" });
  const fault = el("p", { class: "fault small", id: "amount-fault", role: "alert", hidden: true });
  const run = async () => {
    try {
      await post(`/v1/generations/${job}/resolve`, { charged: field.value.trim().replace(/^\$/, "").replace(",", ".") });
      toast(`${job}: the amount is booked.`);
      soon();
      return true;
    } catch (problem) {
      fault.textContent = problem.hint ? `${problem.message} ${problem.hint}` : problem.message;
      fault.hidden = false;
      field.setAttribute("aria-invalid", "true");
      field.focus();
      return false;
    }
  };
  await openDialog(`${job} was charged`, [
    el("p", {}, "What did the provider charge for it? The amount is booked; the result is lost."),
    el("div", { class: "field" }, el("label", { for: "amount" }, "US dollars"), field, el("p", { class: "hint", id: "amount-hint" }, `At most $${most} was expected.`), fault),
  ], { actions: [{ label: "Cancel" }, { label: "Book it", kind: "primary", run }], onOpen: () => field.select() });
}

const ACTS = {
  cancel: ({ cancel: job }) => cancel(job),
  run: ({ run: job }) => goOn(job),
  settle: ({ settle: how, of: job, most }) => SETTLED[how](job, most),
};
const SETTLED = {
  charged,
  not_charged: notCharged,
  poll: (job) => act("Asking the provider", `/${job}/resolve`, { poll: true }, `The provider told what became of ${job}.`),
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.id === "run-all") act("Going on", "/run", undefined, (data) => `${data.jobs.length} went on.`);
  for (const [name, run] of Object.entries(ACTS)) {
    if (!(name in button.dataset)) continue;
    button.disabled = true;
    await run(button.dataset);
    if (button.isConnected) button.disabled = false;
  }
});

/* keys */

const cards = () => [...document.querySelectorAll(".job")];
const current = () => document.activeElement?.closest?.(".job") ?? null;

function step(by) {
  const all = cards();
  if (!all.length) return;
  const at = all.indexOf(current());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

const press = (name) => () => current()?.querySelector(`[data-${name}]`)?.click();
key({ keys: "j", label: "Next job", group: "Move", run: () => step(1) });
key({ keys: "k", label: "Previous job", group: "Move", run: () => step(-1) });
key({ keys: "u", label: "To what is of unknown outcome", group: "Move", run: () => document.querySelector("#lane-unknown .job")?.focus() ?? announce("Nothing is of unknown outcome") });
key({ keys: "Enter", label: "Open the job", group: "Job", single: false, when: () => document.activeElement?.matches(".job") ?? false, run: () => current().querySelector(".what").click() });
key({ keys: "x", label: "Cancel the job", group: "Job", when: () => current() !== null, run: press("cancel") });
key({ keys: "a", label: "Go on, or try again", group: "Job", when: () => current() !== null, run: press("run") });

sayTimes(document.getElementById("lanes"));
if (location.hash.startsWith("#job-")) document.getElementById(location.hash.slice(1))?.focus();
function heard(event) {
  if (isEnd(event.event)) announce(`${event.job} ${event.spec_id}: ${wordsOf(event.event)}`);
  soon();
}
listen({ onGeneration: heard, onResync: soon });
