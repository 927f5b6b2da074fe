import { faultOf } from "@contentlib/contract/vocabulary";
import { chooseAccountName, newAccount } from "../../domain/access/plan-account.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { inTurn } from "../library/secrets.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";

/** A new account may do nothing until something is granted to it. */
export const createUser =
  ({
    catalog,
    clock,
    ids,
    hasher,
    access,
  }: Pick<Core, "catalog" | "clock" | "ids" | "hasher" | "access">): Handler<"user.create"> =>
  async ({ create_spec: wish }, call) => {
    const name = orFault(chooseAccountName(given(wish)));
    const expectFree = async (): Promise<void> => {
      if ((await catalog.findAccountByName(name)) !== null)
        throw new Fault(faultOf("account.name_taken", name));
    };
    // Asked before the password is hashed too: hashing is slow, and there are only so many turns.
    await expectFree();
    const { password } = wish;
    const passwordHash = password === undefined ? undefined : await inTurn(hasher.hash(password));
    const id = await commitDecision(catalog, async () => {
      await expectFree();
      const now = clock.now();
      const account = newAccount(
        given({ id: ids.accountId(), name, wish: given(wish), passwordHash, now }),
      );
      return { changes: [{ kind: "account.put", account, rev: null }], result: account.id };
    });
    await access.afterChange({ accountIds: [id] }, `the user ${name} was made`, call);
    return id;
  };
