import type {
  OperationId,
  OperationInput,
  OperationOutput,
  SessionOverview,
} from "@contentlib/contract";
import type { AccountId, TokenId } from "../domain/ids.ts";
import type { CancelSignal, Pages } from "../ports/index.ts";

/** Who calls: the account behind a live login. */
export interface Caller {
  readonly accountId: AccountId;
  /** Full name as the API shows it, e.g. `administrator@vsphere.local`. */
  readonly userName: string;
  readonly accountName: string;
  readonly loginHash: string;
  /** The token the login was made with; absent after a login by password. */
  readonly tokenId?: TokenId;
}

/** Where a request comes from. */
export interface Origin {
  /** The address of the client; of one behind a proxy that is trusted, what the proxy says. */
  readonly address: string;
  readonly requestId: string;
}

/** Headers of our own that go with a call; operations that do not know one do not look at it. */
export type CallHeader = "contentlib-keep-partials";

/** What an operation knows of the call that runs it. */
export interface Call extends Origin {
  readonly caller: Caller;
  /** Scheme, host and port under which the caller reached the server, without a trailing slash. Transfer endpoints begin with it. */
  readonly baseUrl: string;
  /**
   * The SHA-1 of the server's certificate, upper-case hex with colons, for clients that know a server by it; null where the caller
   * does not speak TLS to this server itself.
   */
  readonly thumbprint: string | null;
  /** Aborts when the caller is gone or the deadline has passed. */
  readonly signal: CancelSignal;
  /** The value of such a header, as it was sent; null where it is absent or empty. */
  header(name: CallHeader): string | null;
  /** What the caller says of the change, beside the parameters; null where that is nothing. Throws a `Fault` where it is said in a way that is no text. */
  changeMessage(): string | null;
  /** Names a member of the request that was taken and had no effect; the wire tells the caller in `contentlib-ignored`. */
  ignored(member: string): void;
}

/** The login service takes credentials, not a caller, and so has handlers of its own shape (`app/login`). */
export type LoginOperationId = Extract<OperationId, `login.${string}`>;

/** A list that may be too long to be held as a whole: whoever answers reads its pages one after the other. */
export class LongList<Value> {
  readonly pages: Pages<Value>;

  constructor(pages: Pages<Value>) {
    this.pages = pages;
  }
}

/** What lists that may be long are made of: ids, and the sessions of everybody. */
type LongListValue = string | SessionOverview;

/** What a handler answers: its operation's output, or the pages of it where that is a list that may be long. */
export type HandlerOutput<Output> = Output extends readonly LongListValue[]
  ? Output | LongList<Output[number]>
  : Output;

/** One operation, performed. Expected errors are thrown as `Fault`. */
export type Handler<Id extends OperationId> = (
  input: OperationInput<Id>,
  call: Call,
) => Promise<HandlerOutput<OperationOutput<Id>>>;

/** Operations that answer a stream of events; they have a road of their own (`app/events`). */
export type StreamOperationId = Extract<OperationId, `event.${string}`>;

/** Total: an operation of the contract without a handler does not compile. */
export type Handlers = {
  readonly [Id in Exclude<OperationId, LoginOperationId | StreamOperationId>]: Handler<Id>;
};
