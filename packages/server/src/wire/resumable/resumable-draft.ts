/*
 * Resumable uploads of the IETF, draft-ietf-httpbis-resumable-upload, in the revisions -05 (interop version 6, which `tus-js-client`
 * speaks) and -12 (interop version 9). The address is the upload resource; it is created by the update session.
 *
 *   HEAD, GET                                                   -> 204  Upload-Offset, Upload-Complete, Upload-Length, Upload-Limit
 *   PATCH   Upload-Offset, Upload-Complete, application/partial-upload -> 204 or, with the last bytes, 200
 *   DELETE                                                      -> 204
 *
 * They differ in the name of the limit of age. The length is told in both: `tus-js-client` reads it in either protocol.
 */
import type { IncomingMessage } from "node:http";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { SentBytes } from "../../app/app.ts";
import { Refusal } from "../refusal.ts";
import { headerOf, mediaTypeOf } from "../request-head.ts";
import type { DialectError, UploadDialect } from "./dialect.ts";
import {
  bodyBytesOf,
  expectMediaType,
  methodOf,
  PROTOCOL_STATUSES,
  refuseProtocol,
  secondsUntil,
} from "./dialect.ts";
import { contentDigestOf } from "./repr-digest.ts";
import { booleanItemOf, integerItemOf } from "./structured-field.ts";

const INTEROP_HEADER = "upload-draft-interop-version";
/** The media type of bytes that are sent by the drafts. */
export const DRAFT_BODY_TYPE = "application/partial-upload";
const PROBLEMS = "https://iana.org/assignments/http-problem-types#";
const BAD_REQUEST = 400;
const CONFLICT = 409;

const INCOMPLETE = { "Upload-Complete": "?0" } as const;
const COMPLETE = { "Upload-Complete": "?1" } as const;

const readAppend = (request: IncomingMessage): SentBytes => {
  expectMediaType(request, DRAFT_BODY_TYPE);
  const isLast = booleanItemOf(request, "Upload-Complete");
  if (isLast === null) throw refuseProtocol("it has no Upload-Complete of ?0 or ?1");
  const offsetBytes = integerItemOf(request, "Upload-Offset");
  if (offsetBytes === null) throw refuseProtocol("it has no Upload-Offset that is a whole number");
  const contentLengthBytes = bodyBytesOf(request);
  const told = integerItemOf(request, "Upload-Length");
  const meant = isLast && contentLengthBytes !== null ? offsetBytes + contentLengthBytes : null;
  if (told !== null && meant !== null && told !== meant)
    throw new Refusal(
      faultOf("transfer.length_mismatch", "that is sent", String(told), `an end at ${meant}`),
      BAD_REQUEST,
    );
  const checksum = contentDigestOf(request);
  return { offsetBytes, lengthBytes: told ?? meant, isLast, contentLengthBytes, checksum };
};

const problem = (
  name: string,
  title: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({ type: `${PROBLEMS}${name}`, title, ...more });

/** The answer says by Upload-Complete whether the file as a whole was judged; only where it was not can the upload go on. */
const errorOf = ({ fault, args }: FaultValue, offsetBytes: number | null): DialectError => {
  const status = Object.hasOwn(PROTOCOL_STATUSES, fault) ? PROTOCOL_STATUSES[fault] : undefined;
  const offset = offsetBytes === null ? {} : { "Upload-Offset": String(offsetBytes) };
  const headers = { ...INCOMPLETE, ...offset };
  switch (fault) {
    case "transfer.offset_mismatch": {
      const [, expected = "0", provided = "0"] = args;
      return {
        status: CONFLICT,
        headers: { ...INCOMPLETE, "Upload-Offset": expected },
        problem: problem(
          "mismatching-upload-offset",
          "the bytes do not begin where those that are here end",
          { "expected-offset": Number(expected), "provided-offset": Number(provided) },
        ),
      };
    }
    case "transfer.length_mismatch":
      return {
        status: BAD_REQUEST,
        headers,
        problem: problem("inconsistent-upload-length", "the upload was given another length"),
      };
    // The file arrived and was judged: nothing that is sent after it would help.
    case "transfer.checksum_mismatch":
    case "transfer.file_refused":
    case "transfer.size_mismatch":
      return { status: BAD_REQUEST, headers: COMPLETE };
    default:
      return status === undefined ? { headers } : { status, headers };
  }
};

/** A request that only asks, or drops, says nothing of an offset: one that does was meant as something else. */
const expectNothingOfAppends = (request: IncomingMessage): void => {
  const method = methodOf(request);
  if (!["HEAD", "GET", "DELETE"].includes(method)) return;
  for (const name of ["Upload-Offset", "Upload-Complete", "Upload-Length"])
    if (headerOf(request, name.toLowerCase()) !== null)
      throw refuseProtocol(`${name} has no place in a ${method}`);
};

const ACTIONS = {
  HEAD: "state",
  GET: "state",
  PATCH: "append",
  DELETE: "drop",
  OPTIONS: "options",
} as const;

/** What the two revisions do not have in common. */
interface Revision {
  readonly interopVersion: string;
  readonly ageLimit: "expires" | "max-age";
}

const dialectOf = ({ interopVersion, ageLimit }: Revision): UploadDialect => {
  const headers = { "Upload-Draft-Interop-Version": interopVersion };
  return {
    headers,
    actionOf: (request) => {
      const method = methodOf(request);
      expectNothingOfAppends(request);
      return Object.hasOwn(ACTIONS, method) ? ACTIONS[method as keyof typeof ACTIONS] : null;
    },
    readAppend,
    state: ({ offsetBytes, lengthBytes, isComplete, expiresAt }, now) => ({
      status: 204,
      headers: {
        ...headers,
        ...(isComplete ? COMPLETE : INCOMPLETE),
        "Upload-Offset": String(offsetBytes),
        ...(lengthBytes !== null ? { "Upload-Length": String(lengthBytes) } : {}),
        "Upload-Limit": `${ageLimit}=${secondsUntil(expiresAt, now)}`,
        "Cache-Control": "no-store",
      },
    }),
    appended: ({ offsetBytes, isComplete }) => ({
      status: isComplete ? 200 : 204,
      headers: {
        ...headers,
        ...(isComplete ? COMPLETE : INCOMPLETE),
        "Upload-Offset": String(offsetBytes),
      },
    }),
    dropped: () => ({ status: 204, headers }),
    errorOf,
  };
};

/** The revision that `tus-js-client` speaks as `ietf-draft-05`. */
export const DRAFT_05 = dialectOf({
  interopVersion: "6",
  ageLimit: "expires",
});

export const DRAFT_12 = dialectOf({
  interopVersion: "9",
  ageLimit: "max-age",
});

const DIALECTS: Readonly<Record<string, UploadDialect>> = { "6": DRAFT_05, "9": DRAFT_12 };

const isPutOrPost = (request: IncomingMessage): boolean =>
  ["PUT", "POST"].includes(methodOf(request));

/** Whether the bytes are said to go behind others: then they are no whole file, whatever else the request says. */
const goesBehindOthers = (request: IncomingMessage): boolean =>
  ![null, "0"].includes(headerOf(request, "upload-offset"));

/** One request with a whole file, which may say so: the answer is that of a plain upload, as it is for clients of no protocol. */
const isWholeFile = (request: IncomingMessage): boolean =>
  isPutOrPost(request) &&
  booleanItemOf(request, "Upload-Complete") !== false &&
  !goesBehindOthers(request);

/** Marks of the protocol that only it has. */
const isMeant = (request: IncomingMessage): boolean =>
  (methodOf(request) === "PATCH" && mediaTypeOf(request) === DRAFT_BODY_TYPE) ||
  booleanItemOf(request, "Upload-Complete") === false ||
  (isPutOrPost(request) && goesBehindOthers(request));

/**
 * The revision that a request follows; null for one of another protocol, and for one that brings the whole file at once. One that
 * names no version but sends what only this protocol has is taken to follow the newest. Another version is refused, and both that
 * are known are named.
 */
export const draftOf = (request: IncomingMessage): UploadDialect | null => {
  const version = headerOf(request, INTEROP_HEADER);
  if (version === null) return isMeant(request) ? DRAFT_12 : null;
  const dialect = Object.hasOwn(DIALECTS, version) ? DIALECTS[version] : undefined;
  if (dialect !== undefined) return isWholeFile(request) ? null : dialect;
  throw refuseProtocol(
    "Upload-Draft-Interop-Version must be 6 (draft 05) or 9 (draft 12) of the resumable uploads",
  );
};
