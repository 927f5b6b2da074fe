import type { OperationInput } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { Grant } from "../../domain/access/grant.ts";
import type { TokenGrantWish } from "../../domain/access/plan-token.ts";
import { planTokenCreate, TOKENS_OF_ACCOUNT_MAX } from "../../domain/access/plan-token.ts";
import type { AccessToken, Account } from "../../domain/account.ts";
import type { Call, Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { grantedRole } from "../grant/access.ts";
import { loadLibrary } from "../library/access.ts";
import { orFault } from "../or-fault.ts";
import { presentTime } from "../present.ts";
import { commitDecision } from "../unit-of-work.ts";
import { expectWholeLogin, loadOwnAccount } from "../user/access.ts";

type CreateCore = Pick<Core, "catalog" | "clock" | "ids" | "digest" | "access">;
type GrantSpecs = OperationInput<"token.create">["create_spec"]["grants"];

/** What the token is cut down to. A library that the caller does not see is not there. */
const grantWishes = async (
  core: CreateCore,
  specs: GrantSpecs,
  { caller }: Call,
): Promise<readonly TokenGrantWish[]> => {
  const wishes: TokenGrantWish[] = [];
  for (const { role, library_id } of specs ?? []) {
    if (library_id === undefined) {
      wishes.push({ role: grantedRole(role) });
      continue;
    }
    const { id } = (await loadLibrary(core.catalog, library_id)).value;
    if ((await core.access.roleOf(caller, id)) === null)
      throw new Fault(faultOf("library.not_found", library_id));
    wishes.push({ role: grantedRole(role), libraryId: id });
  }
  return wishes;
};

const grantsOf = (
  core: CreateCore,
  token: AccessToken,
  wishes: readonly TokenGrantWish[],
): readonly Grant[] =>
  wishes.map((wish) => ({
    ...wish,
    id: core.ids.grantId(),
    subject: { kind: "token", id: token.id },
    createdAt: token.createdAt,
  }));

/** Refuses a label that is taken, and one token more than an account may have. */
const expectRoom = (present: readonly AccessToken[], label: string, { name }: Account): void => {
  if (present.some((token) => token.label === label))
    throw new Fault(faultOf("token.name_taken", label, name));
  if (present.length >= TOKENS_OF_ACCOUNT_MAX)
    throw new Fault(faultOf("token.too_many", name, String(TOKENS_OF_ACCOUNT_MAX)));
};

/**
 * Token and grants are one commit: there is no moment at which it could do more than it is to. Its text is kept nowhere.
 * Nobody stands otherwise than before, so that what is known of others' rights stays known.
 */
export const createToken =
  (core: CreateCore): Handler<"token.create"> =>
  async ({ create_spec }, call) => {
    await expectWholeLogin(core, call, "making a token");
    const text = core.ids.accessToken();
    const hash = core.digest.digest(text);
    const { token, account } = await commitDecision(core.catalog, async () => {
      const { value: owner } = await loadOwnAccount(core, create_spec.user, call);
      const grants = await grantWishes(core, create_spec.grants, call);
      const wish = given({
        label: create_spec.name,
        expiresTime: create_spec.expires_time,
        grants,
      });
      const made = orFault(
        planTokenCreate({
          id: core.ids.tokenId(),
          accountId: owner.id,
          hash,
          wish,
          now: core.clock.now(),
          makerEnd: (await core.access.standingOf(call.caller)).endsAt,
        }),
      );
      expectRoom(await core.catalog.listTokens(owner.id), made.label, owner);
      return {
        changes: [
          { kind: "token.put", token: made },
          ...grantsOf(core, made, grants).map((grant) => ({ kind: "grant.put", grant }) as const),
        ],
        result: { token: made, account: owner },
      };
    });
    return {
      token_id: token.id,
      token: text,
      user_id: account.id,
      user: account.name,
      name: token.label,
      ...(token.expiresAt === undefined ? {} : { expires_time: presentTime(token.expiresAt) }),
    };
  };
