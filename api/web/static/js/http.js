/** Calls of the API from its own pages: JSON in, JSON out, problem details as errors. */

/** What the API answered instead: `status`, `code`, `detail`, `hint`, `errors` (RFC 9457). */
export class Problem extends Error {
  constructor(body) {
    super(body.detail || body.title || "the request could not be answered");
    this.status = body.status ?? 0;
    this.code = body.code ?? "unknown";
    this.detail = this.message;
    this.hint = body.hint ?? null;
    this.errors = body.errors ?? [];
    this.body = body;
  }
}

const OFFLINE = { status: 0, code: "offline", detail: "The server cannot be reached.", hint: "Is callsheet serve running?" };

/**
 * One call. `body` is sent as JSON, a FormData as it is; `ifMatch` is an ETag, a version or "*"; `ifNoneMatch` an ETag;
 * `idempotencyKey` names an order, so that sending it again makes nothing twice.
 * Gives `{status, data, etag}` (data null for 204 and 304); throws a `Problem`, and an AbortError when `signal` says so.
 * A page whose token is gone goes to /login and comes back.
 */
export async function call(method, path, { body, ifMatch, ifNoneMatch, idempotencyKey, signal } = {}) {
  const headers = { Accept: "application/json" };
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers["Content-Type"] = "application/json";
  if (ifMatch !== undefined) headers["If-Match"] = typeof ifMatch === "number" ? `"${ifMatch}"` : ifMatch;
  if (ifNoneMatch) headers["If-None-Match"] = ifNoneMatch;
  if (idempotencyKey) headers["Idempotency-Key"] = idempotencyKey;
  const sent = body === undefined || isForm ? body : JSON.stringify(body);
  let response;
  try {
    response = await fetch(path, { method, headers, body: sent, signal, credentials: "same-origin", cache: "no-store" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(OFFLINE);
  }
  if (response.status === 401 && location.pathname !== "/login") toLogin();
  const data = await read(response);
  if (!response.ok && response.status !== 304) {
    throw new Problem(data ?? { status: response.status, detail: `The server answered ${response.status}.` });
  }
  return { status: response.status, data, etag: response.headers.get("ETag") };
}

let leaving = false;

/** To the form, and from there back to this page; unless whoever is here is going out. */
export function toLogin() {
  if (!leaving) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** Goes out. What the page still has under way is refused from then on, which must not lead back to it. Throws a `Problem`. */
export async function logOut() {
  leaving = true;
  try {
    await remove("/login");
    location.assign("/login");
  } catch (error) {
    leaving = false;
    throw error;
  }
}

async function read(response) {
  if (response.status === 204 || response.status === 304) return null;
  if (!/json/.test(response.headers.get("Content-Type") ?? "")) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}

export const get = (path, options) => call("GET", path, options);
export const post = (path, body, options) => call("POST", path, { ...options, body });
export const patch = (path, body, options) => call("PATCH", path, { ...options, body });
export const put = (path, body, options) => call("PUT", path, { ...options, body });
export const remove = (path, options) => call("DELETE", path, options);

/** A path with a query string; null and undefined are left out, a list stands once for each. */
export function url(path, values) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined) query.append(key, one);
    }
  }
  return query.size ? `${path}?${query}` : path;
}
