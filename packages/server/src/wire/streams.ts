import type { IncomingMessage, ServerResponse } from "node:http";
import type { OperationId, OperationInput } from "@contentlib/contract";
import { OPERATIONS } from "@contentlib/contract";
import type { Operation } from "@contentlib/contract";
import type { Call, StreamOperationId } from "../app/call.ts";

/**
 * Answers a call with a stream, head and all, and resolves when it has ended. The signal of the call aborts when the caller is
 * gone, and at no deadline. What is thrown before the head is sent is answered like any other failure.
 */
export type StreamRoad<Id extends StreamOperationId> = (
  input: OperationInput<Id>,
  call: Call,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

/** A road for each operation that answers a stream. */
export type Streams = { readonly [Id in StreamOperationId]: StreamRoad<Id> };

/** Whether the operation answers a stream. */
export const isStreamOperation = (id: OperationId): id is StreamOperationId => {
  const { stream }: Operation = OPERATIONS[id];
  return stream === true;
};
