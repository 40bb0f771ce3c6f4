/** The address of `/resolve` that says what the page says. */

const USUAL = "fusion"; // the operation where the address says none

/**
 * `form` is the form's data; `parts` how the pictures of the call stand (undefined where they cannot be arranged).
 * `changes` replaces values by name: a list, empty for none; `arranged` says that the parts count. The prompt of the
 * call counts once it is written by hand, which is when `changes` has it.
 */
export function composed(form, parts, changes) {
  const now = new URLSearchParams(location.search);
  const query = new URLSearchParams();
  const names = new Set([...form.keys(), ...Object.keys(changes), "part", "text"]);
  for (const name of names) {
    if (name === "arranged") continue;
    for (const value of values(name)) if (value.trim() && !(name === "op" && value === USUAL)) query.append(name, value);
  }
  return query.size ? `/resolve?${query}` : "/resolve";

  function values(name) {
    if (name in changes) return changes[name];
    if (name === "part") return changes.arranged ? parts.filter(Boolean) : now.getAll("part");
    if (name === "text") return now.getAll("text");
    return form.getAll(name);
  }
}
