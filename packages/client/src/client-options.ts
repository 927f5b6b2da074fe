import type { Effect } from "./retry.ts";
import type { System } from "./system.ts";

/** The two forms of the API: `/api`, the present one, and `/rest`, the older one. They do the same. */
export type Wire = "api" | "rest";

/** A user's name and password. */
export interface Credentials {
  /** Name of the account, with its domain where it has one: `ben` or `ben@vsphere.local`. */
  readonly userName: string;
  /** Its password. It goes over the wire once for each login, as Basic, so only TLS keeps it secret. */
  readonly password: string;
}

/** How to reach a server, and as whom. One of `credentials`, `token` and `loginId` says who. */
export interface ClientOptions {
  /** Scheme, host and port of the server, e.g. `http://127.0.0.1:8697`. */
  readonly url: string;
  /** Exchanged for a login at the first call, and again whenever the login has died. */
  readonly credentials?: Credentials;
  /** An access token of this server; exchanged for a login as credentials are. */
  readonly token?: string;
  /** The id of a login made earlier. It is used as it is and never ended by this client. */
  readonly loginId?: string;
  /** Default `api`. */
  readonly wire?: Wire;
  /** Replaces the platform's fetch, e.g. to know the server by a pin. Bytes of a `fileSource` do not go through it. */
  readonly fetch?: typeof globalThis.fetch;
  /** How long one attempt may take, in milliseconds; default 30 s. Bytes of files are not limited by it. */
  readonly timeoutMs?: number;
  /** How long a call may take with all its attempts and pauses, in milliseconds; default two minutes. */
  readonly deadlineMs?: number;
  /** How often a call is repeated where repeating is harmless; default 3, and 0 switches it off. */
  readonly retriesMax?: number;
  /**
   * How long a call, or a transfer that does not get on, is tried again, in milliseconds; it counts in place of `retriesMax` and
   * `deadlineMs`. A byte that was never moved before begins a new span.
   */
  readonly retryForMs?: number;
  /** Clock, timers and randomness, for tests. */
  readonly system?: System;
}

/** What can be set for a single call. */
export interface CallOptions {
  /** Aborts the call: it rejects with an AbortedError at once. */
  readonly signal?: AbortSignal | undefined;
  /** How long one attempt may take, in milliseconds; default that of the client. */
  readonly timeoutMs?: number;
  /** How long the call may take with all its attempts and pauses, in milliseconds; default that of the client. */
  readonly deadlineMs?: number;
  /** How often the call is repeated where repeating is harmless; default that of the client, and 0 switches it off. */
  readonly retriesMax?: number;
  /** Headers of the call beside those that the API has of itself, such as additions of one server. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Overrides the effect the contract declares, where the caller knows that repeating is harmless. */
  readonly effect?: Effect;
}

/** Default of `ClientOptions.timeoutMs`. */
export const TIMEOUT_MS = 30_000;
/** Default of `ClientOptions.deadlineMs`. */
export const DEADLINE_MS = 120_000;
/** Default of `ClientOptions.retriesMax`. */
export const RETRIES_MAX = 3;
