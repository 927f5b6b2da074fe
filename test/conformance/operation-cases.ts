import type { OperationId } from "@contentlib/contract";
import { BASIC } from "./client.ts";
import { ITEM_CASES } from "./item-cases.ts";
import { LIBRARY_CASES } from "./library-cases.ts";
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
