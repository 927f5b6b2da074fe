import type { Journal } from "./journal.ts";

/** One answered request, without anything secret: the route of a transfer has its segment cut out. */
export interface AnsweredRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  /** The client's own name for the call, bounded; absent where it gave none. */
  readonly opId?: string | undefined;
  /** The class of the error that was answered, where the status does not show one. */
  readonly fault?: string | undefined;
  /** Whether the call changes nothing, where its method does not show it; not said of calls that failed. */
  readonly isRead?: boolean | undefined;
}

/** The journal as the wire knows it: everything said while a request is handled carries that request's id. */
export interface RequestJournal extends Journal {
  /** Runs `work`; whatever it journals, now or later, is marked with the id. */
  within<Result>(requestId: string, work: () => Result): Result;
  requestAnswered(event: AnsweredRequest): void;
  /** A failure the caller sees only as an internal error under the request's id. */
  requestFailed(event: { readonly route: string; readonly error: unknown }): void;
}
