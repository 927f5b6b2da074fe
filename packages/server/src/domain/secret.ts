import { controlCharacter, faultOf, notUnicode, tooLong } from "@contentlib/contract/vocabulary";
import type { FaultValue, Reason } from "@contentlib/contract/vocabulary";
import { checkAccountName } from "./account-name.ts";
import type { Instant } from "./ids.ts";
import { checkUserName } from "./names.ts";
import { readAuthority } from "./subscription-url.ts";

/** Longest password of a secret, in Unicode code points: tokens of artifact stores are long. */
export const SECRET_PASSWORD_CHARACTERS_MAX = 4_096;

/** Longest origin that is read, in characters. */
const ORIGIN_CHARACTERS_MAX = 300;

/** A login that the server presents to one origin, on behalf of whoever names it. */
export interface Secret {
  readonly name: string;
  /** Scheme, host and port in their one spelling, as `readOrigin` gives them. */
  readonly origin: string;
  /** May be empty. */
  readonly userName: string;
  readonly sealedPassword: string;
  readonly setAt: Instant;
  /** Full name of whoever set it. */
  readonly setBy: string;
}

/** A secret as somebody wants to have it kept. */
export interface SecretWish {
  readonly name: string;
  readonly origin: string;
  readonly userName?: string;
  readonly password: string;
}

/** What a wish says, checked. */
export type CheckedSecret = Pick<Secret, "name" | "origin" | "userName">;

const HTTP = /^(https?):\/\/([^/?#]*)([^]*)$/i;
const DEFAULT_PORTS = { http: ":80", https: ":443" } as const;

const invalid = (member: string, reason: string): FaultValue =>
  faultOf("secret.invalid_property", member, reason);

/** Scheme, host and port in one spelling, and what stands behind them; null where the text is no http address, or holds a login. */
const readStart = (text: string): { readonly origin: string; readonly rest: string } | null => {
  const [, scheme = "", authority = "", rest = ""] = HTTP.exec(text) ?? [];
  const lower = scheme.toLowerCase();
  if (lower !== "http" && lower !== "https") return null;
  const place = readAuthority(authority, lower);
  if (place.kind === "invalid") return null;
  const { origin } = place;
  const port = DEFAULT_PORTS[lower];
  return { origin: origin.endsWith(port) ? origin.slice(0, -port.length) : origin, rest };
};

/** The origin of an address that has no login, as browsers spell it; null for what is no address of http or https. */
export const originOf = (url: string): string | null => readStart(url)?.origin ?? null;

/** An origin as somebody wrote it, in its one spelling; null for anything else. A slash behind it is passed over. */
export const readOrigin = (text: string): string | null => {
  const start = text.length > ORIGIN_CHARACTERS_MAX ? null : readStart(text);
  return start === null || !/^\/?$/.test(start.rest) ? null : start.origin;
};

/** A password that HTTP can send. What is wrong with it is told without it. */
const checkSecretPassword = (password: string): Reason =>
  password === ""
    ? "it is empty"
    : (notUnicode(password) ??
      tooLong(password, SECRET_PASSWORD_CHARACTERS_MAX) ??
      controlCharacter(password));

/** Checks a secret that is to be kept. Names are those of accounts in form, and what is refused is never repeated. */
export const checkSecret = ({
  name,
  origin: text,
  userName = "",
  password,
}: SecretWish): CheckedSecret | FaultValue => {
  const reasons = [
    ["name", checkAccountName(name)],
    ["user_name", checkUserName(userName)],
    ["password", checkSecretPassword(password)],
  ] as const;
  for (const [member, reason] of reasons) if (reason !== null) return invalid(member, reason);
  const origin = readOrigin(text);
  return origin === null
    ? invalid(
        "origin",
        "it must be scheme, host and port alone, such as https://files.example or http://10.0.0.7:8080",
      )
    : { name, origin, userName };
};

/** Whether a secret may go to an address: the fault where it may not. */
export const checkDestination = (
  secret: Pick<Secret, "name" | "origin">,
  url: string,
): FaultValue | null =>
  originOf(url) === secret.origin
    ? null
    : faultOf("secret.wrong_origin", secret.name, secret.origin);
