import { isAscii } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { COMMAND_BODY_BYTES_MAX, faultOf } from "@contentlib/contract/vocabulary";
import type { CancelSignal } from "../ports/index.ts";
import { Fault } from "../app/fault.ts";
import { Refusal } from "./refusal.ts";
import { contentLengthOf, expectsContinue, hasBody, mediaTypeOf } from "./request-head.ts";

const PAYLOAD_TOO_LARGE = 413;
const UNSUPPORTED_MEDIA_TYPE = 415;
/** The client can not send its next request on a connection whose body we stopped reading. */
const CLOSING = { Connection: "close" } as const;

/** Deepest nesting of a body; the published structures need five levels. */
const JSON_DEPTH_MAX = 64;

const EMPTY = Buffer.alloc(0);

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * How much beyond the limit is read and thrown away, in bytes: until its body is through, a client neither reads its answer nor
 * can it send the next request on the connection.
 */
export const BODY_SURPLUS_BYTES_MAX = 16 * 1024 * 1024;

const tooLarge = (headers: Readonly<Record<string, string>> = {}): Refusal =>
  new Refusal(
    faultOf("request.too_large", String(COMMAND_BODY_BYTES_MAX)),
    PAYLOAD_TOO_LARGE,
    headers,
  );

/** How reading a body ended: at its end, at our limit, when its sender was gone, or when the signal aborted. */
type Ending = "whole" | "endless" | "broken" | "late";

/** Hands on each chunk of a body and forgets it. Nothing is read of one that is declared to be longer than what we read past. */
const readThrough = (
  request: IncomingMessage,
  signal: CancelSignal,
  take: (chunk: Buffer) => void,
): Promise<Ending> => {
  let leftBytes = COMMAND_BODY_BYTES_MAX + BODY_SURPLUS_BYTES_MAX;
  if ((contentLengthOf(request) ?? 0) > leftBytes) return Promise.resolve("endless");
  if (request.destroyed) return Promise.resolve("broken");
  if (signal.aborted) return Promise.resolve("late");
  return new Promise<Ending>((resolve) => {
    const finish = (ending: Ending): void => {
      request.off("data", onData).off("end", onEnd).off("close", onBroken).off("error", onBroken);
      signal.removeEventListener("abort", onLate);
      resolve(ending);
    };
    const onData = (chunk: Buffer): void => {
      leftBytes -= chunk.length;
      if (leftBytes < 0) finish("endless");
      else take(chunk);
    };
    const onEnd = (): void => finish("whole");
    const onBroken = (): void => finish("broken");
    const onLate = (): void => finish("late");
    request.on("data", onData).on("end", onEnd).on("close", onBroken).on("error", onBroken);
    signal.addEventListener("abort", onLate, { once: true });
  });
};

/**
 * Reads the whole body of a command. One that is longer than a command may have is read past, as far as that can be, and refused;
 * one that ends early or is not here when the signal aborts is malformed.
 */
export const readBody = async (request: IncomingMessage, signal: CancelSignal): Promise<Buffer> => {
  if (!hasBody(request)) return EMPTY;
  let isTooLarge = (contentLengthOf(request) ?? 0) > COMMAND_BODY_BYTES_MAX;
  // Whoever waits for leave was not given it, so that nothing comes that could be read past.
  if (isTooLarge && expectsContinue(request)) throw tooLarge(CLOSING);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  const ending = await readThrough(request, signal, (chunk) => {
    sizeBytes += chunk.length;
    isTooLarge ||= sizeBytes > COMMAND_BODY_BYTES_MAX;
    if (isTooLarge) chunks.length = 0;
    else chunks.push(chunk);
  });
  if (ending === "broken") throw new Fault(faultOf("request.malformed", "it broke off"));
  if (isTooLarge || ending === "endless") throw tooLarge(ending === "whole" ? {} : CLOSING);
  if (ending === "late")
    throw new Refusal(faultOf("request.malformed", "it did not arrive in time"), 408, CLOSING);
  return chunks.length === 1 ? (chunks[0] ?? EMPTY) : Buffer.concat(chunks);
};

const forget = (): void => undefined;

/**
 * Reads past a body that nobody wants, so that the client gets to read its answer and the connection stays usable. False when that
 * can not be: the body is too long, comes too slowly, or its sender still waits for leave.
 */
export const skipBody = async (
  request: IncomingMessage,
  signal: CancelSignal,
): Promise<boolean> => {
  if (!hasBody(request)) return true;
  if (expectsContinue(request)) return false;
  return (await readThrough(request, signal, forget)) === "whole";
};

/** Lets a client that waits for leave send the body it announced with `Expect: 100-continue`. */
export const inviteBody = (request: IncomingMessage, response: ServerResponse): void => {
  if (expectsContinue(request) && (contentLengthOf(request) ?? 0) <= COMMAND_BODY_BYTES_MAX)
    response.writeContinue();
};

const [QUOTE, BACKSLASH, OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET] = [
  0x22, 0x5c, 0x7b, 0x5b, 0x7d, 0x5d,
] as const;

/** Whether the text has more opening brackets than may be open at once, which most bodies do not. */
const hasManyBrackets = (text: string): boolean => {
  let count = 0;
  for (const bracket of ["{", "["]) {
    let at = text.indexOf(bracket);
    while (at >= 0) {
      count += 1;
      if (count > JSON_DEPTH_MAX) return true;
      at = text.indexOf(bracket, at + 1);
    }
  }
  return false;
};

/** Whether the text is nested too deep for `JSON.parse` and for all who walk through what it makes. */
const isTooDeep = (text: string): boolean => {
  if (!hasManyBrackets(text)) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      if (depth > JSON_DEPTH_MAX) return true;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth -= 1;
  }
  return false;
};

/** The body as JSON whatever its type says, and `undefined` where there is none (contract T9, T10). */
export const parseBody = (request: IncomingMessage, bytes: Buffer): unknown => {
  if (bytes.length === 0) return undefined;
  if (mediaTypeOf(request).startsWith("multipart/")) {
    throw new Refusal(
      faultOf("request.malformed", "multipart bodies are taken by upload endpoints only"),
      UNSUPPORTED_MEDIA_TYPE,
    );
  }
  let text: string;
  try {
    text = isAscii(bytes) ? bytes.toString("latin1") : UTF8.decode(bytes);
  } catch (error) {
    throw new Fault(faultOf("request.malformed", "it is not UTF-8"), error);
  }
  if (text.trim() === "") return undefined;
  if (isTooDeep(text)) {
    throw new Fault(
      faultOf("request.malformed", `it is nested more than ${JSON_DEPTH_MAX} levels deep`),
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Fault(faultOf("request.malformed", "it is not JSON"), error);
  }
};
