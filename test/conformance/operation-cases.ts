import { type Operation, type OperationId, OPERATIONS } from "@contentlib/contract";
import { operationIdsOn } from "@contentlib/contract/bindings";
import { ACCESS_CASES } from "./access-cases.ts";
import { BASIC } from "./client.ts";
import { ITEM_CASES } from "./item-cases.ts";
import { LIBRARY_CASES } from "./library-cases.ts";
import type { Form } from "./forms.ts";
import type { OperationCase, World } from "./operation-case.ts";
import type { ServerUnderTest } from "./server-under-test.ts";
import { SESSION_CASES } from "./session-cases.ts";

/** Streams never end by themselves, so they have no case. */
export type Stream = "event.stream";

/** The operations that have no case. */
export const STREAMS: readonly OperationId[] = ["event.stream"] satisfies Stream[];

/** Every operation of the contract, as it is seen to work. */
export const OPERATION_CASES: Readonly<Record<Exclude<OperationId, Stream>, OperationCase>> = {
  ...LIBRARY_CASES,
  ...ITEM_CASES,
  ...SESSION_CASES,
  ...ACCESS_CASES,
};

/** The headers of who asks on real objects. */
export async function askerOf(
  { asker }: OperationCase,
  { client, form }: World,
  server: ServerUnderTest,
): Promise<Readonly<Record<string, string>>> {
  if (asker === "a password") return { Authorization: BASIC };
  const { loginId } = asker === undefined ? client : await server.client(form);
  return { "vmware-api-session-id": loginId };
}

/** The operations with a case that the form has, and that any login may ask for, whoever has it. */
export function casesByLogin(form: Form): readonly Exclude<OperationId, Stream>[] {
  const ids = Object.keys(OPERATION_CASES) as Exclude<OperationId, Stream>[];
  const isThere = (id: OperationId): boolean => {
    const { origin }: Operation = OPERATIONS[id];
    return form.name === "rpc" ? origin !== "ours" : operationIdsOn(form.name).includes(id);
  };
  return ids.filter((id) => OPERATION_CASES[id].asker === undefined && isThere(id));
}
