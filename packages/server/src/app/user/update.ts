import { faultOf } from "@contentlib/contract/vocabulary";
import type { AccountPatch } from "../../domain/access/plan-account.ts";
import { checkAccountPatch, patchedAccount } from "../../domain/access/plan-account.ts";
import type { Account } from "../../domain/account.ts";
import type { Change } from "../../ports/index.ts";
import type { Call, Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { inTurn } from "../library/secrets.ts";
import { commitDecision } from "../unit-of-work.ts";
import { expectPasswordLogin, expectWholeLogin, loadOwnAccount } from "./access.ts";

type UpdateCore = Pick<Core, "catalog" | "hasher" | "access">;

const MANAGING_USERS = { privilege: "contentlib.ManageUsers", role: "administrator" } as const;

/** Users change their own password and description; whether they are let in is for administrators to say. */
const expectAllowed = async (core: UpdateCore, patch: AccountPatch, call: Call): Promise<void> => {
  if (await core.access.isAdministrator(call.caller)) return;
  if (patch.isDisabled !== undefined)
    throw new Fault(await core.access.missing(MANAGING_USERS, null, call.caller));
  await expectWholeLogin(core, call, "changing the user");
  if (patch.password !== undefined) await expectPasswordLogin(core, call, "changing the password");
};

/** A decision may be taken again and again; the password is hashed once, and only when it is acceptable. */
const hashedOnce = ({ hasher }: Pick<Core, "hasher">, password: string | undefined) => {
  let hash: Promise<string> | null = null;
  return async (): Promise<string | undefined> => {
    if (password === undefined) return undefined;
    hash ??= hasher.hash(password);
    return await inTurn(hash);
  };
};

const whyOf = ({ name, isDisabled }: Account): string =>
  `the user ${name} was ${isDisabled ? "disabled" : "changed"}`;

/** What goes with the account's being let in: its logins do not come back with it. */
const shuttingOut = ({ id: accountId }: Account): readonly Change[] => [
  { kind: "logins.delete", of: { accountId } },
  { kind: "administrator.expect" },
];

/** A disabled account is shut out before this answers: its logins, sessions and transfers have ended by then. */
export const updateUser =
  (core: UpdateCore): Handler<"user.update"> =>
  async ({ user, update_spec }, call) => {
    const { password, description, disabled: isDisabled } = update_spec;
    const patch: AccountPatch = given({ password, description, isDisabled });
    const hashed = hashedOnce(core, password);
    const updated = await commitDecision(core.catalog, async () => {
      const { value: account, rev } = await loadOwnAccount(core, user, call);
      await expectAllowed(core, patch, call);
      const fault = checkAccountPatch(account, patch);
      if (fault !== null) throw new Fault(fault);
      const after = patchedAccount(account, patch, await hashed());
      if (after === account) return { changes: [], result: after };
      return {
        changes: [
          { kind: "account.put", account: after, rev },
          ...(after.isDisabled ? shuttingOut(after) : []),
        ],
        refusals: { "last-administrator": faultOf("access.last_administrator") },
        result: after,
      };
    });
    // Also when nothing was changed: the call before this one may have died on its way here.
    if (isDisabled !== undefined)
      await core.access.afterChange({ accountIds: [updated.id] }, whyOf(updated), call);
  };
