import type { ChecksumInfo, SourceEndpoint } from "@contentlib/contract";
import { BlobSending } from "./blob-sending.ts";
import { WHOLE, sendBlob, sendByFetch } from "./send-bytes.ts";
import type { System } from "./system.ts";

/** One sending of a whole file. */
export interface SendRequest {
  /** The upload endpoint. It is a secret: whoever has it can send the file. */
  readonly url: string;
  /** Aborts the sending. */
  readonly signal: AbortSignal;
  /** What the sending may use of the world. */
  readonly system: System;
  /** What is sent besides the headers of the sending itself: the login, where the endpoint asks for it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Called with the number of bytes handed to the network so far. */
  readonly onProgress: (sentBytes: number) => void;
}

/** What the server answered to the bytes. */
export interface SendReply {
  /** The HTTP status. */
  readonly status: number;
  /** The body as text: an error in the form of `/api`, or nothing. */
  readonly body: string;
  /** The server's id of the request, where it gave one. */
  readonly requestId: string | undefined;
  /** The digest of the bytes as they were read for sending, where the source computed it. */
  readonly digest?: ChecksumInfo;
}

/**
 * A sending that can go on where it broke off, one for each time a source is uploaded. Only servers that tell the offset
 * they have reached are sent to in this way.
 */
export interface ResumableSending {
  /**
   * Sends the bytes from the offset to the end: from 0 in any way, else by the requests of tus 1.0. Progress counts from the
   * beginning of the file. The reply has the digest of the whole file where all its bytes were read here.
   */
  send(request: SendRequest, offsetBytes: number): Promise<SendReply>;
  /** SHA-256 of so many first bytes, in lower-case hexadecimal digits; null where it can not be told. */
  digestOf(firstBytes: number, signal: AbortSignal): Promise<string | null>;
}

/**
 * Where the bytes of a file come from, with the way to send them: platforms differ in what they can stream. `send`
 * makes one PUT of everything and throws ConnectionError or AbortedError, or the source's own error.
 */
export interface UploadSource {
  /** Size in bytes; undefined when only the end of the stream tells. */
  readonly sizeBytes: number | undefined;
  /** When the bytes were changed last, in epoch milliseconds; absent where nobody knows. */
  readonly modifiedAt?: number;
  /** Whether `send` may be called again after it failed. A stream can not be read twice. */
  readonly isReplayable: boolean;
  /** Sends all the bytes by one PUT. */
  send(request: SendRequest): Promise<SendReply>;
  /** Begins a sending that can be resumed; absent where the bytes can only be sent whole. */
  resumable?(): ResumableSending;
  /** Where the server is to fetch the bytes by itself, so that none is sent from here. */
  readonly pulledFrom?: SourceEndpoint;
}

/**
 * Bytes that the server fetches by itself, from an address that it can reach. `contentlib_key_pin`, `contentlib_ca_pin` and
 * `contentlib_secret` are additions of contentlib; other servers do not know them.
 */
export const remoteSource = (endpoint: SourceEndpoint): UploadSource => ({
  sizeBytes: undefined,
  isReplayable: true,
  send: async () => await Promise.reject(new TypeError("The server fetches it by itself.")),
  pulledFrom: endpoint,
});

/** Bytes in memory or a file a browser was given; may be sent again. Progress is told where the platform can tell it. */
export const blobSource = (blob: Blob): UploadSource => ({
  sizeBytes: blob.size,
  // A file of this machine; bytes in memory have no time.
  ...(blob instanceof File ? { modifiedAt: blob.lastModified } : {}),
  isReplayable: true,
  send: async (request) => await sendBlob({ ...WHOLE, body: blob, sizeBytes: blob.size }, request),
  resumable: () => new BlobSending(blob),
});

/** A stream of bytes: read once, so never sent again by itself. Give its size where it is known. */
export const streamSource = (
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  sizeBytes?: number,
): UploadSource => ({
  sizeBytes,
  isReplayable: false,
  send: async (request) => {
    let sentBytes = 0;
    const counted = stream.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(chunk, controller) {
          sentBytes += chunk.byteLength;
          request.onProgress(sentBytes);
          controller.enqueue(chunk);
        },
      }),
    );
    return await sendByFetch({ ...WHOLE, body: counted, sizeBytes: undefined }, request);
  },
});
