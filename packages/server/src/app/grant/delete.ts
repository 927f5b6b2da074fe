import { faultOf } from "@contentlib/contract/vocabulary";
import type { Grant } from "../../domain/access/grant.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import { accountsOf, loadGrant } from "./access.ts";

/** A token without any grant left would be of no use; whoever means that revokes it. */
const expectNotLastOfToken = async (
  { catalog }: Pick<Core, "catalog">,
  { id, subject }: Grant,
): Promise<void> => {
  if (subject.kind !== "token") return;
  const present = await catalog.listGrants({ subject });
  if (present.every((grant) => grant.id === id))
    throw new Fault(faultOf("grant.last_of_token", id, subject.id));
};

/** What was done under the grant has ended before this answers. */
export const deleteGrant =
  (core: Pick<Core, "catalog" | "access">): Handler<"grant.delete"> =>
  async ({ grant_id }, call) => {
    const { catalog, access } = core;
    const deleted = await commitDecision(catalog, async () => {
      const grant = await loadGrant(catalog, grant_id);
      await expectNotLastOfToken(core, grant);
      const isOfAll = grant.role === "administrator" && grant.libraryId === undefined;
      return {
        changes: [
          { kind: "grant.delete", id: grant.id },
          ...(isOfAll ? [{ kind: "administrator.expect" } as const] : []),
        ],
        refusals: { "last-administrator": faultOf("access.last_administrator") },
        result: grant,
      };
    });
    const accountIds = await accountsOf(catalog, deleted.subject);
    await access.afterChange({ accountIds }, "a grant was taken away", call);
  };
