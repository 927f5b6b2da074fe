import type { OperationInput } from "@contentlib/contract";
import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Grant, GrantSubject } from "../../domain/access/grant.ts";
import type { AccessToken } from "../../domain/account.ts";
import type { Call, Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { loadGroup } from "../group/access.ts";
import { loadLibrary } from "../library/access.ts";
import { loadOwnToken } from "../token/access.ts";
import { commitDecision } from "../unit-of-work.ts";
import { expectWholeLogin, loadAccount } from "../user/access.ts";
import { accountsOf, grantedRole } from "./access.ts";

type CreateCore = Pick<Core, "catalog" | "clock" | "ids" | "access">;
type GrantSpec = OperationInput<"grant.create">["create_spec"];

interface Chosen {
  readonly subject: GrantSubject;
  /** As it is told to those who name it. */
  readonly name: string;
  /** The token that is cut down. */
  readonly token?: AccessToken;
}

/** A grant cuts a token down, so that only its user and administrators of everything may make one for it. */
const chosenToken = async (core: CreateCore, text: string, call: Call): Promise<Chosen> => {
  const token = await loadOwnToken(core, text, call);
  await expectWholeLogin(core, call, "cutting a token down");
  return { subject: { kind: "token", id: token.id }, name: `Token ${token.label}`, token };
};

const chosenSubject = async (core: CreateCore, spec: GrantSpec, call: Call): Promise<Chosen> => {
  const { user, group, token_id } = spec;
  const isOne = [user, group, token_id].filter((one) => one !== undefined).length === 1;
  if (isOne && user !== undefined) {
    const { id, name } = (await loadAccount(core.catalog, user)).value;
    return { subject: { kind: "account", id }, name: `User ${name}` };
  }
  if (isOne && group !== undefined) {
    const { id, name } = (await loadGroup(core.catalog, group)).value;
    return { subject: { kind: "group", id }, name: `Group ${name}` };
  }
  if (isOne && token_id !== undefined) return await chosenToken(core, token_id, call);
  throw new Fault(faultOf("grant.one_subject"));
};

/** A subject has a role in a place once. */
const alreadyGranted = async (
  { catalog }: CreateCore,
  { role, libraryId }: Grant,
  chosen: Chosen,
): Promise<FaultValue | null> => {
  const present = await catalog.listGrants({ subject: chosen.subject });
  const isThere = present.some((one) => one.role === role && one.libraryId === libraryId);
  if (!isThere) return null;
  const place = libraryId === undefined ? "everything" : `library ${libraryId}`;
  return faultOf("grant.already_exists", chosen.name, role, place);
};

/** A grant for a token takes away: what it did beyond its grants has ended before this answers. */
export const createGrant =
  (core: CreateCore): Handler<"grant.create"> =>
  async ({ create_spec: spec }, call) => {
    const { grant, name } = await commitDecision(core.catalog, async () => {
      // The library first: whoever does not see it is not told who is there.
      const libraryId =
        spec.library_id === undefined
          ? undefined
          : (await loadLibrary(core.catalog, spec.library_id)).value.id;
      const chosen = await chosenSubject(core, spec, call);
      const made: Grant = given({
        id: core.ids.grantId(),
        subject: chosen.subject,
        role: grantedRole(spec.role),
        libraryId,
        createdAt: core.clock.now(),
      });
      const fault = await alreadyGranted(core, made, chosen);
      if (isFault(fault)) throw new Fault(fault);
      const { token } = chosen;
      return {
        changes: [
          { kind: "grant.put", grant: made },
          ...(token === undefined || token.isCutDown === true
            ? []
            : [{ kind: "token.put", token: { ...token, isCutDown: true } } as const]),
        ],
        result: { grant: made, name: chosen.name },
      };
    });
    const accountIds = await accountsOf(core.catalog, grant.subject);
    await core.access.afterChange({ accountIds }, `${name} was granted a role`, call);
    return grant.id;
  };
