/** `/queue/ID`: one job, written anew while something happens to it. */

import { listen } from "../events.js";
import { renew } from "../pieces.js";
import { failed } from "../toast.js";

const PAUSE = 400;
const mine = () => document.getElementById("job").dataset;
let timer = null;

async function look() {
  timer = null;
  await renew(location.pathname, "job").catch((error) => failed(error, "Looking anew"));
}

const soon = () => (timer ??= setTimeout(look, PAUSE));
listen({ onGeneration: (event) => event.job === mine().job && soon(), onResync: () => mine().open === "yes" && soon() });
