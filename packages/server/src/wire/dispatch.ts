/*
 * One command, in the order in which its parts are judged (contract 3.3):
 *
 *   route -> login -> cross-site -> body -> input -> handler -> reply
 *
 * Whatever is thrown on the way is caught once, in `#failed`.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Wire } from "@contentlib/contract/bindings";
import { encodeReply, matchRoute } from "@contentlib/contract/bindings";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { App } from "../app/app.ts";
import type { Call, Caller } from "../app/call.ts";
import { Fault } from "../app/fault.ts";
import { presentTime } from "../app/present.ts";
import type { CancelSignal, RequestJournal } from "../ports/index.ts";
import { baseUrlOf } from "./base-url.ts";
import { inviteBody, parseBody, readBody, skipBody } from "./body.ts";
import type { Command, CommandInput } from "./command.ts";
import { commandInput, isLoginOperation, mayAnswer } from "./command.ts";
import type { Deadlines } from "./deadlines.ts";
import { CHALLENGE, faultReply } from "./fault-reply.ts";
import { createdHeaders, createLogin, requireCaller } from "./login.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import { addressOf, hasBody } from "./request-head.ts";
import { unexpectedFault } from "./unexpected.ts";

/** How long a command may take, in milliseconds; file content travels by another road. */
export const COMMAND_TIMEOUT_MS = 60_000;

/** The header that names members of a request that were taken and had no effect. */
export const IGNORED_HEADER = "contentlib-ignored";

const METHOD_NOT_ALLOWED = 405;
const NO_BYTES = Buffer.alloc(0);
const LATE_RETRY_SECONDS = "5";

/** What dispatch is made of. */
export interface DispatchOptions {
  readonly app: Pick<App, "handlers" | "logins">;
  readonly journal: RequestJournal;
  readonly deadlines: Deadlines;
  readonly publicUrl: string | null;
  readonly isStrict: boolean;
}

/** A reply and what the log calls the request. */
export interface Dispatched {
  readonly reply: Reply;
  readonly route: string;
}

interface Answer {
  readonly output: unknown;
  readonly ignored?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Handlers under one signature. `readInput` has made the input what the operation's own handler takes. */
type AnyHandler = (input: CommandInput["input"], call: Call) => Promise<unknown>;

const late = (): Fault =>
  new Fault(
    faultOf(
      "server.unavailable",
      `the call took longer than ${COMMAND_TIMEOUT_MS / 1000} s`,
      LATE_RETRY_SECONDS,
    ),
  );

const escaped = (member: string): string =>
  member.replace(/[^\u0021-\u007e]|[,%]/gu, (letter) => encodeURIComponent(letter.toWellFormed()));

/** Routes commands of both wires to the operations and their outcomes back. */
export class Dispatch {
  readonly #options: DispatchOptions;

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** The reply to one request. Never rejects. */
  async handle(
    wire: Wire,
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<Dispatched> {
    const { path, query } = addressOf(request.url ?? "");
    const method = request.method ?? "";
    const match = matchRoute(wire, method, path, query, { strict: this.#options.isStrict });
    if (match.kind === "match") {
      const baseUrl = (): string => baseUrlOf(request, this.#options.publicUrl);
      const reply = await this.#answer({ wire, request, response, requestId, match, baseUrl });
      return { reply, route: `${wire} ${match.operationId}` };
    }
    const reply = await this.#unmatched(
      wire,
      request,
      match.kind === "fault" ? { fault: match.fault } : { allow: match.allow },
    );
    return { reply, route: `${wire} (none)` };
  }

  async #unmatched(
    wire: Wire,
    request: IncomingMessage,
    outcome:
      | { readonly fault: Parameters<typeof faultReply>[1][number] }
      | { readonly allow: readonly string[] },
  ): Promise<Reply> {
    if ("fault" in outcome) return await this.#pastBody(request, faultReply(wire, [outcome.fault]));
    const fault = faultOf(
      "request.no_such_operation",
      `${request.method ?? ""} ${addressOf(request.url ?? "").path}`,
    );
    const reply = faultReply(wire, [fault], {
      status: METHOD_NOT_ALLOWED,
      headers: { Allow: outcome.allow.join(", ") },
    });
    return await this.#pastBody(request, reply);
  }

  async #answer(command: Command): Promise<Reply> {
    const { request, response, wire, match } = command;
    const deadline = this.#options.deadlines.open();
    response.on("close", () => deadline.abort());
    try {
      const { output, ignored = [], headers = {} } = await this.#perform(command, deadline);
      const { status, body } = encodeReply(wire, match.operationId, output);
      const names =
        ignored.length === 0 ? {} : { [IGNORED_HEADER]: ignored.map(escaped).join(", ") };
      const all = { ...headers, ...names };
      return body === undefined
        ? { status, headers: all }
        : { status, json: JSON.stringify(body), headers: all };
    } catch (error) {
      return await this.#pastBody(request, this.#failed(command, error));
    } finally {
      deadline.close();
    }
  }

  async #perform(command: Command, signal: CancelSignal): Promise<Answer> {
    const { request, response, match, baseUrl } = command;
    const { operationId } = match;
    if (operationId === "login.create") return await this.#createLogin(command, signal);
    const caller = await requireCaller(request, this.#options.app.logins, baseUrl);
    inviteBody(request, response);
    const bytes = hasBody(request) ? await readBody(request, signal) : NO_BYTES;
    const body = match.readsBody ? parseBody(request, bytes) : undefined;
    const { input, ignored } = commandInput(command, body, this.#options.isStrict);
    if (isLoginOperation(operationId)) return { output: await this.#login(operationId, caller) };
    const members = [...ignored];
    const call: Call = {
      caller,
      requestId: command.requestId,
      get baseUrl() {
        return baseUrl();
      },
      signal,
      ignored: (member) => {
        if (!members.includes(member)) members.push(member);
      },
    };
    const handler = this.#options.app.handlers[operationId] as unknown as AnyHandler;
    return { output: await inTime(handler(input, call), signal), ignored: members };
  }

  async #createLogin(command: Command, signal: CancelSignal): Promise<Answer> {
    const { request, response, baseUrl } = command;
    inviteBody(request, response);
    await readBody(request, signal);
    const loginId = await createLogin(request, this.#options.app.logins);
    return { output: loginId, headers: createdHeaders(request, loginId, baseUrl()) };
  }

  async #login(operationId: "login.get" | "login.delete", caller: Caller): Promise<unknown> {
    const { logins } = this.#options.app;
    if (operationId === "login.delete") {
      await logins.delete(caller);
      return undefined;
    }
    const info = await logins.get(caller);
    return {
      user: info.userName,
      created_time: presentTime(info.createdAt),
      last_accessed_time: presentTime(info.lastAccessedAt),
    };
  }

  #failed(command: Command, error: unknown): Reply {
    const { wire, match, requestId } = command;
    if (error instanceof Refusal)
      return faultReply(wire, [error.fault], { status: error.status, headers: error.headers });
    if (error instanceof Fault && mayAnswer(match.operationId, error)) {
      const isRefusedLogin = match.operationId === "login.create" && error.code === "login.refused";
      return faultReply(
        wire,
        error.values,
        isRefusedLogin ? { headers: { "WWW-Authenticate": CHALLENGE } } : {},
      );
    }
    this.#options.journal.requestFailed({ route: match.operationId, error });
    return faultReply(wire, [unexpectedFault(error, requestId)]);
  }

  /** The reply to a request that was judged before its body was read: what can not be read past closes the connection. */
  async #pastBody(request: IncomingMessage, reply: Reply): Promise<Reply> {
    if (request.readableFlowing !== null) return reply;
    const deadline = this.#options.deadlines.open();
    try {
      const isPast = await skipBody(request, deadline);
      return isPast ? reply : { ...reply, headers: { ...reply.headers, Connection: "close" } };
    } finally {
      deadline.close();
    }
  }
}

/** A handler's outcome, or the fault of being late: callers are answered at the deadline even if the work goes on. */
const inTime = (working: Promise<unknown>, signal: CancelSignal): Promise<unknown> =>
  new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(late()), { once: true });
    working.then(resolve, reject);
  });
