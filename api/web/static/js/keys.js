/** Keys of a page: a registry that runs them and that the `?` overlay is written from. */

const KEYS_OFF = "callsheet:keys-off";
const SECONDS_BETWEEN = 1.2;
const bindings = [];
let pending = null;

/**
 * A key: `keys` as `event.key` has it ("t", "Delete", "?"), two after one another with a space ("g g"), or a list of
 * such; "Ctrl+a" with Ctrl or Cmd. `label` and `group` are shown; `when` (a function) says whether it may run now.
 * `single: false` for keys that work though single keys are switched off (arrows, Enter). Gives a function that ends it.
 */
export function key({ keys, label, group = "This page", run, when = () => true, shown = null, single = true }) {
  const binding = { keys: [keys].flat(), label, group, run, when, shown, single };
  bindings.push(binding);
  return () => bindings.splice(bindings.indexOf(binding), 1);
}

/** Whether single letters are switched off (WCAG 2.1.4). */
export function areOff() {
  return localStorage.getItem(KEYS_OFF) === "yes";
}

export function switchOff(off) {
  if (off) localStorage.setItem(KEYS_OFF, "yes");
  else localStorage.removeItem(KEYS_OFF);
}

/** `{group: [{label, keys}]}` in the order of registration, for the overlay. */
export function keyMap() {
  const groups = new Map();
  for (const { group, label, keys, shown } of bindings) {
    if (!label) continue;
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push({ label, keys: shown ?? keys });
  }
  return groups;
}

/** Whether somebody is writing here, so that letters are text. */
export function isWriting(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
    && !/^(checkbox|radio|button|submit)$/.test(target.type ?? ""));
}

function pressed(event) {
  if (event.altKey) return null;
  const name = event.key === " " ? "Space" : event.key;
  return event.ctrlKey || event.metaKey ? `Ctrl+${name.toLowerCase()}` : name;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || isWriting(event.target) || document.querySelector("dialog:modal")) return;
  const name = pressed(event);
  if (name === null || name === "Shift") return;
  const sequence = pending === null ? null : `${pending} ${name}`;
  pending = null;
  const found = (sequence && find(sequence)) || find(name);
  if (found) {
    event.preventDefault();
    found.run(event);
  } else if (!areOff() && bindings.some(({ keys, when }) => when() && keys.some((one) => one.startsWith(`${name} `)))) {
    pending = name;
    setTimeout(() => (pending = null), SECONDS_BETWEEN * 1000);
  }
});

function find(name) {
  const off = areOff();
  return bindings.findLast(({ keys, when, single }) => keys.includes(name) && !(off && single && name !== "?") && when());
}
