import type { OperationId } from "@contentlib/contract";
import { OPERATION_RIGHTS } from "@contentlib/contract/vocabulary";
import type { Rights } from "../../domain/access/rights.ts";
import { visibleLibraries } from "../../domain/access/rights.ts";
import type { LibraryId } from "../../domain/ids.ts";
import type { Pages } from "../../ports/index.ts";
import type { Call } from "../call.ts";
import { Fault } from "../fault.ts";
import type { Access } from "./access.ts";
import type { Parameters } from "./parameters.ts";

/** The call that a list answers, and how its caller stood when it began. */
export interface ListCall {
  readonly operation: OperationId;
  readonly input: Parameters;
  readonly call: Call;
  readonly rights: Rights;
  /** Of the standings when the rights were read. */
  readonly generation: number;
}

/** A library that could be seen and can not be seen any more, null for all of them; undefined where nothing was lost. */
const lostSight = (before: Rights, after: Rights): LibraryId | null | undefined => {
  const now = visibleLibraries(after);
  if (now === null) return undefined;
  const earlier = visibleLibraries(before);
  return earlier === null ? null : [...earlier].find((id) => !now.has(id));
};

const expectSight = async (
  access: Access,
  { operation, input, call, rights }: ListCall,
): Promise<void> => {
  const { caller } = call;
  await access.expect(operation, input, caller);
  const lost = lostSight(rights, await access.rightsOf(caller));
  if (lost === undefined) return;
  const { privilege } = OPERATION_RIGHTS[operation];
  throw new Fault(await access.missing({ privilege, role: "viewer" }, lost, caller));
};

/** The pages of a list, which ends as a failure once its caller has lost sight of any of what it may tell. */
export const watchedPages = async function* <Value>(
  access: Access,
  pages: Pages<Value>,
  list: ListCall,
): AsyncGenerator<readonly Value[], void> {
  let { generation } = list;
  for await (const page of pages) {
    // Until nothing changes while it is asked: what was read before a change is not told after it.
    while (access.standings.generation !== generation) {
      ({ generation } = access.standings);
      await expectSight(access, list);
    }
    yield page;
  }
};
