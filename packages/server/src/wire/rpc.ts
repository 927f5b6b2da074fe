/*
 * One JSON-RPC call, in the order in which its parts are judged:
 *
 *   method, type -> body -> envelope -> headers -> operation -> login -> input -> handler -> reply
 *
 * Statuses other than 200 are for what is below the protocol: clients throw the body of such a reply away.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ProtocolError, RpcRequest } from "@contentlib/contract/bindings";
import { protocolError, readRpcRequest, rpcOutputText } from "@contentlib/contract/bindings";
import { prepareMetadata } from "@contentlib/contract/derive/metadata-services";
import type { RpcOperation } from "@contentlib/contract/derive/rpc-operations";
import { findRpcOperation } from "@contentlib/contract/derive/rpc-operations";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { isFault, messageOf } from "@contentlib/contract/vocabulary";
import { Fault } from "../app/fault.ts";
import { inviteBody, parseBody, readBody } from "./body.ts";
import type { Deadline } from "./deadlines.ts";
import type { Dispatched, DispatchOptions } from "./dispatch.ts";
import type { Spelling } from "./long-list.ts";
import { replyTo } from "./long-list.ts";
import { pastBody } from "./past-body.ts";
import type { RawParameters } from "./perform.ts";
import { failureOf, isSafe, perform, readyCall } from "./perform.ts";
import { Refusal } from "./refusal.ts";
import type { Reply } from "./reply.ts";
import { headerOf, mediaTypeOf } from "./request-head.ts";
import { createRpcLogin, requireRpcCaller } from "./rpc-caller.ts";
import {
  ERROR_HEADER,
  faultReply,
  metadataReply,
  protocolReply,
  refused,
  unknownOperation,
} from "./rpc-reply.ts";

const OK = 200;
const METHOD_NOT_ALLOWED = 405;
const UNSUPPORTED_MEDIA_TYPE = 415;

/** Longest name of a call that the log repeats, in UTF-16 units. */
const OP_ID_UNITS_MAX = 128;

const SERVICE_HEADER = "vapi-service";
const OPERATION_HEADER = "vapi-operation";
const OP_ID_HEADER = "vapi-ctx-opid";

/** One call while it is being answered. */
interface RpcExchange {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly call: RpcRequest;
}

/** Longest piece of a name that is quoted beside another one, in UTF-16 units: the names of the API are shorter. */
const QUOTED_UNITS_MAX = 64;

const quoted = (text: string): string =>
  JSON.stringify(text.length <= QUOTED_UNITS_MAX ? text : `${text.slice(0, QUOTED_UNITS_MAX)}...`);

/** What headers and call say differently; null where they agree, as they do where a header is absent. */
const mismatchOf = (
  request: IncomingMessage,
  { serviceId, operationId }: RpcRequest,
): string | null => {
  const differing: string[] = [];
  for (const [header, named] of [
    [SERVICE_HEADER, serviceId],
    [OPERATION_HEADER, operationId],
  ] as const) {
    const said = headerOf(request, header);
    if (said !== null && said !== named)
      differing.push(`the header ${header} says ${quoted(said)} and the call ${quoted(named)}`);
  }
  return differing.length === 0 ? null : differing.join(", ");
};

const opIdOf = (request: IncomingMessage, call: RpcRequest): string | null => {
  const opId = headerOf(request, OP_ID_HEADER) ?? call.opId;
  return opId === null || opId === "" ? null : opId.slice(0, OP_ID_UNITS_MAX).toWellFormed();
};

/** The parameters of a call as every wire hands them on. What does not fit is thrown as `Fault`. */
const unwrapped = (operation: RpcOperation, { input }: RpcRequest): RawParameters => {
  const raw = operation.decodeInput(input);
  if (isFault(raw)) throw new Fault(raw);
  return raw;
};

/** Answers JSON-RPC calls by the operations that all wires share. */
export class RpcRoad {
  readonly #options: Omit<DispatchOptions, "streams">;

  constructor(options: Omit<DispatchOptions, "streams">) {
    this.#options = options;
    prepareMetadata();
  }

  /** The reply to one request. Never rejects. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<Dispatched> {
    const unread = unreadable(request);
    if (unread !== null)
      return {
        reply: await pastBody(request, unread, this.#options.deadlines),
        route: "rpc (none)",
      };
    const deadline = this.#options.deadlines.open();
    response.on("close", () => deadline.abort());
    try {
      inviteBody(request, response);
      const call = await readCall(request, deadline);
      return "code" in call
        ? { reply: protocolReply(call), route: "rpc (none)" }
        : await this.#dispatch({ request, requestId, call }, deadline);
    } catch (error) {
      return {
        reply: await pastBody(request, this.#unreadCall(error, requestId), this.#options.deadlines),
        route: "rpc (none)",
      };
    } finally {
      deadline.close();
    }
  }

  async #dispatch(exchange: RpcExchange, deadline: Deadline): Promise<Dispatched> {
    const { request, call } = exchange;
    const opId = opIdOf(request, call);
    const named = opId === null ? {} : { opId };
    const mismatch = mismatchOf(request, call);
    if (mismatch !== null) {
      const reply = protocolReply(protocolError("mismatch", call.id, mismatch));
      return { reply, route: "rpc (none)", ...named };
    }
    const operation = findRpcOperation(call.serviceId, call.operationId);
    const { reply, route, isRead } =
      operation === undefined || operation === null
        ? { ...this.#outside(exchange), isRead: true }
        : {
            reply: await this.#answer(operation, exchange, deadline),
            route: `rpc ${operation.operationId}`,
            isRead: isSafe(operation.operationId),
          };
    const fault = reply.headers?.[ERROR_HEADER];
    return { reply, route, ...named, ...(fault === undefined ? { isRead } : { fault }) };
  }

  /** The reply to a call of no operation of the contract. */
  #outside({ call, requestId }: RpcExchange): { readonly reply: Reply; readonly route: string } {
    try {
      const told = metadataReply(call);
      return told === null
        ? { reply: faultReply(call.id, [unknownOperation(call)]), route: "rpc (none)" }
        : { reply: told, route: `rpc ${call.serviceId}.${call.operationId}` };
    } catch (error) {
      this.#options.journal.requestFailed({ route: "rpc metadata", error });
      const sentence = `the log says more under ${requestId}`;
      return {
        reply: protocolReply(protocolError("internal", call.id, sentence)),
        route: "rpc metadata",
      };
    }
  }

  async #answer(
    operation: RpcOperation,
    { request, requestId, call }: RpcExchange,
    signal: Deadline,
  ): Promise<Reply> {
    const { app, isStrict, journal, reach } = this.#options;
    const { operationId } = operation;
    const origin = reach.originOf(request, requestId);
    const spell: Spelling = (output) => ({
      status: OK,
      json: rpcOutputText(call.id, operation.encodeOutput(output)),
    });
    try {
      if (operationId === "login.create") {
        unwrapped(operation, call);
        const output = await createRpcLogin(call.security, app.logins, origin);
        return await replyTo({ output, headers: NEVER_STORED }, spell, signal);
      }
      const caller = await requireRpcCaller(call.security, request, app.logins);
      const raw = unwrapped(operation, call);
      const reached = reach.by(request);
      const asked = { operationId, caller, raw, origin, reached, signal, isStrict };
      return await replyTo(await perform(readyCall(asked), app), spell, signal);
    } catch (error) {
      return faultReply(call.id, failureOf(error, { operationId, requestId }, journal));
    }
  }

  /** The reply to a body that could not be read at all. */
  #unreadCall(error: unknown, requestId: string): Reply {
    if (error instanceof Refusal)
      return refused(sentenceOf(error.fault), error.status, error.headers);
    if (error instanceof Fault)
      return protocolReply(protocolError("parse", null, error.values[0]?.args[0] ?? error.message));
    this.#options.journal.requestFailed({ route: "rpc", error });
    const sentence = `the log says more under ${requestId}`;
    return protocolReply(protocolError("internal", null, sentence));
  }
}

/** The text of a fault as part of another one. */
const sentenceOf = (fault: FaultValue): string =>
  messageOf(fault).default_message.replace(/\.$/, "");

/** A login's id is nothing to keep a copy of. */
const NEVER_STORED = { "Cache-Control": "no-store" } as const;

/** The refusal of a request that can not hold a call; null for all others. */
const unreadable = (request: IncomingMessage): Reply | null => {
  if (request.method !== "POST")
    return refused("calls are sent with POST", METHOD_NOT_ALLOWED, { Allow: "POST" });
  const mediaType = mediaTypeOf(request);
  return mediaType === "" || mediaType === "application/json"
    ? null
    : refused("calls are sent as application/json", UNSUPPORTED_MEDIA_TYPE);
};

const readCall = async (
  request: IncomingMessage,
  signal: Deadline,
): Promise<RpcRequest | ProtocolError> => {
  const body = parseBody(request, await readBody(request, signal));
  return body === undefined
    ? protocolError("parse", null, "the body is empty")
    : readRpcRequest(body);
};
