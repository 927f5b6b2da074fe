/** A server's address without what may follow its path, and without a slash at its end. Throws TypeError where it is none. */
export function baseUrlOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new TypeError(`The url of a client begins with http:// or https://, unlike ${url}.`);
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new TypeError("The url of a client holds no password; use credentials.");
  }
  return `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, "");
}
