import type { PreviewInfo } from "@contentlib/contract";
import type { FaultClass, Message } from "@contentlib/contract/vocabulary";

/** A warning that the content of a session raises, as its preview tells it. */
export type PreviewWarning = NonNullable<PreviewInfo["warnings"]>[number];

/** The certificate that signed the content of a session, as its preview tells it. */
export type PreviewSigner = NonNullable<PreviewInfo["certificate_info"]>;

/** What is known of the exchange an error comes from. */
export interface ErrorContext {
  /** The operation of the contract, or the transfer, that failed. */
  readonly operation?: string | undefined;
  /** The server's id of the request, from the header `x-request-id`; its log says more under that id. */
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** Base of every error the client throws; `kind` tells them apart without `instanceof`. */
export abstract class ClientError extends Error {
  /** Tells the errors apart. */
  abstract readonly kind: "library" | "connection" | "timeout" | "aborted" | "protocol" | "push";
  /** The operation of the contract that failed, like `item.create`; `upload`, `download` or `push` for a transfer. */
  readonly operation: string | undefined;
  /** The server's id of the request, where it gave one; its log says more under that id. */
  readonly requestId: string | undefined;

  /** Name of the file that an upload failed for; undefined where it was for no single one. */
  get fileName(): string | undefined {
    return fileNameOf(this);
  }

  constructor(message: string, context: ErrorContext) {
    super(message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = new.target.name;
    this.operation = context.operation;
    this.requestId = context.requestId;
  }
}

/** The files that errors are about. Whoever makes an error does not know it, and errors of the platform have no place for it. */
const FILE_NAMES = new WeakMap<object, string>();

/** Says which file an error is about. */
export const noteFileName = (error: unknown, fileName: string): void => {
  if (error instanceof Error && !FILE_NAMES.has(error)) FILE_NAMES.set(error, fileName);
};

/** The file that an error was said to be about. */
export const fileNameOf = (error: unknown): string | undefined =>
  error instanceof Error ? FILE_NAMES.get(error) : undefined;

/** What the server said in a refusal. */
export interface Refusal {
  readonly class: FaultClass;
  readonly messages: readonly Message[];
  readonly status: number;
}

/** The server understood the request and refused it. Switch on `class`; `code` is the id of the first message. */
export class LibraryError extends ClientError {
  /** Always `library`. */
  readonly kind = "library";
  /** The class of the error, as the API names it: `not_found`, `resource_busy` and others. */
  readonly class: FaultClass;
  /** Id of the first message, which tells refusals of one class apart; empty where the server gave none. */
  readonly code: string;
  /** The server's own words, the most important first. */
  readonly messages: readonly Message[];
  /** The HTTP status of the answer. */
  readonly status: number;

  constructor(refusal: Refusal, context: ErrorContext = {}) {
    const texts = refusal.messages.map((message) => message.default_message);
    super(texts.join(" ") || `The server refused with ${refusal.class}.`, context);
    this.class = refusal.class;
    this.code = refusal.messages[0]?.id ?? "";
    this.messages = refusal.messages;
    this.status = refusal.status;
  }
}

/** Signed content raises warnings that `accept` does not name: the session was failed before it was completed. */
export class WarningsError extends LibraryError {
  /** What is amiss, and what `accept` would have to name. */
  readonly warnings: readonly PreviewWarning[];
  /** Who signed. */
  readonly signer: PreviewSigner | undefined;

  constructor(warnings: readonly PreviewWarning[], signer: PreviewSigner | undefined) {
    const messages = warnings.map(({ message }) => message);
    super(
      { class: "not_allowed_in_current_state", messages, status: 400 },
      { operation: "updateSession.complete" },
    );
    this.warnings = warnings;
    this.signer = signer;
  }
}

/**
 * The server could not be reached, its certificate is not trusted, or the connection broke before the answer was
 * complete.
 */
export class ConnectionError extends ClientError {
  /** Always `connection`. */
  readonly kind = "connection";
  /** Scheme, host and port of a server whose certificate is not trusted. Nothing was sent to it. */
  readonly untrustedOrigin: string | undefined;

  constructor(
    message: string,
    context: ErrorContext & { readonly untrustedOrigin?: string | undefined },
  ) {
    super(message, context);
    this.untrustedOrigin = context.untrustedOrigin;
  }
}

/**
 * A gateway in between answered in the place of the server, of which it had no answer: whether the server acted is unknown, unless
 * the gateway said with 503 that it did not ask.
 */
export class GatewayError extends ConnectionError {
  /** The HTTP status of the answer: 502, 503 or 504. */
  readonly status: number;

  constructor(message: string, context: ErrorContext & { readonly status: number }) {
    super(message, context);
    this.status = context.status;
  }
}

/** No answer came within the time the call had. Whether the server acted is unknown. */
export class TimeoutError extends ClientError {
  /** Always `timeout`. */
  readonly kind = "timeout";
}

/** The caller's signal aborted the call. Whether the server acted is unknown. */
export class AbortedError extends ClientError {
  /** Always `aborted`. */
  readonly kind = "aborted";
}

/** The answer is none this API gives: a proxy's page, a body that is not JSON, bytes that are not those announced. */
export class ProtocolError extends ClientError {
  /** Always `protocol`. */
  readonly kind = "protocol";
}

/** The server holds other bytes than were read here, or than were declared for the file. */
export class DigestMismatchError extends ProtocolError {}

/** True for a refusal of one of the given classes. */
export const isRefusal = (
  error: unknown,
  ...classes: readonly FaultClass[]
): error is LibraryError =>
  error instanceof LibraryError && (classes.length === 0 || classes.includes(error.class));

/** True when the request may or may not have reached the server, so only `get` can tell. */
export const isOutcomeUnknown = (error: unknown): boolean =>
  error instanceof ConnectionError ||
  error instanceof TimeoutError ||
  error instanceof ProtocolError ||
  (error instanceof LibraryError && GATEWAY_STATUSES.has(error.status));

/** What gateways say when no answer came from the server behind them, which may have acted. */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([502, 504]);

/** The text of whatever was thrown. */
export const textOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
