import { WHOLE, sendBlob } from "./send-bytes.ts";
import { Sha256 } from "./sha256.ts";
import { TUS_HEADERS, hexOf } from "./upload-endpoint.ts";
import type { ResumableSending, SendReply, SendRequest } from "./upload-source.ts";

/** How much of a blob goes in one request with a digest of its own, in bytes; two such slices are held at a time. */
const SLICE_BYTES_MAX = 8 * 1024 * 1024;
/** The same on a line that breaks again and again: what has a digest counts only as a whole. */
const SLICE_BYTES_MIN = 256 * 1024;
/** How much of a blob is digested at once, in bytes: platforms digest only what is in memory. What is longer is read piece by piece. */
const DIGEST_BYTES_MAX = 64 * 1024 * 1024;
/** Such a piece, in bytes: short enough for a page that it does not stand still meanwhile. */
const DIGEST_PIECE_BYTES = 1024 * 1024;

interface Slice {
  readonly offsetBytes: number;
  readonly body: Blob;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A blob sent slice by slice, each with its SHA-256, so that the server takes no damaged one. Slices become smaller where
 * they do not get through, and larger again where they do. A small blob goes as a whole at first.
 */
export class BlobSending implements ResumableSending {
  readonly #blob: Blob;
  #sliceBytes = SLICE_BYTES_MAX;

  constructor(blob: Blob) {
    this.#blob = blob;
  }

  async send(request: SendRequest, offsetBytes: number): Promise<SendReply> {
    const body = this.#blob;
    if (offsetBytes === 0 && body.size <= SLICE_BYTES_MAX)
      return await sendBlob({ ...WHOLE, body, sizeBytes: body.size }, request);
    return await this.#sendSlices(request, offsetBytes);
  }

  async digestOf(firstBytes: number, signal: AbortSignal): Promise<string> {
    const first = this.#blob.slice(0, firstBytes);
    if (firstBytes <= DIGEST_BYTES_MAX && hasDigests())
      return hexOf(await sha256Of(await first.arrayBuffer()));
    const hash = new Sha256();
    for (let at = 0; at < firstBytes; at += DIGEST_PIECE_BYTES) {
      signal.throwIfAborted();
      hash.update(new Uint8Array(await first.slice(at, at + DIGEST_PIECE_BYTES).arrayBuffer()));
    }
    return hexOf(hash.digest());
  }

  /** The next slice is digested while one is on its way. */
  async #sendSlices(request: SendRequest, offsetBytes: number): Promise<SendReply> {
    let next = this.#readSlice(offsetBytes);
    for (;;) {
      const slice = await next;
      const endBytes = slice.offsetBytes + slice.body.size;
      const isLast = endBytes >= this.#blob.size;
      if (!isLast) {
        next = this.#readSlice(endBytes);
        // It is awaited only if this one gets through.
        next.catch(() => undefined);
      }
      const reply = await this.#sendSlice(slice, request);
      if (isLast || reply.status >= 300) return reply;
    }
  }

  async #sendSlice(
    { offsetBytes, body, headers }: Slice,
    request: SendRequest,
  ): Promise<SendReply> {
    const onProgress = (sent: number): void => request.onProgress(offsetBytes + sent);
    const bytes = { method: "PATCH", headers, body, sizeBytes: body.size } as const;
    try {
      const reply = await sendBlob(bytes, { ...request, onProgress });
      this.#sliceBytes = Math.min(SLICE_BYTES_MAX, this.#sliceBytes * 2);
      return reply;
    } catch (error) {
      this.#sliceBytes = Math.max(SLICE_BYTES_MIN, this.#sliceBytes / 2);
      throw error;
    }
  }

  /** A slice in memory, with its digest where the platform makes one (in secure contexts only). */
  async #readSlice(offsetBytes: number): Promise<Slice> {
    const bytes = await this.#blob.slice(offsetBytes, offsetBytes + this.#sliceBytes).arrayBuffer();
    const headers = {
      ...TUS_HEADERS,
      ...(hasDigests() ? { "upload-checksum": `sha256 ${base64Of(await sha256Of(bytes))}` } : {}),
      "content-type": "application/offset+octet-stream",
      "upload-offset": String(offsetBytes),
    };
    return { offsetBytes, body: new Blob([bytes]), headers };
  }
}

const hasDigests = (): boolean => "crypto" in globalThis && "subtle" in globalThis.crypto;

const sha256Of = async (bytes: ArrayBuffer): Promise<Uint8Array> =>
  // oxlint-disable-next-line no-restricted-globals -- a digest, and nothing random
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

const base64Of = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
