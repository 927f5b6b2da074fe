/** Longest address of a publisher, in characters. */
export const SUBSCRIPTION_URL_CHARACTERS_MAX = 2000;

/** What an address of a published library turns out to be. */
export type SubscriptionUrl =
  /** `origin` is scheme, host and port in one spelling: addresses of one origin reach one publisher. */
  | { readonly kind: "http"; readonly origin: string }
  /** Well known to the API, but not over HTTP: a file on a datastore or a remote file system. */
  | { readonly kind: "storage"; readonly scheme: string }
  | { readonly kind: "invalid"; readonly reason: string };

const CHARACTERS = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
const HTTP = /^https?:\/\/([^/?#]*)/i;
const HOST_AND_PORT =
  /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,253}[a-z0-9])?)(?::(\d{1,5}))?$/i;
const DEFAULT_PORTS = { http: 80, https: 443 } as const;
const STORAGE_SCHEMES: readonly string[] = ["ds", "nfs", "smb", "file"];
const PORT_MAX = 65_535;

const invalid = (reason: string): { readonly kind: "invalid"; readonly reason: string } => ({
  kind: "invalid",
  reason,
});

/** Reads host and port of an http address, which has no login. */
export const readAuthority = (
  authority: string,
  scheme: "http" | "https",
): Exclude<SubscriptionUrl, { readonly kind: "storage" }> => {
  const [, host, portText] = HOST_AND_PORT.exec(authority) ?? [];
  if (host === undefined) return invalid("it names no host");
  const port = portText === undefined ? DEFAULT_PORTS[scheme] : Number(portText);
  if (port < 1 || port > PORT_MAX) return invalid(`its port is not a number from 1 to ${PORT_MAX}`);
  return { kind: "http", origin: `${scheme}://${host.toLowerCase()}:${port}` };
};

const readHttp = (text: string, scheme: "http" | "https"): SubscriptionUrl => {
  const authority = HTTP.exec(text)?.[1] ?? "";
  return authority.includes("@")
    ? invalid("it holds a login: send user_name and password beside it")
    : readAuthority(authority, scheme);
};

/**
 * Reads the address of a published library (contract L22): http and https can be followed, the API's storage schemes are told
 * apart, and anything else is invalid. The reason never repeats the address, which may hold a password.
 */
export const readSubscriptionUrl = (text: string): SubscriptionUrl => {
  if (text === "") return invalid("it is empty");
  if (text.length > SUBSCRIPTION_URL_CHARACTERS_MAX)
    return invalid(`it is longer than ${SUBSCRIPTION_URL_CHARACTERS_MAX} characters`);
  if (!CHARACTERS.test(text)) return invalid("it holds characters that a URL can not have");
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return invalid("it does not begin with a scheme such as https:");
  if (STORAGE_SCHEMES.includes(scheme)) return { kind: "storage", scheme };
  if (scheme === "http" || scheme === "https") return readHttp(text, scheme);
  return invalid("its scheme is not one of http, https, ds, nfs, smb and file");
};
