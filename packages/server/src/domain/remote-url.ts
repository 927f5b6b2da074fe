import { readStorageUrl } from "./storage-url.ts";
import { readAuthority } from "./subscription-url.ts";

/** Longest address of a source, in characters; signed ones are long. */
export const REMOTE_URL_CHARACTERS_MAX = 8_000;

/** A login that stood in an address. */
export interface UrlLogin {
  readonly userName: string;
  readonly password: string;
}

/** What an address to fetch from turns out to be. */
export type RemoteUrl =
  /** `url` has neither login nor fragment. */
  | { readonly kind: "http"; readonly url: string; readonly login: UrlLogin | null }
  /** Well known to the API, and another way than HTTP: `ds` or `file`. */
  | { readonly kind: "storage"; readonly scheme: string }
  | { readonly kind: "invalid"; readonly reason: string };

const CHARACTERS = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
const HTTP = /^(https?:\/\/)([^/?#]*)([^#]*)/i;

const invalid = (reason: string): Extract<RemoteUrl, { readonly kind: "invalid" }> => ({
  kind: "invalid",
  reason,
});

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    // The signs hide something else than UTF-8, which the reader says.
    return null;
  }
};

/** The login before the last `@`; null where there is none, and a reason where it can not be read. */
const readLogin = (text: string): UrlLogin | null | ReturnType<typeof invalid> => {
  if (text === "") return null;
  const colon = text.indexOf(":");
  const [name, password] = colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
  const [userName, secret] = [decoded(name), decoded(password)];
  if (userName === null || secret === null) return invalid("the login in it is not UTF-8");
  return userName === "" && secret === "" ? null : { userName, password: secret };
};

const readHttp = (text: string, scheme: "http" | "https"): RemoteUrl => {
  const [, start = "", authority = "", rest = ""] = HTTP.exec(text) ?? [];
  const at = authority.lastIndexOf("@");
  const place = readAuthority(authority.slice(at + 1), scheme);
  if (place.kind === "invalid") return place;
  const login = readLogin(authority.slice(0, Math.max(0, at)));
  if (login !== null && "kind" in login) return login;
  return { kind: "http", url: `${start.toLowerCase()}${authority.slice(at + 1)}${rest}`, login };
};

/**
 * Reads the address of a source: http and https are served, the API's other schemes are told apart, anything else is invalid. Its
 * login is taken out, and the reason never repeats the address.
 */
export const readRemoteUrl = (text: string): RemoteUrl => {
  if (text === "") return invalid("it is empty");
  if (text.length > REMOTE_URL_CHARACTERS_MAX)
    return invalid(`it is longer than ${REMOTE_URL_CHARACTERS_MAX} characters`);
  if (!CHARACTERS.test(text)) return invalid("it holds characters that a URL can not have");
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return invalid("it does not begin with a scheme such as https:");
  if (scheme === "http" || scheme === "https") return readHttp(text, scheme);
  return { kind: "storage", scheme };
};

/** A scheme with its slashes; without slashes the scheme may be a user's name. Nothing follows it, so that it takes linear time. */
const START = /^\s*(?:[a-z][a-z0-9+.-]*:)?[/\\]+/i;

/**
 * What is no address, without all up to its last `@` save the start. The `@` is looked for in the whole text, which may be long: in a
 * part of it, a login could stand without the `@` that ends it.
 */
const withoutLogin = (text: string): string => {
  const at = text.lastIndexOf("@");
  if (at < 0) return text.slice(0, REMOTE_URL_CHARACTERS_MAX);
  const [start = ""] = START.exec(text.slice(0, REMOTE_URL_CHARACTERS_MAX)) ?? [];
  return `${start}${text.slice(at + 1, at + 1 + REMOTE_URL_CHARACTERS_MAX)}`;
};

const withoutQuery = (text: string): string => {
  const query = text.search(/[?#]/);
  return query < 0 ? text : text.slice(0, query);
};

/**
 * An address as it may be repeated: without its login, and without query and fragment, which sign some addresses. Of what is no
 * address all is left out that could be a login, and the rest of a long one as well.
 */
export const toldUrl = (text: string): string => {
  const url = readRemoteUrl(text);
  if (url.kind === "http") return withoutQuery(url.url);
  // A file's address has no login, and its names may hold any sign.
  const isFile = url.kind === "storage" && readStorageUrl(text).kind !== "invalid";
  return withoutQuery(isFile ? text : withoutLogin(text));
};
