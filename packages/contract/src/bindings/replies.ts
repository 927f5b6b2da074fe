import { FAULT_CLASSES, type FaultClass } from "../vocabulary/fault-class.ts";
import type { OperationId } from "../vocabulary/operation-ids.ts";
import type { Wire } from "./binding.ts";
import { bindingOf } from "./binding-of.ts";
import {
  decodeMessage,
  decodeMessages,
  encodeMessage,
  encodeMessages,
  type MessageValue,
} from "./messages.ts";
import { FAULT_STATUSES } from "./statuses.ts";

/** A reply before it becomes bytes; without `body` it is empty and carries no content type. */
export interface EncodedReply {
  readonly status: number;
  readonly body?: unknown;
}

/** A reply that is an error. */
export interface EncodedFault {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An error as it was read from a reply. */
export interface ReplyFault {
  readonly class: FaultClass;
  readonly messages: readonly MessageValue[];
}

/** What a reply says: a result, an error, or something no server of this API would send. */
export type DecodedReply =
  | { readonly output: unknown }
  | { readonly fault: ReplyFault }
  | { readonly malformed: string };

type Members = Readonly<Record<string, unknown>>;

const ERROR_TYPE_PREFIX = "com.vmware.vapi.std.errors.";

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The reply of success. An `undefined` output is no result, and no result has no body. */
export const encodeReply = (
  wire: Wire,
  operationId: OperationId,
  output: unknown,
): EncodedReply => {
  const { status } = bindingOf(wire, operationId);
  if (output === undefined) return { status };
  const body = encodeMessages(wire, operationId, output);
  return { status, body: wire === "rest" ? { value: body } : body };
};

/** The reply of an error: the class decides the status, the shape is the wire's. */
export const encodeFault = (
  wire: Wire,
  faultClass: FaultClass,
  messages: readonly MessageValue[],
  { challenge }: { readonly challenge?: string } = {},
): EncodedFault => {
  const error = {
    error_type: faultClass.toUpperCase(),
    messages: messages.map((message) => encodeMessage(wire, message)),
    ...(challenge === undefined ? {} : { challenge }),
  };
  const status = FAULT_STATUSES[faultClass][wire];
  return {
    status,
    body: wire === "rest" ? { type: `${ERROR_TYPE_PREFIX}${faultClass}`, value: error } : error,
  };
};

/** The class a bare status stands for, when the body names none. */
const classOfStatus = (status: number): FaultClass => {
  const named: Readonly<Record<number, FaultClass>> = {
    401: "unauthenticated",
    403: "unauthorized",
    404: "not_found",
    409: "concurrent_change",
    503: "service_unavailable",
    504: "timed_out",
  };
  return named[status] ?? (status < 500 ? "invalid_request" : "internal_server_error");
};

const namedClass = (name: unknown): FaultClass | undefined =>
  typeof name === "string"
    ? FAULT_CLASSES.find((known) => known === name.toLowerCase())
    : undefined;

const readMessage = (raw: unknown): readonly MessageValue[] => {
  if (typeof raw === "string") return [{ id: "", default_message: raw, args: [] }];
  const message = decodeMessage(raw);
  if (!isMembers(message) || typeof message["default_message"] !== "string") return [];
  const { id, default_message: text, args, params, localized } = message;
  return [
    {
      id: typeof id === "string" ? id : "",
      default_message: text,
      args: Array.isArray(args) ? args.map(String) : [],
      ...(isMembers(params) ? { params } : {}),
      ...(typeof localized === "string" ? { localized } : {}),
    },
  ];
};

/** The error in a reply of either shape; what is missing is made up from the status. */
const readFault = (status: number, body: unknown): ReplyFault => {
  const outer = isMembers(body) ? body : {};
  const error = isMembers(outer["value"]) ? outer["value"] : outer;
  const type =
    typeof outer["type"] === "string" ? outer["type"].slice(ERROR_TYPE_PREFIX.length) : undefined;
  const messages = Array.isArray(error["messages"]) ? error["messages"].flatMap(readMessage) : [];
  return {
    class: namedClass(error["error_type"]) ?? namedClass(type) ?? classOfStatus(status),
    messages,
  };
};

/** Operations that answer a list have one of these verbs. */
const LIST_VERBS = /\.(?:find|list)$/;

/** A list that has no elements is `null` at servers of other makes, and everywhere else a list. */
const readResult = (operationId: OperationId, result: unknown): unknown =>
  result === null && LIST_VERBS.test(operationId) ? [] : decodeMessages(operationId, result);

/**
 * Reads a reply. `body` is the parsed JSON, or `undefined` where the reply was empty. An error of any shape is read as well as
 * it can be; a success that lacks its result is `malformed`, with a sentence saying how.
 */
export const decodeReply = (
  wire: Wire,
  operationId: OperationId,
  status: number,
  body: unknown,
): DecodedReply => {
  if (status >= 400) return { fault: readFault(status, body) };
  if (status < 200 || status >= 300)
    return { malformed: `a status ${String(status)} is not expected` };
  if (wire === "api") return { output: readResult(operationId, body) };
  if (body === undefined) return { output: undefined };
  if (!isMembers(body) || !Object.hasOwn(body, "value"))
    return { malformed: "the result has no member value" };
  return { output: readResult(operationId, body["value"]) };
};
