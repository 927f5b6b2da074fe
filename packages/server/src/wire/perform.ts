/*
 * What all roads share once a call has named its operation and its parameters are gathered:
 *
 *   caller -> input -> handler in time -> outcome
 *
 * What is thrown on the way, and how each road spells it, is the road's affair; `failureOf` says what it may tell.
 */
import type { OperationId } from "@contentlib/contract";
import { OPERATIONS, readInput } from "@contentlib/contract";
import { decodeExtValue, MESSAGE_HEADER } from "@contentlib/contract/bindings";
import type { FaultClass, FaultValue } from "@contentlib/contract/vocabulary";
import { faultOf, IMPLICIT_FAULT_CLASSES, isFault } from "@contentlib/contract/vocabulary";
import type { App } from "../app/app.ts";
import type { Call, Caller, CallHeader, Handler, LoginOperationId, Origin } from "../app/call.ts";
import { Fault } from "../app/fault.ts";
import { presentTime } from "../app/present.ts";
import type { CancelSignal, RequestJournal } from "../ports/index.ts";
import { entryOf } from "./fault-reply.ts";
import { unexpectedFault } from "./unexpected.ts";

/** How long a command may take, in milliseconds; file content travels by another road. */
export const COMMAND_TIMEOUT_MS = 60_000;

const LATE_RETRY_SECONDS = "5";

/** Parameters by the API's own names, as the caller sent them. */
export type RawParameters = Readonly<Record<string, unknown>>;

/** How a caller reached the server, and what its headers say; worked out only by those who need it. */
export interface Reached {
  /** Scheme, host and port, always with the port, without a trailing slash. */
  baseUrl(): string;
  /** The thumbprint of the certificate the caller saw; null where he does not speak TLS to this server itself. */
  thumbprint(): string | null;
  /** The only value of a header, whose name is in lower case; null where it is absent or empty. */
  header(name: string): string | null;
}

/** A call of an operation by a caller who has proved who he is. */
export interface AskedCall {
  readonly operationId: OperationId;
  readonly caller: Caller;
  readonly raw: RawParameters;
  readonly origin: Origin;
  readonly reached: Reached;
  readonly signal: CancelSignal;
  readonly isStrict: boolean;
}

/** A call whose input fits its operation. */
export interface ReadyCall {
  readonly operationId: OperationId;
  readonly input: RawParameters;
  readonly call: Call;
  /** Members of the request that were taken and had no effect; grows while the call runs. */
  readonly ignored: readonly string[];
}

/** What a call came to. */
export interface Answer {
  /** The operation's output, or a `LongList` of it. */
  readonly output: unknown;
  readonly ignored?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Handlers under one signature. `readInput` has made the input what the operation's own handler takes. */
type AnyHandler = (input: RawParameters, call: Call) => ReturnType<Handler<"login.get">>;

const LOGIN_OPERATIONS: ReadonlySet<string> = new Set<LoginOperationId>([
  "login.create",
  "login.get",
  "login.delete",
]);

/** Whether the operation is one of the login service, whose handlers have a shape of their own. */
const isLoginOperation = (id: OperationId): id is LoginOperationId => LOGIN_OPERATIONS.has(id);

/** Whether the operation changes nothing, which its HTTP method does not show on every wire. */
export const isSafe = (id: OperationId): boolean => OPERATIONS[id].effect === "safe";

/** The text in the header that says what a change is (S88). */
const changeMessageIn = (reached: Reached): string | null => {
  const value = reached.header(MESSAGE_HEADER);
  if (value === null) return null;
  const text = decodeExtValue(value);
  if (text !== null) return text;
  const reason = "it is no text as RFC 8187 writes it, like UTF-8''two%20words";
  throw new Fault(faultOf("request.invalid_member", `the header ${MESSAGE_HEADER}`, reason));
};

/** The call of an operation. A class, because an object with a getter of its own costs more to make than most inputs to read. */
class RunningCall implements Call {
  readonly caller: Caller;
  readonly address: string;
  readonly requestId: string;
  readonly signal: CancelSignal;
  /** Members of the request that were taken and had no effect. */
  readonly ignoredMembers: string[];
  readonly #reached: Reached;

  constructor({ caller, origin, signal, reached }: AskedCall, ignored: readonly string[]) {
    this.caller = caller;
    this.address = origin.address;
    this.requestId = origin.requestId;
    this.signal = signal;
    this.ignoredMembers = [...ignored];
    this.#reached = reached;
  }

  get baseUrl(): string {
    return this.#reached.baseUrl();
  }

  get thumbprint(): string | null {
    return this.#reached.thumbprint();
  }

  header(name: CallHeader): string | null {
    return this.#reached.header(name);
  }

  changeMessage(): string | null {
    return changeMessageIn(this.#reached);
  }

  ignored(member: string): void {
    if (!this.ignoredMembers.includes(member)) this.ignoredMembers.push(member);
  }
}

/** Reads the input of a call. What does not fit is thrown as `Fault`. */
export const readyCall = (asked: AskedCall): ReadyCall => {
  const { operationId } = asked;
  const read = readInput(operationId, asked.raw, { strict: asked.isStrict });
  if (isFault(read)) throw new Fault(read);
  const call = new RunningCall(asked, read.ignored);
  return { operationId, input: read.input, call, ignored: call.ignoredMembers };
};

const performLogin = async (
  operationId: LoginOperationId,
  call: Call,
  { logins }: Pick<App, "logins">,
): Promise<unknown> => {
  if (operationId === "login.delete") {
    await logins.delete(call.caller, call);
    return undefined;
  }
  const info = await logins.get(call.caller);
  return {
    user: info.userName,
    created_time: presentTime(info.createdAt),
    last_accessed_time: presentTime(info.lastAccessedAt),
  };
};

/** Performs a call whose input has been read. Expected errors are thrown as `Fault`, being late is one of them. */
export const perform = async (
  ready: ReadyCall,
  app: Pick<App, "handlers" | "logins">,
): Promise<Answer> => {
  const { operationId, input, call, ignored } = ready;
  if (isLoginOperation(operationId)) return { output: await performLogin(operationId, call, app) };
  const handlers = app.handlers as unknown as Readonly<Record<string, AnyHandler | undefined>>;
  const handler = handlers[operationId];
  if (handler === undefined) throw new Error(`Operation ${operationId} has no handler.`);
  return { output: await inTime(handler(input, call), call.signal), ignored };
};

const late = (): Fault =>
  new Fault(
    faultOf(
      "server.unavailable",
      `the call took longer than ${COMMAND_TIMEOUT_MS / 1000} s`,
      LATE_RETRY_SECONDS,
    ),
  );

/** An outcome, or the fault of being late: callers are answered at the deadline even if the work goes on. */
export const inTime = <Outcome>(
  working: Promise<Outcome>,
  signal: CancelSignal,
): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const onLate = (): void => reject(late());
    signal.addEventListener("abort", onLate, { once: true });
    working.then(
      (outcome) => {
        signal.removeEventListener("abort", onLate);
        resolve(outcome);
      },
      (error: unknown) => {
        signal.removeEventListener("abort", onLate);
        reject(error);
      },
    );
  });

const IMPLICIT: readonly FaultClass[] = IMPLICIT_FAULT_CLASSES;

/** Whether the operation may answer with this fault; another one is a bug, and callers see it as an internal error. */
const mayAnswer = (id: OperationId, fault: Fault): boolean =>
  fault.values.every((value) => {
    const { class: faultClass } = entryOf(value);
    const declared: readonly FaultClass[] = OPERATIONS[id].faults;
    return IMPLICIT.includes(faultClass) || declared.includes(faultClass);
  });

/** What the caller of an operation is told of what was thrown. What nobody expected is journaled here, and only here. */
export const failureOf = (
  error: unknown,
  { operationId, requestId }: { readonly operationId: OperationId; readonly requestId: string },
  journal: RequestJournal,
): readonly FaultValue[] => {
  if (error instanceof Fault && mayAnswer(operationId, error)) return error.values;
  journal.requestFailed({ route: operationId, error });
  return [unexpectedFault(error, requestId)];
};
