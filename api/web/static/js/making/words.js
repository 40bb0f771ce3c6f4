/** What is said of jobs: the page carries the words that stand on every other screen, too. */

const said = JSON.parse(document.getElementById("job-words").textContent);

/** How far a job is after an event, as a sentence begins: "Sent, waiting for the answer". */
export const wordsOf = (event) => said.events[event].replace(/^./, (letter) => letter.toUpperCase());

/** Whether nobody works on the job any more, unless a person says so. */
export const isEnd = (event) => said.ends.includes(event);
