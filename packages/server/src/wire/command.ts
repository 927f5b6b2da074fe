import type { IncomingMessage, ServerResponse } from "node:http";
import type { OperationId } from "@contentlib/contract";
import { OPERATIONS } from "@contentlib/contract";
import { readInput } from "@contentlib/contract";
import type { RouteMatch, Wire } from "@contentlib/contract/bindings";
import { decodeInput } from "@contentlib/contract/bindings";
import type { FaultClass } from "@contentlib/contract/vocabulary";
import { IMPLICIT_FAULT_CLASSES, isFault } from "@contentlib/contract/vocabulary";
import type { LoginOperationId } from "../app/call.ts";
import { Fault } from "../app/fault.ts";
import { entryOf } from "./fault-reply.ts";

/** One request to an operation while it is being answered. */
export interface Command {
  readonly wire: Wire;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly match: RouteMatch;
  /** Scheme, host and port under which the caller reached the server; worked out only by those who need it. */
  readonly baseUrl: () => string;
}

const LOGIN_OPERATIONS: ReadonlySet<string> = new Set<LoginOperationId>([
  "login.create",
  "login.get",
  "login.delete",
]);

/** Whether the operation is one of the login service, whose handlers have a shape of their own. */
export const isLoginOperation = (id: OperationId): id is LoginOperationId =>
  LOGIN_OPERATIONS.has(id);

const IMPLICIT: readonly FaultClass[] = IMPLICIT_FAULT_CLASSES;

/** Whether the operation may answer with this fault; another one is a bug, and callers see it as an internal error. */
export const mayAnswer = (id: OperationId, fault: Fault): boolean =>
  fault.values.every((value) => {
    const { class: faultClass } = entryOf(value);
    const declared: readonly FaultClass[] = OPERATIONS[id].faults;
    return IMPLICIT.includes(faultClass) || declared.includes(faultClass);
  });

/** An operation's input, and the members of the request that count for nothing. */
export interface CommandInput {
  readonly input: Readonly<Record<string, unknown>>;
  readonly ignored: readonly string[];
}

/** Address, header and body as the operation's input. What does not fit is thrown as `Fault`. */
export const commandInput = (command: Command, body: unknown, strict: boolean): CommandInput => {
  const { match, request } = command;
  const token = request.headers["client_token"] ?? request.headers["client-token"];
  const decoded = decodeInput(match, {
    ...(typeof token === "string" ? { headerClientToken: token } : {}),
    body,
    strict,
  });
  if (isFault(decoded)) throw new Fault(decoded);
  const read = readInput(match.operationId, decoded.input, { strict });
  if (isFault(read)) throw new Fault(read);
  return read;
};
