/*
 * One command of /rest or /api, in the order in which its parts are judged (contract 3.3):
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
import type { Call, StreamOperationId } from "../app/call.ts";
import { Fault } from "../app/fault.ts";
import type { RequestJournal } from "../ports/index.ts";
import { inviteBody, parseBody, readBody } from "./body.ts";
import type { Command } from "./command.ts";
import { gatheredParameters } from "./command.ts";
import type { Deadline, Deadlines } from "./deadlines.ts";
import { CHALLENGE, faultReply } from "./fault-reply.ts";
import type { Spelling } from "./long-list.ts";
import { replyTo } from "./long-list.ts";
import { createdHeaders, createLogin, requireCaller } from "./login.ts";
import { pastBody } from "./past-body.ts";
import type { Answer, ReadyCall } from "./perform.ts";
import { failureOf, isSafe, perform, readyCall } from "./perform.ts";
import type { Reach } from "./reach.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import { addressOf, hasBody } from "./request-head.ts";
import type { Streams } from "./streams.ts";
import { isStreamOperation } from "./streams.ts";

const METHOD_NOT_ALLOWED = 405;
const NO_BYTES = Buffer.alloc(0);

/** What dispatch is made of. */
export interface DispatchOptions {
  readonly app: Pick<App, "handlers" | "logins">;
  readonly journal: RequestJournal;
  readonly deadlines: Deadlines;
  readonly reach: Reach;
  readonly isStrict: boolean;
  readonly streams: Partial<Streams>;
}

/** A reply and what the log says of the request. */
export interface Dispatched {
  /** Null where the answer was a stream, which is over by now. */
  readonly reply: Reply | null;
  readonly route: string;
  /** The client's own name for the call, where it gave one. */
  readonly opId?: string;
  /** The class of the error, where the status does not show one. */
  readonly fault?: string;
  /** Whether the call changes nothing, where its method does not show it. */
  readonly isRead?: boolean;
}

/** Routes commands of both wires to the operations and their outcomes back. */
export class Dispatch {
  readonly #options: DispatchOptions;

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** The reply to one request. Rejects only where a stream that has begun can not go on. */
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
      const reached = this.#options.reach.by(request);
      const reply = await this.#answer({ wire, request, response, requestId, match, reached });
      return { reply, route: `${wire} ${match.operationId}`, isRead: isSafe(match.operationId) };
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
    const { deadlines } = this.#options;
    if ("fault" in outcome)
      return await pastBody(request, faultReply(wire, [outcome.fault]), deadlines);
    const fault = faultOf(
      "request.no_such_operation",
      `${request.method ?? ""} ${addressOf(request.url ?? "").path}`,
    );
    const reply = faultReply(wire, [fault], {
      status: METHOD_NOT_ALLOWED,
      headers: { Allow: outcome.allow.join(", ") },
    });
    return await pastBody(request, reply, deadlines);
  }

  async #answer(command: Command): Promise<Reply | null> {
    const { request, response, match } = command;
    const deadline = this.#options.deadlines.open();
    response.on("close", () => deadline.abort());
    try {
      if (match.operationId === "login.create") return await this.#createLogin(command, deadline);
      const ready = await this.#ready(command, deadline);
      if (isStreamOperation(match.operationId)) {
        await this.#stream(match.operationId, ready, command, deadline);
        return null;
      }
      const answer = await perform(ready, this.#options.app);
      return await replyTo(answer, spellingOf(command), deadline);
    } catch (error) {
      if (response.headersSent) throw error;
      return await pastBody(request, this.#failed(command, error), this.#options.deadlines);
    } finally {
      deadline.close();
    }
  }

  /** Who calls, and what with. */
  async #ready(command: Command, signal: Deadline): Promise<ReadyCall> {
    const { request, response, requestId, match, reached } = command;
    const { app, isStrict, reach } = this.#options;
    const { operationId } = match;
    const origin = reach.originOf(request, requestId);
    const isStream = isStreamOperation(operationId);
    const caller = await requireCaller(request, app.logins, { reached, isStream });
    inviteBody(request, response);
    const bytes = hasBody(request) ? await readBody(request, signal) : NO_BYTES;
    const body = match.readsBody ? parseBody(request, bytes) : undefined;
    const raw = gatheredParameters(command, body, isStrict);
    return readyCall({ operationId, caller, raw, origin, reached, signal, isStrict });
  }

  /** The one place where operations that answer a stream leave the common road: no deadline ends them, and no reply is made. */
  async #stream(
    operationId: StreamOperationId,
    { input, call }: ReadyCall,
    { request, response, reached }: Command,
    deadline: Deadline,
  ): Promise<void> {
    const road = this.#options.streams[operationId];
    if (road === undefined) throw new Error(`The stream ${operationId} has no road.`);
    deadline.close();
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    if (response.destroyed) gone.abort();
    // Not spread: how the call reached the server is worked out only when it is asked for.
    const streamed: Call = {
      caller: call.caller,
      address: call.address,
      requestId: call.requestId,
      get baseUrl() {
        return reached.baseUrl();
      },
      get thumbprint() {
        return reached.thumbprint();
      },
      signal: gone.signal,
      header: (name) => call.header(name),
      changeMessage: () => call.changeMessage(),
      ignored: (member) => call.ignored(member),
    };
    await road(input, streamed, request, response);
  }

  async #createLogin(command: Command, signal: Deadline): Promise<Reply> {
    const { request, response, requestId, reached } = command;
    const { app, reach } = this.#options;
    inviteBody(request, response);
    await readBody(request, signal);
    const loginId = await createLogin(request, app.logins, reach.originOf(request, requestId));
    const answer: Answer = {
      output: loginId,
      headers: createdHeaders(request, loginId, reached.baseUrl()),
    };
    return await replyTo(answer, spellingOf(command), signal);
  }

  #failed(command: Command, error: unknown): Reply {
    const { wire, match, requestId } = command;
    const { operationId } = match;
    if (error instanceof Refusal)
      return faultReply(wire, [error.fault], { status: error.status, headers: error.headers });
    const faults = failureOf(error, { operationId, requestId }, this.#options.journal);
    const isRefusedLogin =
      operationId === "login.create" && error instanceof Fault && error.code === "login.refused";
    return faultReply(
      wire,
      faults,
      isRefusedLogin ? { headers: { "WWW-Authenticate": CHALLENGE } } : {},
    );
  }
}

/** How results of a command are spelt on its wire. */
const spellingOf =
  ({ wire, match }: Command): Spelling =>
  (output) => {
    const { status, body } = encodeReply(wire, match.operationId, output);
    return body === undefined ? { status } : { status, json: JSON.stringify(body) };
  };
