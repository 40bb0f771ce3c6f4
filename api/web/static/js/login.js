/** The form of /login: the token goes in a body, the cookie comes back, no script can read it. */

import { post } from "./http.js";

const form = document.getElementById("login");
const fault = document.getElementById("login-fault");
const target = form?.dataset.next ?? "/";

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const token = form.elements.token;
  fault.hidden = true;
  try {
    await post("/login", { token: token.value.trim() });
    location.assign(target);
  } catch (problem) {
    fault.hidden = false;
    fault.textContent = `${problem.detail}${problem.hint ? ` (${problem.hint})` : ""}`;
    token.setAttribute("aria-invalid", "true");
    token.select();
  }
});
