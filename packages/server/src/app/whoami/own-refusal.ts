import type { OperationId } from "@contentlib/contract";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Call } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { loadOwnToken } from "../token/access.ts";
import { expectWholeLogin, loadOwnAccount } from "../user/access.ts";

type OwnCore = Pick<Core, "catalog" | "access">;
type Check = (core: OwnCore, on: string | undefined, call: Call) => Promise<unknown>;

/** What the operations on one's own account and tokens ask by themselves, because they alone know whose the object is. */
const CHECKS: ReadonlyMap<OperationId, readonly Check[]> = new Map<OperationId, readonly Check[]>([
  ["user.get", [loadOwnAccount]],
  ["user.update", [loadOwnAccount, expectWhole("changing the user")]],
  ["token.create", [expectWhole("making a token"), loadOwnAccount]],
  ["token.list", [loadOwnAccount]],
  ["token.delete", [loadRevocable]],
]);

function expectWhole(wish: string): Check {
  return async (core, _on, call) => await expectWholeLogin(core, call, wish);
}

async function loadRevocable(core: OwnCore, on: string | undefined, call: Call): Promise<void> {
  const token = await loadOwnToken(core, on ?? "", call);
  if (token.id !== call.caller.tokenId)
    await expectWholeLogin(core, call, "revoking another token");
}

/** Whether the operation is one that knows by itself whose its object is. */
export const judgesItself = (id: OperationId): boolean => CHECKS.has(id);

/** Why an operation on one's own would be refused; null when it would not be, and for all other operations. */
export const ownRefusal = async (
  core: OwnCore,
  { id, on }: { readonly id: OperationId; readonly on: string | undefined },
  call: Call,
): Promise<FaultValue | null> => {
  try {
    for (const check of CHECKS.get(id) ?? []) await check(core, on, call);
    return null;
  } catch (error) {
    const fault = error instanceof Fault ? error.values[0] : undefined;
    if (fault === undefined) throw error;
    return fault;
  }
};
