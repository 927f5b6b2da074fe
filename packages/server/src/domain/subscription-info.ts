import { CERTIFICATE_CHARACTERS_MAX, faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { parseLibraryId, parseSubscriptionId } from "./ids.ts";
import type { SubscriptionInfo } from "./library.ts";
import { checkPassword, checkUserName } from "./names.ts";
import { readSubscriptionUrl } from "./subscription-url.ts";

/** What a client says about the source of a subscribed library; absent members are left as they are. */
export interface SubscriptionInfoWish {
  readonly authenticationMethod?: "BASIC" | "NONE";
  readonly automaticSyncEnabled?: boolean;
  readonly onDemand?: boolean;
  readonly subscriptionUrl?: string;
  readonly userName?: string;
  readonly password?: string;
  /** An empty one takes the print away. */
  readonly sslThumbprint?: string;
  /** An empty one takes the certificate away. */
  readonly sslCertificate?: string;
  readonly source?: { readonly libraryId?: string; readonly subscriptionId?: string };
}

/** The parts of a wish that must be put into the form in which they are kept, each absent when it was not told. */
interface Parts {
  readonly origin?: string;
  readonly sslThumbprint?: string;
  readonly sslCertificate?: string;
  readonly source?: SubscriptionInfo["source"];
}

const THUMBPRINT = /^(?:[0-9a-f]{40}|[0-9a-f]{2}(?::[0-9a-f]{2}){19})$/i;
const PEM_BLOCK =
  /^-----BEGIN CERTIFICATE-----\r?\n(?:[A-Za-z0-9+/=]+\r?\n)+-----END CERTIFICATE-----$/;

const invalid = (member: string, reason: string): FaultValue =>
  faultOf("library.invalid_property", `subscription_info.${member}`, reason);

const missing = (member: string): FaultValue =>
  faultOf("request.missing_member", `subscription_info.${member}`);

const parseOrigin = (text: string): string | FaultValue => {
  const url = readSubscriptionUrl(text);
  switch (url.kind) {
    case "http":
      return url.origin;
    case "storage":
      return faultOf(
        "library.unsupported",
        `subscriptions by ${url.scheme}: give the http or https address of the published library`,
      );
    case "invalid":
      return invalid("subscription_url", url.reason);
  }
};

const parseThumbprint = (text: string): string | FaultValue => {
  if (text !== "" && !THUMBPRINT.test(text))
    return invalid("ssl_thumbprint", "it is not a SHA-1 print, 20 pairs of hexadecimal digits");
  return (text.toLowerCase().match(/[0-9a-f]{2}/g) ?? []).join(":");
};

const parseCertificate = (text: string): string | FaultValue => {
  const pem = text.trim();
  return pem === "" || (pem.length <= CERTIFICATE_CHARACTERS_MAX && PEM_BLOCK.test(pem))
    ? pem
    : invalid("ssl_certificate", "it is not one certificate in PEM form");
};

const parseSource = (
  source: NonNullable<SubscriptionInfoWish["source"]>,
): NonNullable<SubscriptionInfo["source"]> | FaultValue => {
  if (source.libraryId === undefined) return missing("source_info.source_library");
  if (source.subscriptionId === undefined) return missing("source_info.subscription");
  const libraryId = parseLibraryId(source.libraryId);
  if (libraryId === null) return invalid("source_info.source_library", "it is no id of a library");
  const subscriptionId = parseSubscriptionId(source.subscriptionId);
  if (subscriptionId === null)
    return invalid("source_info.subscription", "it is no id of a subscription");
  return { libraryId, subscriptionId };
};

const checkLogin = ({ userName, password }: SubscriptionInfoWish): FaultValue | null => {
  const nameReason = userName === undefined ? null : checkUserName(userName);
  if (nameReason !== null) return invalid("user_name", nameReason);
  const reason = password === undefined ? null : checkPassword(password);
  return reason === null ? null : invalid("password", reason);
};

const parseParts = (wish: SubscriptionInfoWish): Parts | FaultValue => {
  const fault = checkLogin(wish);
  if (fault !== null) return fault;
  const parsers = {
    origin: [wish.subscriptionUrl, parseOrigin],
    sslThumbprint: [wish.sslThumbprint, parseThumbprint],
    sslCertificate: [wish.sslCertificate, parseCertificate],
  } as const;
  const parts: Record<string, string> = {};
  for (const [name, [text, parse]] of Object.entries(parsers)) {
    const parsed = text === undefined ? undefined : parse(text);
    if (isFault(parsed)) return parsed;
    if (parsed !== undefined) parts[name] = parsed;
  }
  const source = wish.source === undefined ? undefined : parseSource(wish.source);
  if (isFault(source)) return source;
  return { ...parts, ...(source === undefined ? {} : { source }) };
};

/** What is neither absent nor empty. */
const kept = <Name extends string>(name: Name, text: string | undefined) =>
  (text === undefined || text === "" ? {} : { [name]: text }) as {
    readonly [Key in Name]?: string;
  };

const MEMBERS = {
  authentication_method: "authenticationMethod",
  automatic_sync_enabled: "automaticSyncEnabled",
  on_demand: "onDemand",
  subscription_url: "subscriptionUrl",
} as const;

type Required = Pick<SubscriptionInfo, (typeof MEMBERS)[keyof typeof MEMBERS]>;

const requireMembers = (
  wish: SubscriptionInfoWish,
): (SubscriptionInfoWish & Required) | FaultValue => {
  for (const [member, name] of Object.entries(MEMBERS)) {
    if (wish[name] === undefined) return missing(member);
  }
  return wish as SubscriptionInfoWish & Required;
};

/**
 * The source of a new subscribed library (contract L22). Nobody asks the publisher: what is told is judged by its form alone. A
 * password beside NONE is of no use and is not kept.
 */
export const createSubscriptionInfo = (
  wish: SubscriptionInfoWish,
  sealedPassword: string | undefined,
): SubscriptionInfo | FaultValue => {
  const told = requireMembers(wish);
  if (isFault(told)) return told;
  const parts = parseParts(wish);
  if (isFault(parts)) return parts;
  const isBasic = told.authenticationMethod === "BASIC";
  if (isBasic && sealedPassword === undefined) return missing("password");
  return {
    authenticationMethod: told.authenticationMethod,
    automaticSyncEnabled: told.automaticSyncEnabled,
    onDemand: told.onDemand,
    subscriptionUrl: told.subscriptionUrl,
    ...(told.userName === undefined ? {} : { userName: told.userName }),
    ...(isBasic ? kept("sealedPassword", sealedPassword) : {}),
    ...kept("sslThumbprint", parts.sslThumbprint),
    ...kept("sslCertificate", parts.sslCertificate),
    ...(parts.source === undefined ? {} : { source: parts.source }),
  };
};

/**
 * A password is for the publisher it was told for: whoever sends the library to another host, or changes by what that host is
 * known, must know it, or a stored one could be lured out.
 */
const isPasswordNeeded = (
  present: SubscriptionInfo,
  next: SubscriptionInfo,
  origin: string | undefined,
): boolean => {
  if (next.authenticationMethod === "NONE") return false;
  if (present.authenticationMethod === "NONE") return true;
  if (next.sslThumbprint !== present.sslThumbprint) return true;
  if (next.sslCertificate !== present.sslCertificate) return true;
  const before = readSubscriptionUrl(present.subscriptionUrl);
  return origin !== undefined && !(before.kind === "http" && before.origin === origin);
};

const isSame = (one: SubscriptionInfo, other: SubscriptionInfo): boolean =>
  one.authenticationMethod === other.authenticationMethod &&
  one.automaticSyncEnabled === other.automaticSyncEnabled &&
  one.onDemand === other.onDemand &&
  one.subscriptionUrl === other.subscriptionUrl &&
  one.userName === other.userName &&
  one.sealedPassword === other.sealedPassword &&
  one.sslThumbprint === other.sslThumbprint &&
  one.sslCertificate === other.sslCertificate &&
  one.source?.libraryId === other.source?.libraryId &&
  one.source?.subscriptionId === other.source?.subscriptionId;

/** The same after an update: members that are absent stay, and nothing changed gives the very same value back. */
export const updateSubscriptionInfo = (
  present: SubscriptionInfo,
  wish: SubscriptionInfoWish,
  sealedPassword: string | undefined,
): SubscriptionInfo | FaultValue => {
  const parts = parseParts(wish);
  if (isFault(parts)) return parts;
  const authenticationMethod = wish.authenticationMethod ?? present.authenticationMethod;
  const userName = wish.userName ?? present.userName;
  const source = parts.source ?? present.source;
  const next: SubscriptionInfo = {
    authenticationMethod,
    automaticSyncEnabled: wish.automaticSyncEnabled ?? present.automaticSyncEnabled,
    onDemand: wish.onDemand ?? present.onDemand,
    subscriptionUrl: wish.subscriptionUrl ?? present.subscriptionUrl,
    ...(userName === undefined ? {} : { userName }),
    ...(authenticationMethod === "BASIC"
      ? kept("sealedPassword", sealedPassword ?? present.sealedPassword)
      : {}),
    ...kept("sslThumbprint", parts.sslThumbprint ?? present.sslThumbprint),
    ...kept("sslCertificate", parts.sslCertificate ?? present.sslCertificate),
    ...(source === undefined ? {} : { source }),
  };
  if (sealedPassword === undefined && isPasswordNeeded(present, next, parts.origin))
    return missing("password");
  return isSame(present, next) ? present : next;
};
