/** What happens in the gallery and while things are made, whoever does it. Streams are few in a browser: a page that is not seen gives its back. */

const listeners = { batch: new Set(), generation: new Set(), resync: new Set() };
let source = null;

/**
 * `onBatch(batch)` for each change, `onGeneration(event)` for what happens while things are made; `onResync()` when the
 * page has to look at everything anew. Gives an end.
 */
export function listen({ onBatch = () => {}, onGeneration = () => {}, onResync = () => {} }) {
  listeners.batch.add(onBatch);
  listeners.generation.add(onGeneration);
  listeners.resync.add(onResync);
  open();
  return () => {
    listeners.batch.delete(onBatch);
    listeners.generation.delete(onGeneration);
    listeners.resync.delete(onResync);
  };
}

function open() {
  if (source || document.hidden) return;
  source = new EventSource("/v1/events");
  source.addEventListener("batch", (event) => listeners.batch.forEach((tell) => tell(JSON.parse(event.data))));
  source.addEventListener("generation", (event) => listeners.generation.forEach((tell) => tell(JSON.parse(event.data))));
  source.addEventListener("resync", () => listeners.resync.forEach((tell) => tell()));
  // What happened before the stream began, or while it was away, it does not tell.
  source.addEventListener("open", () => listeners.resync.forEach((tell) => tell()));
}

function close() {
  source?.close();
  source = null;
}

document.addEventListener("visibilitychange", () => (document.hidden ? close() : listeners.batch.size && open()));
addEventListener("pagehide", close);
addEventListener("pageshow", (event) => event.persisted && listeners.batch.size && open());
