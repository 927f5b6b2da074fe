import { STATUS_CODES } from "node:http";
import { RemoteError } from "../../ports/index.ts";
import type { RemotePeer, RemoteWish } from "../../ports/index.ts";
import type { Answer, Headers } from "./http-exchange.ts";

/** What the head of a successful answer says. */
export interface AnswerFacts {
  readonly startsAtBytes: number;
  /** Of the whole file. */
  readonly sizeBytes: number | null;
  /** Of what comes now. */
  readonly bodyBytes: number | null;
  readonly validator: string | null;
}

/** Whose answer it is, and where it was asked to begin. */
export interface Asked {
  readonly origin: string;
  readonly from: RemoteWish["from"];
  readonly hasLogin: boolean;
  readonly peer: RemotePeer | null;
}

const OK = 200;
const PARTIAL = 206;
const UNSATISFIABLE = 416;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const VALIDATOR_CHARACTERS_MAX = 1024;

/** A header that is there once; null where it is not there, or more than once. */
const headerOf = (headers: Headers, name: string): string | null => {
  const value = headers[name];
  return typeof value === "string" ? value : null;
};

const countOf = (text: string | null): number | null => {
  const count = text !== null && /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(count) ? count : null;
};

/** The entity tag, where it is a strong one: a weak one stands for many files that are much alike. */
const validatorOf = (headers: Headers): string | null => {
  const tag = headerOf(headers, "etag");
  const isStrong = tag !== null && tag.length <= VALIDATOR_CHARACTERS_MAX;
  return isStrong && /^"[\x21\x23-\x7e\x80-\xff]*"$/.test(tag) ? tag : null;
};

/** Where the answer sends the caller on to; null where it does not. */
export const redirectOf = ({ status, headers }: Answer): string | null =>
  REDIRECTS.includes(status) ? headerOf(headers, "location") : null;

const told = (status: number): string => `${status} ${STATUS_CODES[status] ?? ""}`.trim();

const loginError = (status: number, { origin, hasLogin, peer }: Asked): RemoteError => {
  const what = hasLogin
    ? "refuses the login that was given"
    : "asks for a login, or lets nobody have it";
  return new RemoteError("login", `${origin} ${what} (${told(status)}).`, { peer });
};

const SERVER_ERRORS_FROM = 500;
/** Further statuses of a server that may do better by itself soon. */
const PASSING: readonly number[] = [408, 425, 429];

const failureOf = (status: number, asked: Asked): RemoteError => {
  const { origin, peer } = asked;
  switch (status) {
    case 401:
    case 403:
    case 407:
      return loginError(status, asked);
    case 404:
    case 410:
      return new RemoteError(
        "absent",
        `${origin} has nothing at that address (${told(status)}): check the path.`,
        { peer },
      );
    default:
      return new RemoteError("status", `${origin} answers ${told(status)}, and no file.`, {
        peer,
        retry: status >= SERVER_ERRORS_FROM || PASSING.includes(status) ? "safe" : "never",
      });
  }
};

const changed = ({ origin, peer }: Asked): RemoteError =>
  new RemoteError(
    "changed",
    `The file at ${origin} is not the one of which a part is here: begin anew.`,
    { peer },
  );

const badRange = ({ origin, peer }: Asked): RemoteError =>
  new RemoteError("protocol", `${origin} does not send the part of the file that was asked for.`, {
    peer,
  });

/** A server may look at the range alone: only the tag tells that the part is of the same file. (S103) */
const untagged = ({ origin, peer }: Asked): RemoteError =>
  new RemoteError("protocol", `${origin} does not say of which file the part is that it sends.`, {
    peer,
  });

/** Where the size is left open, nobody could tell whether the part goes to the end of the file. */
const RANGE = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/i;

const partialFacts = (headers: Headers, asked: Asked): AnswerFacts => {
  const { from } = asked;
  const [, start, end, size] = RANGE.exec(headerOf(headers, "content-range") ?? "") ?? [];
  if (from === undefined || start === undefined || end === undefined) throw badRange(asked);
  const validator = validatorOf(headers);
  if (validator === null) throw untagged(asked);
  if (validator !== from.validator) throw changed(asked);
  const bodyBytes = Number(end) - Number(start) + 1;
  const sizeBytes = Number(size);
  // What ends before the end of the file would have to be asked for again, byte for byte.
  const isRest = Number(end) === sizeBytes - 1;
  if (Number(start) !== from.offsetBytes || bodyBytes < 1 || !isRest) throw badRange(asked);
  const length = countOf(headerOf(headers, "content-length"));
  if (length !== null && length !== bodyBytes) throw badRange(asked);
  return { startsAtBytes: from.offsetBytes, sizeBytes, bodyBytes, validator: from.validator };
};

/** A packed file has another size and other bytes than the file, and would be kept as it came. */
const checkCoding = (headers: Headers, { origin, peer }: Asked): void => {
  const coding = String(headers["content-encoding"] ?? "")
    .trim()
    .toLowerCase();
  if (coding === "" || coding === "identity") return;
  throw new RemoteError(
    "protocol",
    `${origin} sends the file in a coding (Content-Encoding), although it was asked for the file as it is: have it send that.`,
    { peer },
  );
};

/** Reads the head of an answer that is no redirect; throws a `RemoteError` where no file comes with it. */
export const readAnswerHead = ({ status, headers }: Answer, asked: Asked): AnswerFacts => {
  if (status === UNSATISFIABLE && asked.from !== undefined) throw changed(asked);
  if (status !== OK && status !== PARTIAL) throw failureOf(status, asked);
  checkCoding(headers, asked);
  if (status === PARTIAL) return partialFacts(headers, asked);
  const length = countOf(headerOf(headers, "content-length"));
  return {
    startsAtBytes: 0,
    sizeBytes: length,
    bodyBytes: length,
    validator: validatorOf(headers),
  };
};
