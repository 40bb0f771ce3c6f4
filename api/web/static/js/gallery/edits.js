/** Changes of assets: shown at once, sent one after the other, taken back with a message where they fail. */

import { plural } from "../dom.js";
import { post } from "../http.js";
import { announce, failed, toast } from "../toast.js";

const AT_ONCE = 10_000; // ids in one call
const EVERYTHING = "id:a"; // an id begins so: the query of no filter at all

export class Edits {
  constructor(store, selection, grid) {
    Object.assign(this, { store, selection, grid });
    this.last = null; // {add, remove}, for `.`
    this.queue = Promise.resolve();
  }

  /** What an act is about: the selection, else the cell with the focus. `{ids}` or `{query, except}`; null for nothing. */
  targets() {
    if (this.selection.isEmpty) return this.grid.hasFocus && this.grid.activeId ? { ids: [this.grid.activeId] } : null;
    if (this.selection.query === null) return { ids: [...this.selection.ids] };
    return { query: this.selection.query, except: [...this.selection.except] };
  }

  /** How many that are. */
  count(targets = this.targets()) {
    if (!targets) return 0;
    return targets.ids ? targets.ids.length : this.store.ids.length - targets.except.length;
  }

  /** The ids among them that are known here. */
  known(targets) {
    if (targets.ids) return targets.ids;
    const except = new Set(targets.except);
    return this.store.known().filter((id) => !except.has(id));
  }

  /** Add tags and remove others. Resolves to whether it was done. */
  tag({ add = [], remove = [] }, targets = this.targets()) {
    if (!(add.length || remove.length)) return Promise.resolve(false);
    if (!targets) return this.nothing();
    this.last = { add, remove };
    const change = (asset) => ({ tags: [...asset.tags.filter((tag) => !remove.includes(tag)), ...add.filter((tag) => !asset.tags.includes(tag))] });
    const what = [add.length ? `Add ${add.join(", ")}` : null, remove.length ? `remove ${remove.join(", ")}` : null].filter(Boolean).join(", ");
    const known = this.known(targets);
    const settle = known.map((id) => [id, this.store.pretend(id, change)]);
    this.store.changed(known);
    const again = () => this.tag({ add, remove }, targets);
    return this.enqueue(async () => {
      try {
        const results = await this.send("/v1/assets/tags", targets, { add, remove });
        this.finish(settle, results);
        this.report(what, results, again);
        return true;
      } catch (error) {
        this.finish(settle, null);
        failed(error, what, { label: "Retry", run: again });
        return false;
      }
    });
  }

  /** Take a suggested tag where it is suggested, or turn it down for good. Resolves to whether it was done. */
  answer(tag, isTaken, targets) {
    const what = `${isTaken ? "Accept" : "Reject"} ${tag}`;
    return this.enqueue(async () => {
      try {
        const results = await this.send(`/v1/suggestions/${isTaken ? "accept" : "reject"}`, targets, { tags: [tag] });
        this.store.refresh(0);
        this.report(what, results, null);
        return !results.results.some((item) => item.outcome === "failed");
      } catch (error) {
        failed(error, what);
        return false;
      }
    });
  }

  /** Say that nothing is meant. */
  nothing() {
    toast("Nothing is selected.", { hint: "Arrow keys move, Space selects; a click on the ring of one selects it." });
    return Promise.resolve(false);
  }

  /** Into the trash. */
  trash(targets = this.targets()) {
    if (!targets) return this.nothing();
    const before = this.store.ids;
    if (targets.ids) this.store.hide(new Set(targets.ids));
    this.selection.clear();
    const again = () => this.trash(targets);
    return this.enqueue(async () => {
      try {
        const results = await this.send("/v1/assets/trash", targets, {});
        this.report("Move to the trash", results, again);
        return true;
      } catch (error) {
        this.store.ids = before;
        this.store.hide(new Set());
        failed(error, "Move to the trash", { label: "Retry", run: again });
        return false;
      } finally {
        this.store.refresh(0);
      }
    });
  }

  repeat() {
    if (this.last) this.tag(this.last);
    else toast("There is nothing to repeat yet.");
  }

  undo(batch = null) {
    return this.step("/v1/undo", batch === null ? {} : { batch }, "Undo", "Undone");
  }

  redo() {
    return this.step("/v1/redo", undefined, "Redo", "Done again");
  }

  step(path, body, what, done) {
    return this.enqueue(async () => {
      try {
        const { data } = await post(path, body);
        toast(`${done}: ${plural(data.results.length, "asset")}`);
        this.store.refresh(0);
        return true;
      } catch (error) {
        failed(error, what);
        return false;
      }
    });
  }

  enqueue(act) {
    this.queue = this.queue.then(act, act);
    return this.queue;
  }

  /** Send for all targets, in as many calls as it takes. Gives `{results, batches}`. */
  async send(path, targets, body) {
    const { data: first } = targets.ids ? await post(path, { ids: targets.ids.slice(0, AT_ONCE), ...body }) : await post(path, { query: selecting(targets), ...body });
    const [results, batches] = [first.results, [first.batch]];
    for (let at = AT_ONCE; targets.ids && at < targets.ids.length; at += AT_ONCE) {
      const { data } = await post(path, { ids: targets.ids.slice(at, at + AT_ONCE), ...body });
      for (const result of data.results) results.push(result);
      batches.push(data.batch);
    }
    return { results, batches: batches.filter((batch) => batch !== null) };
  }

  finish(settle, results) {
    const wrong = new Set(results?.results.filter((item) => item.outcome === "failed").map((item) => item.id));
    for (const [id, end] of settle) end(results !== null && !wrong.has(id));
    this.store.changed(settle.map(([id]) => id));
    this.store.refresh(results === null ? 1000 : 0);
  }

  report(what, { results, batches }, again) {
    const wrong = results.filter((item) => item.outcome === "failed");
    const changed = results.filter((item) => !["failed", "unchanged", "nothing"].includes(item.outcome)).length;
    if (wrong.length) {
      const { message, hint } = wrong[0].error;
      toast(`${what}: ${plural(wrong.length, "asset")} of ${results.length} failed. ${message}`, { kind: "error", hint, action: again && { label: "Retry", run: again } });
      return;
    }
    const said = changed ? `${what}: ${plural(changed, "asset")}` : `${what}: nothing to change`;
    const action = batches.length ? { label: "Undo", run: async () => { for (const batch of batches.toReversed()) await this.undo(batch); } } : null;
    toast(said, { action });
    announce(said);
  }
}

/** The query for everything that one finds but for some. */
function selecting({ query, except }) {
  const whole = query.trim() || EVERYTHING;
  return except.length ? `(${whole}) ${except.map((id) => `-id:${id}`).join(" ")}` : whole;
}
