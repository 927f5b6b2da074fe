import { createHmac, timingSafeEqual } from "node:crypto";
import type { DownloadSessionId, EntryId, UpdateSessionId } from "../../domain/ids.ts";
import { parseDownloadSessionId, parseEntryId, parseUpdateSessionId } from "../../domain/ids.ts";
import type { EndpointSigner, EndpointSubject } from "../../ports/index.ts";

/*
 * A segment is base64url of
 *   upload    1 | session id (16 bytes) | entry id (16 bytes) | MAC (20 bytes)
 *   download  2 | session id (16 bytes) | file index (4 bytes) | MAC (20 bytes)
 * The MAC is HMAC-SHA-256 over a fixed label and all bytes before it, cut to 160 bits.
 */
const UPLOAD = 1;
const DOWNLOAD = 2;
const UUID_BYTES = 16;
const INDEX_BYTES = 4;
const MAC_BYTES = 20;
const SEGMENT_CHARACTERS_MAX = 128;
const LABEL = "contentlib transfer endpoint 1\0";

const uuidBytes = (id: string): Buffer => Buffer.from(id.replaceAll("-", ""), "hex");

const uuidText = (bytes: Buffer): string => {
  const hex = bytes.toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
};

const payloadOf = (subject: EndpointSubject): Buffer => {
  if (subject.direction === "upload") {
    return Buffer.concat([
      Buffer.of(UPLOAD),
      uuidBytes(subject.sessionId),
      uuidBytes(subject.entryId),
    ]);
  }
  const index = Buffer.alloc(INDEX_BYTES);
  index.writeUInt32BE(subject.fileIndex);
  return Buffer.concat([Buffer.of(DOWNLOAD), uuidBytes(subject.sessionId), index]);
};

const uploadSubject = (
  sessionId: UpdateSessionId | null,
  entryId: EntryId | null,
): EndpointSubject | null =>
  sessionId === null || entryId === null ? null : { direction: "upload", sessionId, entryId };

const downloadSubject = (
  sessionId: DownloadSessionId | null,
  fileIndex: number,
): EndpointSubject | null =>
  sessionId === null ? null : { direction: "download", sessionId, fileIndex };

const subjectOf = (payload: Buffer): EndpointSubject | null => {
  const sessionId = uuidText(payload.subarray(1, 1 + UUID_BYTES));
  const rest = payload.subarray(1 + UUID_BYTES);
  if (payload[0] === UPLOAD && rest.length === UUID_BYTES) {
    return uploadSubject(parseUpdateSessionId(sessionId), parseEntryId(uuidText(rest)));
  }
  if (payload[0] === DOWNLOAD && rest.length === INDEX_BYTES) {
    return downloadSubject(parseDownloadSessionId(sessionId), rest.readUInt32BE());
  }
  return null;
};

/** Endpoint addresses under a secret key; whoever holds the key can make them, so it stays in the data directory. */
export class HmacEndpointSigner implements EndpointSigner {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  sign(subject: EndpointSubject): string {
    const payload = payloadOf(subject);
    return Buffer.concat([payload, this.#mac(payload)]).toString("base64url");
  }

  read(segment: string): EndpointSubject | null {
    if (segment.length > SEGMENT_CHARACTERS_MAX) return null;
    const bytes = Buffer.from(segment, "base64url");
    // Node's decoder skips what it does not know: only the one spelling that `sign` makes counts.
    if (bytes.length <= MAC_BYTES || bytes.toString("base64url") !== segment) return null;
    const payload = bytes.subarray(0, -MAC_BYTES);
    if (!timingSafeEqual(bytes.subarray(-MAC_BYTES), this.#mac(payload))) return null;
    return subjectOf(payload);
  }

  #mac(payload: Buffer): Buffer {
    return createHmac("sha256", this.#key)
      .update(LABEL)
      .update(payload)
      .digest()
      .subarray(0, MAC_BYTES);
  }
}
