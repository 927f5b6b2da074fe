import type { OperationInput } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { Grant, GrantSubject } from "../../domain/access/grant.ts";
import { roleOn } from "../../domain/access/rights.ts";
import type { LibraryId } from "../../domain/ids.ts";
import type { Call, Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { loadGroup } from "../group/access.ts";
import { loadLibrary } from "../library/access.ts";
import { loadToken } from "../token/access.ts";
import { loadAccount } from "../user/access.ts";
import { accountsOf, GrantNames, isSeenGrant, presentGrant } from "./access.ts";

type ListCore = Pick<Core, "catalog" | "access">;
type ListInput = OperationInput<"grant.list">;

/** Who may say who may: only these are told which subjects there are. */
const isAnyAdministrator = async ({ access }: ListCore, { caller }: Call): Promise<boolean> => {
  const rights = await access.rightsOf(caller);
  const libraries = [...rights.account.onLibraries.keys()];
  return [null, ...libraries].some((id) => roleOn(rights, id) === "administrator");
};

/** Loads the subject of a filter. One that is no affair of the caller's is not there, like one that nobody knows. */
const loadSubject = async (
  core: ListCore,
  load: () => Promise<GrantSubject>,
  told: { readonly call: Call; readonly notFound: Fault },
): Promise<GrantSubject> => {
  const subject = await load();
  const accountIds = await accountsOf(core.catalog, subject);
  if (accountIds.includes(told.call.caller.accountId)) return subject;
  if (await isAnyAdministrator(core, told.call)) return subject;
  throw told.notFound;
};

const subjectsOf = async (
  core: ListCore,
  { user, group, token_id }: ListInput,
  call: Call,
): Promise<readonly GrantSubject[]> => {
  const { catalog } = core;
  const subjects: GrantSubject[] = [];
  const add = async (
    load: () => Promise<GrantSubject>,
    notFound: Parameters<typeof faultOf>,
  ): Promise<void> => {
    subjects.push(
      await loadSubject(core, load, { call, notFound: new Fault(faultOf(...notFound)) }),
    );
  };
  if (user !== undefined)
    await add(
      async () => ({ kind: "account", id: (await loadAccount(catalog, user)).value.id }),
      ["account.not_found", user],
    );
  if (group !== undefined)
    await add(
      async () => ({ kind: "group", id: (await loadGroup(catalog, group)).value.id }),
      ["group.not_found", group],
    );
  if (token_id !== undefined)
    await add(
      async () => ({ kind: "token", id: (await loadToken(catalog, token_id)).id }),
      ["token.not_found", token_id],
    );
  return subjects;
};

/** A library that the caller does not see is not there. */
const libraryOf = async (
  core: ListCore,
  text: string | undefined,
  { caller }: Call,
): Promise<LibraryId | undefined> => {
  if (text === undefined) return undefined;
  const { id } = (await loadLibrary(core.catalog, text)).value;
  if ((await core.access.roleOf(caller, id)) === null)
    throw new Fault(faultOf("library.not_found", text));
  return id;
};

/** The caller's own grants on what he sees as he came, and those on what he is administrator of. */
const visibleTo = async (
  { catalog, access }: ListCore,
  grants: readonly Grant[],
  { caller }: Call,
): Promise<readonly Grant[]> => {
  const rights = await access.rightsOf(caller);
  const groups = await catalog.listGroups(caller.accountId);
  const tokens = await catalog.listTokens(caller.accountId);
  const own = new Set<string>([caller.accountId, ...[...groups, ...tokens].map(({ id }) => id)]);
  return grants.filter(
    (grant) =>
      (own.has(grant.subject.id) && isSeenGrant(grant, rights)) ||
      roleOn(rights, grant.libraryId ?? null) === "administrator",
  );
};

export const listGrants =
  (core: ListCore): Handler<"grant.list"> =>
  async (input, call) => {
    const subjects = await subjectsOf(core, input, call);
    const libraryId = await libraryOf(core, input.library_id, call);
    // A grant has one subject: nothing fits two of them.
    if (subjects.length > 1) return [];
    const grants = await core.catalog.listGrants(given({ subject: subjects[0], libraryId }));
    const names = new GrantNames(core.catalog);
    const visible = await visibleTo(core, grants, call);
    return await Promise.all(visible.map((grant) => presentGrant(grant, names)));
  };
