/** Where the page of an asset is: with the query, in whose order it then leads to the next one. */

export function assetAddress(id, query) {
  return query?.trim() ? `/a/${id}?${new URLSearchParams({ q: query.trim() })}` : `/a/${id}`;
}
