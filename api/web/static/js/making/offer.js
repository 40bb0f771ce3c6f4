/** Before something is made: who would make it, what it may cost, what is left of the budget; and the order itself. */

import { openDialog } from "../dialog.js";
import { el, visible } from "../dom.js";
import { post } from "../http.js";
import { failed } from "../toast.js";
import { follow } from "./following.js";
import { orderKey } from "./keys.js";

const STAND_IN = "A stand-in: this machine draws it in place of the real thing.";
const NO_KEY = " Whoever was to be asked has no key: see “Passed over”.";
let asking = false;

/**
 * Offer to make an order (the body of `POST /v1/generations`). Asks for its price, shows it, and orders when that is
 * confirmed. `title` says what it is about.
 */
export async function offer(order, title = "Generate") {
  if (asking) return;
  asking = true;
  const body = el("div", { class: "stack", "aria-live": "polite" });
  const fault = el("div", { class: "fault", role: "alert", hidden: true });
  const made = { order, body, fault, told: null, id: null };
  try {
    await ask(made, null);
  } catch (problem) {
    failed(problem, "Asking for the price");
    return;
  } finally {
    asking = false;
  }
  await openDialog(title, [chooser(made), body, fault], {
    actions: [{ label: "Cancel" }, { label: "Generate", kind: "primary", run: () => send(made) }],
    onOpen: (dialog) => {
      made.button = dialog.querySelector(".dialog-foot .button:last-child");
      show(made);
      made.button.focus();
    },
  });
}

/** Ask what it would cost, by one provider or (null) as it is set. */
async function ask(made, provider) {
  const order = provider ? { ...made.order, providers: [provider] } : made.order;
  const { data } = await post("/v1/generations", { ...order, dry_run: true });
  // A key of this offer: pressing twice, or again after a lost answer, makes it once.
  Object.assign(made, { told: data, asked: order, id: orderKey() });
}

/** Who is asked: as it is set, or one by name. */
function chooser(made) {
  const choice = el("select", { class: "input", id: "provider" }, el("option", { value: "" }, "As it is set"), made.told.providers.map((name) => el("option", { value: name }, visible(name, 60))));
  choice.addEventListener("change", async () => {
    made.button.disabled = true;
    try {
      await ask(made, choice.value || null);
      made.fault.hidden = true;
    } catch (problem) {
      wrong(made, problem);
    }
    show(made);
  });
  return el("div", { class: "row" }, el("label", { class: "small", for: "provider" }, "Provider"), choice);
}

function show(made) {
  const { told, body, button } = made;
  body.replaceChildren(...told.jobs.map((one) => job(one, told.jobs.length > 1)), money(told));
  button.disabled = !(told.budget.allowed && told.jobs.every((one) => one.status === "planned" || one.status === "manual"));
  button.textContent = verb(told);
}

async function send(made) {
  try {
    const { data } = await post("/v1/generations", made.asked, { idempotencyKey: made.id });
    data.jobs.forEach((one) => follow(one));
    return true;
  } catch (problem) {
    wrong(made, problem);
    return false;
  }
}

function wrong({ fault }, problem) {
  fault.replaceChildren(el("p", {}, visible(problem.message)), problem.hint ? el("p", { class: "small" }, visible(problem.hint)) : "");
  fault.hidden = false;
}

const price = ({ low, high }) => (high === null ? "unknown" : Number(high) === 0 ? "nothing" : low === high ? `$${high}` : `$${low} to $${high}`);

function verb(told) {
  if (told.jobs.every((one) => one.status === "failed")) return "Generate";
  if (told.jobs.every((one) => one.status === "manual")) return "Put it down for a person";
  if (told.jobs.every((one) => one.stand_in)) return "Make a stand-in";
  return Number(told.estimate.high) === 0 ? "Make it, at no cost" : told.estimate.high === null ? "Generate" : `Generate for at most $${told.estimate.high}`;
}

/** What would become of one spec. */
function job(one, isOneOfMany) {
  const passed = (one.trace ?? []).filter((step) => step.code !== "chosen" && step.provider !== one.provider && step.message);
  const facts = el("dl", { class: "offer" },
    fact("Made by", one.provider ? `${one.provider}:${one.model}` : one.status === "manual" ? "a person" : "nobody"),
    one.estimate && isOneOfMany ? fact("Estimated at", Number(one.estimate.high) === 0 ? "free" : price(one.estimate)) : null,
    passed.length ? fact("Passed over", el("ul", { class: "passed" }, passed.map((step) => el("li", {}, visible(`${step.provider}: ${step.message}`, 300))))) : null);
  return el("div", { class: "stack" },
    one.error ? el("div", { class: "fault", role: "alert" }, el("p", {}, visible(one.error.message, 600)), one.error.hint ? el("p", { class: "small" }, visible(one.error.hint, 400)) : null) : null,
    one.stand_in ? el("p", { class: "notice small", "data-stand-in": true }, STAND_IN + (passed.some((step) => step.code === "no_key") ? NO_KEY : "")) : null, facts);
}

/** What all of it costs, and what the budget says. */
function money({ estimate, budget, jobs }) {
  const isKnown = jobs.some((one) => one.estimate && Number(one.estimate.high) > 0) && Number(estimate.high) === 0;
  return el("div", { class: "stack" },
    el("dl", { class: "offer" }, fact("It costs", isKnown ? "nothing: the same was bought before" : price(estimate)),
      fact("Budget", `$${budget.remaining} of $${budget.limit} is left in ${budget.month}`)),
    budget.allowed ? null : el("div", { class: "fault", role: "alert" }, el("p", {}, visible(budget.refusal.message)), el("p", { class: "small" }, visible(budget.refusal.hint))));
}

const fact = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, typeof value === "string" ? visible(value) : value));
