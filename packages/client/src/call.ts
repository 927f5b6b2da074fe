import { BINDINGS, decodeReply, encodeRequest } from "@contentlib/contract/bindings";
import type { OperationId, OperationInput, OperationOutput } from "@contentlib/contract";
import type { CallOptions, Wire } from "./client-options.ts";
import {
  AbortedError,
  ClientError,
  LibraryError,
  ProtocolError,
  TimeoutError,
  isRefusal,
} from "./errors.ts";
import type { ErrorContext } from "./errors.ts";
import { LOGIN_HEADER, keepLogin } from "./login-keeper.ts";
import type { Identity, LoginKeeper } from "./login-keeper.ts";
import { gatewayError } from "./refusal.ts";
import { parseRetryAfterMs, retryPauseMs } from "./retry.ts";
import type { Effect } from "./retry.ts";
import { ONCE_OPERATIONS } from "./services/effects.ts";
import type { System } from "./system.ts";
import { exchange, originOf } from "./transport.ts";
import type { CommandReply } from "./transport.ts";

/** Performs one operation of the contract; the services are made of it. */
export type Call = <Id extends OperationId>(
  operation: Id,
  input: OperationInput<Id>,
  options?: CallOptions,
) => Promise<OperationOutput<Id>>;

/** Everything the calls of one client share. */
export interface CallSettings {
  readonly url: string;
  readonly wire: Wire;
  readonly identity: Identity;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly retriesMax: number;
  readonly system: System;
  /** Told of each reply's `Date`, so that instants of the server can be compared with its own clock. */
  readonly noteServerTime: (value: string | null) => void;
  /** Told what replies to login calls say of the server: its version where it is one of ours, else null. */
  readonly noteVersion: (value: string | null) => void;
}

/** The calls of one client, with the login they share. */
export interface Caller {
  readonly call: Call;
  readonly login: LoginKeeper;
}

/** Makes the one function every service calls: encode, log in, send, decode, and repeat where that is harmless. */
export function makeCaller(settings: CallSettings): Caller {
  const login = keepLogin(settings.identity, async (authorization, signal) => {
    const headers = { authorization, "vmware-use-header-authn": "true" };
    return await repeat(settings, "login.create", "once", { signal }, async (limits) => {
      return await perform(settings, "login.create", {}, headers, limits);
    });
  });
  const call: Call = async (operation, input, options = {}) => {
    if (operation === "login.create") {
      throw new TypeError("A client makes its login by itself, from its options.");
    }
    const isOnce = ONCE_OPERATIONS.has(operation) && !hasClientToken(input);
    const effect = options.effect ?? (isOnce ? "once" : "idempotent");
    return await repeat(settings, operation, effect, options, async (limits) => {
      return await performLoggedIn(settings, login, operation, input, limits);
    });
  };
  return { call, login };
}

/** With a `client_token` the server answers a repeat with the first result, whatever the operation. */
const hasClientToken = (input: object): boolean =>
  "client_token" in input && typeof input.client_token === "string";

interface Limits {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** An attempt that failed, with what the retry policy needs to know of its reply. */
class AttemptFailed extends Error {
  readonly error: ClientError;
  readonly retryAfterMs: number | undefined;
  constructor(error: ClientError, retryAfterMs: number | undefined) {
    super(error.message, { cause: error });
    this.error = error;
    this.retryAfterMs = retryAfterMs;
  }
}

async function repeat<Result>(
  settings: CallSettings,
  operation: OperationId,
  effect: Effect,
  options: CallOptions,
  attemptOnce: (limits: Limits) => Promise<Result>,
): Promise<Result> {
  const { system } = settings;
  const { signal } = options;
  const retriesMax = options.retriesMax ?? settings.retriesMax;
  const endsAt = system.now() + (options.deadlineMs ?? settings.deadlineMs);
  for (let attempt = 0; ; attempt += 1) {
    const leftMs = endsAt - system.now();
    if (leftMs <= 0)
      throw new TimeoutError(`${originOf(settings.url)} did not answer in time.`, { operation });
    const timeoutMs = Math.min(options.timeoutMs ?? settings.timeoutMs, leftMs);
    try {
      return await attemptOnce({ timeoutMs, signal, headers: options.headers ?? {} });
    } catch (thrown) {
      const failed = thrown instanceof AttemptFailed ? thrown : undefined;
      const error = failed?.error ?? thrown;
      if (!(error instanceof ClientError) || attempt >= retriesMax) throw error;
      const pauseMs = retryPauseMs(
        { error, retryAfterMs: failed?.retryAfterMs },
        effect,
        attempt,
        system.random,
      );
      if (pauseMs === null || system.now() + pauseMs >= endsAt) throw error;
      await system.sleep(pauseMs, signal);
      if (signal?.aborted)
        throw new AbortedError("The call was aborted.", { operation, cause: error });
    }
  }
}

/** One attempt with the login's header; a dead login is replaced once, because a 401 is answered before anything is done. */
async function performLoggedIn<Id extends OperationId>(
  settings: CallSettings,
  login: LoginKeeper,
  operation: Id,
  input: OperationInput<Id>,
  limits: Limits,
): Promise<OperationOutput<Id>> {
  const loginId = await login.loginId(limits.signal);
  try {
    return await perform(settings, operation, input, { [LOGIN_HEADER]: loginId }, limits);
  } catch (thrown) {
    const isDead = thrown instanceof AttemptFailed && isRefusal(thrown.error, "unauthenticated");
    if (!isDead || !login.replace(loginId)) throw thrown;
    return await perform(
      settings,
      operation,
      input,
      { [LOGIN_HEADER]: await login.loginId(limits.signal) },
      limits,
    );
  }
}

/** The form of the API that was chosen, or the newer one where the chosen one lacks the operation; a login counts on both. */
const wireFor = (chosen: Wire, operation: OperationId): Wire =>
  BINDINGS[chosen][operation] === undefined ? "api" : chosen;

/** The header by which servers of ours tell that they are, on the replies to these calls. */
const VERSION_HEADER = "contentlib-version";
const LOGIN_CALLS: ReadonlySet<OperationId> = new Set<OperationId>(["login.create", "login.get"]);

async function perform<Id extends OperationId>(
  settings: CallSettings,
  operation: Id,
  input: OperationInput<Id>,
  headers: Readonly<Record<string, string>>,
  limits: Limits,
): Promise<OperationOutput<Id>> {
  const encoded = encodeRequest(wireFor(settings.wire, operation), operation, input);
  const query = encoded.query === "" ? "" : `?${encoded.query}`;
  const reply = await exchange(settings.system, {
    operation,
    method: encoded.method,
    url: `${settings.url}${encoded.path}${query}`,
    headers: { accept: "application/json", ...limits.headers, ...headers },
    body: encoded.body,
    timeoutMs: limits.timeoutMs,
    signal: limits.signal,
  });
  settings.noteServerTime(reply.headers.get("date"));
  if (LOGIN_CALLS.has(operation) && reply.status < 300)
    settings.noteVersion(reply.headers.get(VERSION_HEADER));
  return outcomeOf(settings, operation, reply);
}

/** The result of a reply, or its error thrown. The server validated the result when it encoded it; here it is trusted. */
function outcomeOf<Id extends OperationId>(
  settings: CallSettings,
  operation: Id,
  reply: CommandReply,
): OperationOutput<Id> {
  const context: ErrorContext = { operation, requestId: reply.requestId };
  const wire = wireFor(settings.wire, operation);
  const { status, body } = reply;
  const gateway = gatewayError({ url: settings.url, status, body }, context);
  if (gateway !== null) throw attemptFailed(settings, gateway, reply);
  const decoded = decodeReply(wire, operation, status, body);
  if ("output" in decoded) return decoded.output as OperationOutput<Id>;
  if ("malformed" in decoded) {
    throw new ProtocolError(
      `The answer is none the Content Library API gives: ${decoded.malformed}.`,
      context,
    );
  }
  const error = new LibraryError({ ...decoded.fault, status }, context);
  throw attemptFailed(settings, error, reply);
}

const attemptFailed = (
  { system }: CallSettings,
  error: ClientError,
  { headers }: CommandReply,
): AttemptFailed =>
  new AttemptFailed(error, parseRetryAfterMs(headers.get("retry-after"), system.now()));
