/*
 * tus 1.0.0 (tus.io/protocols/resumable-upload), with the extensions checksum, expiration and termination. There is no creation: the
 * update session makes the address, so the address is the upload.
 *
 *   HEAD    Tus-Resumable                              -> 200  Upload-Offset, Upload-Length or Upload-Defer-Length, Upload-Expires
 *   PATCH   Upload-Offset, application/offset+octet-stream -> 204  Upload-Offset, Upload-Expires
 *   DELETE                                             -> 204
 *   OPTIONS                                            -> 204  Tus-Version, Tus-Extension, Tus-Checksum-Algorithm
 */
import type { IncomingMessage } from "node:http";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { SentBytes } from "../../app/app.ts";
import type { Checksum, ChecksumAlgorithm } from "../../domain/checksum.ts";
import type { Instant } from "../../domain/ids.ts";
import { headerOf, mediaTypeOf } from "../request-head.ts";
import type { DialectError, UploadDialect } from "./dialect.ts";
import {
  bodyBytesOf,
  byteCountOf,
  expectMediaType,
  methodOf,
  neededByteCountOf,
  PROTOCOL_STATUSES,
  refuseProtocol,
} from "./dialect.ts";

const VERSION = "1.0.0";
/** The media type of bytes that are sent by tus. */
export const TUS_BODY_TYPE = "application/offset+octet-stream";
const CONFLICT = 409;
const PRECONDITION_FAILED = 412;
/** The status that tus gives to bytes that do not fit their checksum. */
const CHECKSUM_MISMATCH = 460;

const ALGORITHMS: Readonly<Record<string, ChecksumAlgorithm>> = {
  md5: "MD5",
  sha1: "SHA1",
  sha256: "SHA256",
  sha512: "SHA512",
};

const DIGEST_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  MD5: 16,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
};

const headers = { "Tus-Resumable": VERSION } as const;

/** Whether the request says that it is one of tus. */
export const isTus = (request: IncomingMessage): boolean =>
  headerOf(request, "tus-resumable") !== null;

/** Whether it can be nothing else, by the type of what it appends. */
export const isMeantAsTus = (request: IncomingMessage): boolean =>
  methodOf(request) === "PATCH" && mediaTypeOf(request) === TUS_BODY_TYPE;

const checksumOf = (request: IncomingMessage): Checksum | null => {
  const text = headerOf(request, "upload-checksum");
  if (text === null) return null;
  const [name = "", encoded = "", ...rest] = text.split(" ");
  const algorithm = Object.hasOwn(ALGORITHMS, name) ? ALGORITHMS[name] : undefined;
  if (algorithm === undefined) throw refuseProtocol("Upload-Checksum names an unknown algorithm");
  const bytes = Buffer.from(encoded, "base64");
  if (rest.length > 0 || bytes.length !== DIGEST_BYTES[algorithm])
    throw refuseProtocol("Upload-Checksum is no digest of its algorithm");
  return { algorithm, hex: bytes.toString("hex") };
};

const STATUSES: Readonly<Record<string, number>> = {
  ...PROTOCOL_STATUSES,
  "transfer.offset_mismatch": CONFLICT,
  "transfer.chunk_mismatch": CHECKSUM_MISMATCH,
};

const errorOf = ({ fault }: FaultValue): DialectError => {
  const status = Object.hasOwn(STATUSES, fault) ? STATUSES[fault] : undefined;
  return status === undefined ? {} : { status };
};

const ACTIONS = { HEAD: "state", PATCH: "append", DELETE: "drop", OPTIONS: "options" } as const;

const expectVersion = (request: IncomingMessage): void => {
  if (headerOf(request, "tus-resumable") !== VERSION)
    throw refuseProtocol(`Tus-Resumable must be ${VERSION}`, PRECONDITION_FAILED, {
      "Tus-Version": VERSION,
    });
};

const expires = (at: Instant | null): Readonly<Record<string, string>> =>
  at === null ? {} : { "Upload-Expires": new Date(at).toUTCString() };

/** What a client may learn before it begins. */
export const TUS_ABILITIES = {
  "Tus-Version": VERSION,
  "Tus-Extension": "checksum,expiration,termination",
  "Tus-Checksum-Algorithm": Object.keys(ALGORITHMS).join(","),
} as const;

/** The dialect that `tus-js-client` and its relatives speak. */
export const TUS: UploadDialect = {
  headers,
  actionOf: (request) => {
    const method = methodOf(request);
    if (method !== "OPTIONS") expectVersion(request);
    return Object.hasOwn(ACTIONS, method) ? ACTIONS[method as keyof typeof ACTIONS] : null;
  },
  readAppend: (request): SentBytes => {
    expectMediaType(request, TUS_BODY_TYPE);
    return {
      offsetBytes: neededByteCountOf(request, "Upload-Offset"),
      lengthBytes: byteCountOf(request, "Upload-Length"),
      isLast: null,
      contentLengthBytes: bodyBytesOf(request),
      checksum: checksumOf(request),
    };
  },
  state: ({ offsetBytes, lengthBytes, expiresAt }) => ({
    status: 200,
    headers: {
      ...headers,
      "Upload-Offset": String(offsetBytes),
      ...(lengthBytes === null
        ? { "Upload-Defer-Length": "1" }
        : { "Upload-Length": String(lengthBytes) }),
      ...expires(expiresAt),
      "Cache-Control": "no-store",
    },
  }),
  appended: ({ offsetBytes, expiresAt }) => ({
    status: 204,
    headers: { ...headers, "Upload-Offset": String(offsetBytes), ...expires(expiresAt) },
  }),
  dropped: () => ({ status: 204, headers }),
  errorOf,
};
