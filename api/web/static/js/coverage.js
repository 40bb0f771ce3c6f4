/** `/coverage`: a gap becomes a draft of a spec, a file that is shown. */

import "./copying.js";
import { openDialog } from "./dialog.js";
import { el, visible, visibleLines } from "./dom.js";
import { post } from "./http.js";
import { key } from "./keys.js";
import { renew } from "./pieces.js";
import { announce, failed } from "./toast.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-draft]");
  if (!button || button.disabled) return;
  button.disabled = true;
  try {
    const { data } = await post("/v1/specs/drafts", JSON.parse(button.dataset.draft));
    announce(`Drafted in ${data.file}`);
    await renew(location.pathname + location.search, "gaps");
    openDialog("A spec was drafted", [
      el("p", {}, "It stands in ", el("code", {}, visible(data.file, 200)), ". Nothing was generated: look it through first."),
      el("pre", { class: "code", tabindex: "0", "aria-label": "The spec" }, visibleLines(data.text, 10_000)),
      el("div", { class: "row" }, el("button", { class: "button", type: "button", "data-copy": data.file, "data-copied": "The name of the file" }, "Copy the name"),
        el("button", { class: "button", type: "button", "data-copy": data.text, "data-copied": "The spec" }, "Copy the spec")),
    ], { wide: true });
  } catch (problem) {
    failed(problem, "Drafting a spec");
  } finally {
    button.disabled = false;
  }
});

key({ keys: "/", label: "Find a character or a place", run: () => document.getElementById("find").select() });
