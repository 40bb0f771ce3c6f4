/** What the gallery shows: every id of the query in order, and the cards of those in sight. */

import { get, url } from "../http.js";

const AT_ONCE = 100;
const MOST_CARDS = 3000;
const WAIT = 30; // milliseconds, so that a fling asks for where it ends

/** Tells `leaving` (ids are about to change), `order` (they have), `cards` (details came or changed) and `fault` (a Problem). */
export class Store extends EventTarget {
  constructor() {
    super();
    this.query = null; // what is shown
    this.asked = null; // what is to be shown, also while nobody can be asked
    this.ids = [];
    this.slips = [];
    this.cards = new Map();
    this.wanted = [];
    this.fresh = 0; // cards of an older round are shown, and asked for again
    this.etag = null;
    this.loading = null;
    this.isWhole = false; // whether all ids are here, or the first alone
    this.timer = 0;
  }

  /** Look for a query. What is shown stays until the answer is there. */
  async load(query) {
    this.asked = query;
    this.loading?.abort();
    const loading = (this.loading = new AbortController());
    const again = query === this.query ? this.etag : null;
    if (query !== this.query) this.begin(query, loading);
    try {
      const found = await get(url("/v1/assets/order", { q: query }), { signal: loading.signal, ifNoneMatch: again });
      if (this.loading !== loading) return;
      this.loading = null;
      this.dispatchEvent(new Event("leaving"));
      const isOther = query !== this.query;
      this.query = query;
      this.fresh += 1;
      this.isWhole = true;
      if (found.status !== 304) {
        this.etag = found.etag;
        this.ids = found.data.ids;
        this.slips = found.data.slips;
      }
      this.dispatchEvent(new CustomEvent("order", { detail: { isOther, isSame: found.status === 304 } }));
      this.ask();
    } catch (error) {
      if (error.name === "AbortError") return;
      if (this.loading === loading) this.loading = null;
      if (error.status === 422 && this.asked === query) this.asked = this.query; // no query: asking again helps nobody
      this.dispatchEvent(new CustomEvent("fault", { detail: { error, query } }));
    }
  }

  /** Show the first cards of a query while its whole order is being found. */
  async begin(query, loading) {
    try {
      const { data } = await get(url("/v1/assets/cards", { q: query, limit: AT_ONCE }), { signal: loading.signal });
      if (this.loading !== loading) return;
      this.dispatchEvent(new Event("leaving"));
      Object.assign(this, { query, etag: null, slips: [], ids: data.assets.map((asset) => asset.id), isWhole: false });
      for (const asset of data.assets) Object.assign(this.note(asset.id), { asset, round: this.fresh + 1 });
      if (this.ids.length) this.dispatchEvent(new CustomEvent("order", { detail: { isOther: true, isSame: false } }));
    } catch {
      // the order says what is wrong
    }
  }

  /** Look again, soon: something happened here or elsewhere. */
  refresh(wait = 150) {
    clearTimeout(this.again);
    this.again = setTimeout(() => this.asked !== null && this.load(this.asked), wait);
  }

  /** These are in sight now. */
  want(ids) {
    this.wanted = ids;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  /** Ask for the cards in sight that are not there, or not fresh. */
  async ask() {
    const round = this.fresh;
    const lacking = this.wanted.filter((id) => {
      const card = this.cards.get(id);
      return !card || (card.round < round && card.asked !== round);
    });
    for (let at = 0; at < lacking.length; at += AT_ONCE) {
      const ids = lacking.slice(at, at + AT_ONCE);
      for (const id of ids) this.note(id).asked = round;
      this.fetch(ids, round);
    }
    this.forget();
  }

  async fetch(ids, round) {
    try {
      const found = await get(url("/v1/assets/cards", { id: ids }));
      for (const asset of found.data.assets) {
        const card = this.note(asset.id);
        if (!card.held && card.round <= round) Object.assign(card, { asset, round });
      }
      this.changed(ids);
    } catch (error) {
      for (const id of ids) {
        if (this.cards.get(id)?.asset) this.cards.get(id).asked = -1;
        else this.cards.delete(id);
      }
      this.dispatchEvent(new CustomEvent("fault", { detail: { error, query: null } }));
    }
  }

  /** The asset behind an id, if it is known here. */
  asset(id) {
    return this.cards.get(id)?.asset;
  }

  /** The ids of the query whose assets are known here; what is kept of other queries is not among them. */
  known() {
    if (this.found?.ids !== this.ids) this.found = { ids: this.ids, set: new Set(this.ids) };
    return [...this.cards.keys()].filter((id) => this.found.set.has(id) && this.asset(id));
  }

  /** Show something of an asset before the server has said so. Gives what takes it back. */
  pretend(id, change) {
    const card = this.cards.get(id);
    if (!card?.asset) return () => {};
    const before = card.asset;
    card.asset = { ...before, ...change(before) };
    card.held = (card.held ?? 0) + 1;
    return (isDone) => {
      card.held -= 1;
      card.round = -1;
      if (!isDone) card.asset = before;
    };
  }

  /** Tell that these look different now. */
  changed(ids) {
    this.dispatchEvent(new CustomEvent("cards", { detail: new Set(ids) }));
  }

  /** Take ids out of sight before the server has done so. */
  hide(gone) {
    this.dispatchEvent(new Event("leaving"));
    this.etag = null;
    this.ids = this.ids.filter((id) => !gone.has(id));
    this.dispatchEvent(new CustomEvent("order", { detail: { isOther: false, isSame: false } }));
  }

  note(id) {
    let card = this.cards.get(id);
    if (!card) this.cards.set(id, (card = { asset: null, round: -1, asked: -1, held: 0 }));
    return card;
  }

  forget() {
    if (this.cards.size <= MOST_CARDS) return;
    const kept = new Set(this.wanted);
    for (const [id, card] of this.cards) {
      if (this.cards.size <= MOST_CARDS / 2) return;
      if (!kept.has(id) && !card.held) this.cards.delete(id);
    }
  }
}
