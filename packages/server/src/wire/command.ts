import type { IncomingMessage, ServerResponse } from "node:http";
import type { RouteMatch, Wire } from "@contentlib/contract/bindings";
import { decodeInput } from "@contentlib/contract/bindings";
import { isFault } from "@contentlib/contract/vocabulary";
import { Fault } from "../app/fault.ts";
import type { RawParameters, Reached } from "./perform.ts";

/** One request to an operation while it is being answered. */
export interface Command {
  readonly wire: Wire;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly match: RouteMatch;
  readonly reached: Reached;
}

/** Address, header and body as the operation's parameters. What does not fit is thrown as `Fault`. */
export const gatheredParameters = (
  command: Command,
  body: unknown,
  strict: boolean,
): RawParameters => {
  const { match, request } = command;
  const token = request.headers["client_token"] ?? request.headers["client-token"];
  const decoded = decodeInput(match, {
    ...(typeof token === "string" ? { headerClientToken: token } : {}),
    body,
    strict,
  });
  if (isFault(decoded)) throw new Fault(decoded);
  return decoded.input;
};
