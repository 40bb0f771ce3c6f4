/** Changes of one asset: shown at once, sent one after the other with the version that was seen, taken back on failure. */

import { patch, post, remove as trashed } from "../http.js";
import { failed, toast } from "../toast.js";

const LAST = "callsheet:last-tags";

/** Tells `change` (show it), `done` (the server has changed something) and `stale` (somebody else was faster). */
export class Editing extends EventTarget {
  constructor(asset) {
    super();
    this.asset = asset;
    this.queue = Promise.resolve();
  }

  get path() {
    return `/v1/assets/${this.asset.id}`;
  }

  /** What the server says it is now; an answer that comes late and tells of an older version is let go. */
  take(asset) {
    if (asset.version < this.asset.version) return;
    this.asset = { ...this.asset, version: asset.version, tags: asset.tags, rating: asset.rating, note: asset.note ?? null };
    this.tell("change");
  }

  tag({ add = [], remove = [] }) {
    add = add.filter((tag) => !this.asset.tags.includes(tag));
    remove = remove.filter((tag) => this.asset.tags.includes(tag));
    if (!add.length && !remove.length) return Promise.resolve(false);
    sessionStorage.setItem(LAST, JSON.stringify({ add, remove }));
    const tags = [...this.asset.tags.filter((tag) => !remove.includes(tag)), ...add];
    const what = [add.length ? `Add ${add.join(", ")}` : null, remove.length ? `Remove ${remove.join(", ")}` : null].filter(Boolean).join(". ");
    return this.change({ tags }, { add, remove }, what);
  }

  /** The last tags again, also those of the picture before. */
  repeat() {
    const last = JSON.parse(sessionStorage.getItem(LAST) ?? "null");
    if (last) this.tag(last);
    else toast("There is nothing to repeat yet.");
  }

  rate(rating) {
    return this.change({ rating }, { rating }, rating === null ? "Take the rating away" : `Rate ${rating}`);
  }

  write(note) {
    return this.change({ note: note || null }, { note: note || null }, "Change the note");
  }

  /** Show `shown`, send `sent`; what fails is shown as it was before. */
  change(shown, sent, what) {
    const before = Object.fromEntries(Object.keys(shown).map((name) => [name, this.asset[name]]));
    this.asset = { ...this.asset, ...shown };
    this.tell("change");
    return this.enqueue(async () => {
      try {
        const { data } = await patch(this.path, sent, { ifMatch: this.asset.version });
        this.take(data);
        this.tell("done");
        return true;
      } catch (problem) {
        Object.assign(this.asset, before);
        this.tell("change");
        if (problem.status === 412) this.stale(what);
        else failed(problem, what, { label: "Retry", run: () => this.change(shown, sent, what) });
        return false;
      }
    });
  }

  stale(what) {
    toast(`${what}: not done, for somebody changed it meanwhile. Here is how it stands now.`, { kind: "error" });
    this.tell("stale");
  }

  /** Into the trash, or out of it. */
  move(isRestored) {
    const version = () => ({ ifMatch: this.asset.version });
    const send = () => (isRestored ? post(`${this.path}/restore`, {}, version()) : trashed(this.path, version()));
    return this.act(send, isRestored ? "Restore" : "Move to the trash", isRestored ? "Restored." : "Moved to the trash.");
  }

  undo(batch = null) {
    return this.act(() => post("/v1/undo", batch === null ? {} : { batch }), "Undo", "Undone.");
  }

  redo() {
    return this.act(() => post("/v1/redo"), "Redo", "Done again.");
  }

  accept(tag) {
    return this.act(() => post("/v1/suggestions/accept", { ids: [this.asset.id], tags: [tag] }), `Accept ${tag}`, null);
  }

  reject(tag) {
    return this.act(() => post("/v1/suggestions/reject", { ids: [this.asset.id], tags: [tag] }), `Reject ${tag}`, null);
  }

  /** Something whose outcome the server tells. */
  act(send, what, said) {
    return this.enqueue(async () => {
      try {
        const { data } = await send();
        const wrong = data.results?.find((item) => item.outcome === "failed");
        if (wrong) throw wrong.error;
        if (said) toast(said, { action: data.batch && what !== "Undo" && what !== "Redo" ? { label: "Undo", run: () => this.undo(data.batch) } : null });
        this.tell("stale");
        return true;
      } catch (problem) {
        if (problem.status === 412) this.stale(what);
        else failed(problem, what);
        return false;
      }
    });
  }

  enqueue(act) {
    this.queue = this.queue.then(act, act);
    return this.queue;
  }

  tell(name) {
    this.dispatchEvent(new Event(name));
  }
}
