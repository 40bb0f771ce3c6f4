/** A key for an order: another one each time, so that sending it twice makes it once. */

/** Thirty-two hexadecimal digits; also where a page is not served securely and lacks `randomUUID`. */
export function orderKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
