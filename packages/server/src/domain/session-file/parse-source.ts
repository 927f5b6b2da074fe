import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { PullSource } from "../pull-source.ts";
import type { PinReader, PinWish } from "../remote-pin.ts";
import { parseRemotePin } from "../remote-pin.ts";
import type { UrlLogin } from "../remote-url.ts";
import { readRemoteUrl } from "../remote-url.ts";
import { readStorageUrl, STORAGE_SCHEMES } from "../storage-url.ts";

/** Where a file is to be pulled from, as a client says it. */
export interface SourceWish {
  /** Name of the file it is for. */
  readonly fileName: string;
  readonly uri: string;
  readonly pin: PinWish;
  /** Name of a secret; an empty one is none. */
  readonly secret?: string;
  /** Whether the operator has opened directories of this machine. */
  readonly isStorageOpen: boolean;
}

/** A source, and the login that stood in its address, which is to be sealed before anything keeps it. */
export interface ParsedSource {
  readonly source: PullSource;
  readonly login: UrlLogin | null;
}

const invalid = (reason: string): FaultValue =>
  faultOf("update_session.invalid_file", "source_endpoint", reason);

/** Whoever names a secret does not say who may be told it: what the server trusts is for administrators to decide. (S118) */
const PINNED_SECRET =
  "contentlib_secret stands beside what is said of the certificate there: leave that out, and have an administrator trust the certificate where the server does not";

/** A file of this machine, which shows no certificate and asks for no login. (S119) */
const parseStorage = (wish: SourceWish, scheme: string): ParsedSource | FaultValue => {
  if (!STORAGE_SCHEMES.includes(scheme)) return invalid("its uri must begin with http: or https:");
  if (!wish.isStorageOpen) return faultOf("update_session.pull_unsupported", wish.fileName);
  const address = readStorageUrl(wish.uri);
  if (address.kind === "invalid") return invalid(`its uri can not be used: ${address.reason}`);
  return wish.secret === undefined || wish.secret === ""
    ? { source: { url: wish.uri }, login: null }
    : invalid("contentlib_secret is for http and https addresses: leave it out");
};

/** Reads where a file is pulled from. What is refused is never repeated: it may hold a password. (S58, S100) */
export const parseSource = (wish: SourceWish, reader: PinReader): ParsedSource | FaultValue => {
  const address = readRemoteUrl(wish.uri);
  if (address.kind === "storage") return parseStorage(wish, address.scheme);
  if (address.kind === "invalid") return invalid(`its uri can not be used: ${address.reason}`);
  const pin = parseRemotePin(wish.pin, reader);
  if (pin !== null && isFault(pin)) return pin;
  const { url, login } = address;
  const secret = wish.secret === "" ? undefined : wish.secret;
  if (login !== null && secret !== undefined)
    return invalid("contentlib_secret stands beside a login in the uri: give one of them");
  if (pin !== null && secret !== undefined) return invalid(PINNED_SECRET);
  return {
    source: {
      url,
      ...(pin === null ? {} : { pin }),
      ...(secret === undefined ? {} : { secret }),
    },
    login,
  };
};
