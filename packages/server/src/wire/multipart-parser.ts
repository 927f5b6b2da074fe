/*
 * multipart/form-data, one pass, nothing kept but a possible beginning of a delimiter (RFC 7578, RFC 2046 5.1):
 *
 *   preamble --delimiter--> line --CRLF--> head --CRLF CRLF--> content --delimiter--> line ...
 *                            `-- "--" --> epilogue
 *
 * Content of the one part with a file name is handed out; content of other parts is dropped.
 */

const CRLF = "\r\n";
/** Longest text before the first delimiter, longest rest of a delimiter's line, longest head of a part; in bytes. */
const PREAMBLE_BYTES_MAX = 4096;
const LINE_BYTES_MAX = 256;
const HEAD_BYTES_MAX = 16 * 1024;

const NONE = Buffer.alloc(0);

type Place = "preamble" | "line" | "head" | "content" | "epilogue";

/** What is wrong with a multipart body. */
export class MultipartError extends Error {
  override readonly name = "MultipartError";
}

/** The boundary named by a content type; null when it is missing or malformed. */
export const boundaryOf = (contentType: string): string | null => {
  const parts = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70})(?=[\s;]|$))/i.exec(contentType);
  return parts?.[1] ?? parts?.[2] ?? null;
};

/** Where the text could go on into the next chunk: length of its longest end that begins the delimiter. */
const openEnd = (bytes: Buffer, delimiter: Buffer): number => {
  for (let length = Math.min(bytes.length, delimiter.length - 1); length > 0; length -= 1) {
    if (bytes.subarray(bytes.length - length).equals(delimiter.subarray(0, length))) return length;
  }
  return 0;
};

/** Takes the body chunk by chunk and hands out the file's bytes, views of the chunk where possible. Throws `MultipartError`. */
export class MultipartParser {
  readonly #delimiter: Buffer;
  readonly #onFileBytes: (bytes: Buffer) => void;
  #place: Place = "preamble";
  /** Bytes that may begin a delimiter, or a line or head that is not whole; always our own memory. */
  #held = Buffer.from(CRLF);
  #seenBytes = 0;
  #isFile = false;
  #fileCount = 0;

  constructor(boundary: string, onFileBytes: (bytes: Buffer) => void) {
    this.#delimiter = Buffer.from(`${CRLF}--${boundary}`);
    this.#onFileBytes = onFileBytes;
  }

  write(chunk: Buffer): void {
    let rest: Buffer = chunk;
    while (rest.length > 0) rest = this.#step(rest);
  }

  /** To be called at the end of the body. */
  end(): void {
    if (this.#place !== "epilogue")
      throw new MultipartError("the multipart body ends before its last delimiter");
    if (this.#fileCount === 0)
      throw new MultipartError("the multipart body has no part with a file name");
  }

  #step(chunk: Buffer): Buffer {
    switch (this.#place) {
      case "preamble":
        return this.#preamble(chunk);
      case "content":
        return this.#untilDelimiter(chunk);
      case "line":
        return this.#line(chunk);
      case "head":
        return this.#head(chunk);
      case "epilogue":
        return NONE;
    }
  }

  #preamble(chunk: Buffer): Buffer {
    const rest = this.#untilDelimiter(chunk);
    this.#seenBytes += chunk.length - rest.length;
    if (this.#place === "preamble" && this.#seenBytes > PREAMBLE_BYTES_MAX) {
      throw new MultipartError("the multipart body does not begin with its delimiter");
    }
    return rest;
  }

  #untilDelimiter(chunk: Buffer): Buffer {
    if (this.#held.length > 0) return this.#acrossChunks(chunk);
    const at = chunk.indexOf(this.#delimiter);
    if (at >= 0) {
      this.#hand(chunk.subarray(0, at));
      this.#place = "line";
      return chunk.subarray(at + this.#delimiter.length);
    }
    const open = openEnd(chunk, this.#delimiter);
    this.#hand(chunk.subarray(0, chunk.length - open));
    this.#held = Buffer.from(chunk.subarray(chunk.length - open));
    return NONE;
  }

  /** Decides about held bytes with the help of just enough of the next chunk. */
  #acrossChunks(chunk: Buffer): Buffer {
    const held = this.#held;
    const borrowed = chunk.subarray(0, this.#delimiter.length - 1);
    const window = Buffer.concat([held, borrowed]);
    const at = window.indexOf(this.#delimiter);
    if (at >= 0) {
      this.#hand(window.subarray(0, at));
      this.#held = NONE;
      this.#place = "line";
      return chunk.subarray(at + this.#delimiter.length - held.length);
    }
    const open = openEnd(window, this.#delimiter);
    if (open > borrowed.length) {
      this.#hand(window.subarray(0, window.length - open));
      this.#held = window.subarray(window.length - open);
      return chunk.subarray(borrowed.length);
    }
    this.#hand(held);
    this.#held = NONE;
    return chunk;
  }

  #hand(bytes: Buffer): void {
    if (this.#place === "content" && this.#isFile && bytes.length > 0) this.#onFileBytes(bytes);
  }

  /** Gathers text up to `end`; null while it is not whole. */
  #gather(
    chunk: Buffer,
    end: string,
    bytesMax: number,
    sentence: string,
  ): { text: string; rest: Buffer } | null {
    const before = this.#held.length;
    const gathered = Buffer.concat([this.#held, chunk.subarray(0, bytesMax)]);
    const at = gathered.indexOf(end);
    if (at >= 0) {
      this.#held = NONE;
      return {
        text: gathered.toString("utf8", 0, at),
        rest: chunk.subarray(at + end.length - before),
      };
    }
    if (gathered.length >= bytesMax) throw new MultipartError(sentence);
    this.#held = gathered;
    return null;
  }

  #line(chunk: Buffer): Buffer {
    const two = Buffer.concat([this.#held, chunk.subarray(0, 2)]);
    if (two.length >= 2 && two.toString("latin1", 0, 2) === "--") {
      this.#held = NONE;
      this.#place = "epilogue";
      return NONE;
    }
    const found = this.#gather(
      chunk,
      CRLF,
      LINE_BYTES_MAX,
      "a delimiter of the multipart body is malformed",
    );
    if (found === null) return NONE;
    if (found.text.trim() !== "")
      throw new MultipartError("a delimiter of the multipart body is malformed");
    this.#place = "head";
    // A part without any header has its empty line at once.
    this.#held = Buffer.from(CRLF);
    return found.rest;
  }

  #head(chunk: Buffer): Buffer {
    const found = this.#gather(
      chunk,
      CRLF + CRLF,
      HEAD_BYTES_MAX,
      "a part of the multipart body has too long a head",
    );
    if (found === null) return NONE;
    this.#openPart(found.text);
    this.#place = "content";
    return found.rest;
  }

  #openPart(head: string): void {
    const encoding = /^content-transfer-encoding:\s*(\S+)/im.exec(head)?.[1]?.toLowerCase();
    this.#isFile = /^content-disposition:[^\r\n]*;\s*filename\*?\s*=/im.test(head);
    if (!this.#isFile) return;
    this.#fileCount += 1;
    if (this.#fileCount > 1)
      throw new MultipartError("the multipart body has more than one part with a file name");
    if (encoding !== undefined && !["binary", "8bit", "7bit"].includes(encoding)) {
      throw new MultipartError(`the file is encoded as ${encoding}, which is not undone`);
    }
  }
}
