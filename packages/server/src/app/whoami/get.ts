import type { CallerInfo, OperationId } from "@contentlib/contract";
import type { GrantRole, OperationRight } from "@contentlib/contract/vocabulary";
import { faultOf, messageOf, OPERATION_RIGHTS } from "@contentlib/contract/vocabulary";
import type { Rights } from "../../domain/access/rights.ts";
import { covers, roleOn } from "../../domain/access/rights.ts";
import type { Call, Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { presentRole } from "../grant/access.ts";
import { operationOf } from "./operation-names.ts";
import { ownRefusal } from "./own-refusal.ts";

type WhoamiCore = Pick<Core, "catalog" | "access">;

/** The role on everything, and the libraries on which there is a higher one. What was granted on one that is gone is no role. */
const presentRoles = async (
  { catalog }: Pick<Core, "catalog">,
  rights: Rights,
): Promise<Pick<CallerInfo, "role" | "libraries">> => {
  const everywhere = roleOn(rights, null);
  const named = [...rights.account.onLibraries.keys(), ...(rights.token?.onLibraries.keys() ?? [])];
  const libraries: { library_id: string; role: GrantRole }[] = [];
  for (const id of new Set(named)) {
    const role = roleOn(rights, id);
    if (role === null || covers(everywhere, role)) continue;
    if ((await catalog.findLibrary(id)) !== null)
      libraries.push({ library_id: id, role: presentRole(role) });
  }
  return { ...(everywhere === null ? {} : { role: presentRole(everywhere) }), libraries };
};

const expectObject = (id: OperationId, objectId: string | undefined): void => {
  const { on }: OperationRight = OPERATION_RIGHTS[id];
  if (objectId === undefined && "parameter" in on && on.whenAbsent === undefined)
    throw new Fault(
      faultOf("access.invalid_property", "on", "this operation is done to an object"),
    );
};

/** Asked before it is done, and answered by the same judgement as when it is done. */
const answerTo = async (
  core: WhoamiCore,
  { can, on }: { readonly can: string; readonly on: string | undefined },
  call: Call,
): Promise<Pick<CallerInfo, "can" | "why" | "besides">> => {
  const id = operationOf(can);
  if (id === null)
    throw new Fault(faultOf("access.invalid_property", "can", `there is no operation ${can}`));
  expectObject(id, on);
  const told = await core.access.ask(id, on, call.caller);
  const fault = told.fault ?? (await ownRefusal(core, { id, on }, call));
  if (fault !== null) return { can: false, why: messageOf(fault).default_message };
  return { can: true, ...(told.besides.length === 0 ? {} : { besides: told.besides }) };
};

const presentToken = async (
  { catalog }: Pick<Core, "catalog">,
  { caller }: Call,
): Promise<Pick<CallerInfo, "token_id" | "token_name">> => {
  if (caller.tokenId === undefined) return {};
  const token = await catalog.findTokenById(caller.tokenId);
  return { token_id: caller.tokenId, ...(token === null ? {} : { token_name: token.label }) };
};

export const getWhoami =
  (core: WhoamiCore): Handler<"whoami.get"> =>
  async ({ can, on }, call) => {
    const { caller } = call;
    if (can === undefined && on !== undefined)
      throw new Fault(faultOf("access.invalid_property", "on", "it needs can, an operation"));
    const groups = await core.catalog.listGroups(caller.accountId);
    return {
      user_id: caller.accountId,
      user: caller.accountName,
      groups: groups.map(({ name }) => name),
      ...(await presentToken(core, call)),
      ...(await presentRoles(core, await core.access.rightsOf(caller))),
      ...(can === undefined ? {} : await answerTo(core, { can, on }, call)),
    };
  };
