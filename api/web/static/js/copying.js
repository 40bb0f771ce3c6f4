/** Copying: `data-copy` holds the text, `data-copied` what it is called. */

import { failed, toast } from "./toast.js";

/** Put a text on the clipboard and say so. */
export async function copy(text, what = "It") {
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else byHand(text);
    toast(`${what} was copied.`);
  } catch (error) {
    failed(error, "Copying");
  }
}

/** Where a page is not served securely there is no clipboard to ask for. */
function byHand(text) {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const isDone = document.execCommand("copy");
  field.remove();
  if (!isDone) throw new Error("the browser does not let pages copy");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button.dataset.copy, button.dataset.copied);
});
