import type { OperationId } from "@contentlib/contract";
import type { FaultCode, OperationRight, Right } from "@contentlib/contract/vocabulary";
import { OPERATION_RIGHTS } from "@contentlib/contract/vocabulary";
import {
  parseDownloadSessionId,
  parseGrantId,
  parseItemId,
  parseLibraryId,
  parseUpdateSessionId,
} from "../../domain/ids.ts";
import { type Parameters, textAt } from "../access/parameters.ts";
import type { Caller, Origin } from "../call.ts";
import { Fault } from "../fault.ts";
import { doerOf } from "./deeds.ts";
import type { DeniedCall } from "./refusals.ts";
import type { ToldObject } from "./told-object.ts";

/** What somebody is told who may not do what he asks for, or is not let in any more. */
const DENIALS: ReadonlySet<FaultCode> = new Set<FaultCode>([
  "access.missing_right",
  "access.narrowed_token",
  "access.not_owner",
  "access.password_login_needed",
  "login.required",
]);

/** Whether an error says that somebody may not do what he asks for. */
export const isDenial = (error: unknown): error is Fault =>
  error instanceof Fault && DENIALS.has(error.code);

const askedObject = ({ on }: Right, input: Parameters): readonly ToldObject[] => {
  const text = "parameter" in on ? textAt(input, on.parameter) : undefined;
  if (text === undefined) return [];
  switch (on.kind) {
    case "library": {
      const id = parseLibraryId(text);
      return id === null ? [] : [{ kind: "library", id }];
    }
    case "item": {
      const id = parseItemId(text);
      return id === null ? [] : [{ kind: "item", id }];
    }
    case "update-session": {
      const id = parseUpdateSessionId(text);
      return id === null ? [] : [{ kind: "update-session", id }];
    }
    case "download-session": {
      const id = parseDownloadSessionId(text);
      return id === null ? [] : [{ kind: "download-session", id }];
    }
    case "grant": {
      const id = parseGrantId(text);
      return id === null ? [] : [{ kind: "grant", id }];
    }
    // What is one's own is looked for by the operation, which says of that of others that it is not there.
    case "self":
    case "everything":
    case "anything":
    case "anywhere":
      return [];
  }
};

/** A call that was denied, with what it asked for. */
export const deniedCall = (
  operation: OperationId,
  input: Parameters,
  asked: { readonly caller: Caller } & Partial<Origin>,
  reason: string,
): DeniedCall => {
  const { caller, address, requestId } = asked;
  const right: OperationRight = OPERATION_RIGHTS[operation];
  const rights: readonly Right[] = [right, ...(right.also ?? [])];
  return {
    doer: doerOf(caller),
    operation,
    ...(address === undefined || requestId === undefined ? {} : { origin: { address, requestId } }),
    objects: rights.flatMap((each) => askedObject(each, input)),
    reason,
  };
};
