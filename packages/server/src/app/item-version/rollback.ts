import type { OperationInput } from "@contentlib/contract";
import type { Item } from "../../domain/item.ts";
import type { Library } from "../../domain/library.ts";
import type { Rollback } from "../../domain/plan-rollback.ts";
import { pickRollback, planRollback } from "../../domain/plan-rollback.ts";
import { revisionsKeptIn } from "../../domain/revision.ts";
import { itemBusy } from "../../domain/update-session/guard.ts";
import type { Change, Row } from "../../ports/index.ts";
import type { Call, Handler } from "../call.ts";
import { clientTokenKey, firstResult, rememberResult } from "../client-token.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { expectPolicyOf, loadItem, loadLibraryOf } from "../item/access.ts";
import { orFault } from "../or-fault.ts";
import { presentVersion } from "../present.ts";
import type { Decision } from "../unit-of-work.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "../update-session/access.ts";
import { findHolder } from "../update-session/find-holder.ts";
import { keptVersions } from "./access.ts";
import { madeVersionText, parseMadeVersion } from "./made-version.ts";

type RollbackCore = SessionCore & Pick<Core, "clock" | "settings">;
type RollbackInput = OperationInput<"itemVersion.rollback">;

/** What a call came to; the rollback is null where an earlier call with the same token did it. */
interface Outcome {
  readonly contentVersion: number;
  readonly rollback: Rollback | null;
}

/** What a rollback was decided on, and what it goes back to. */
interface Ground {
  readonly item: Row<Item>;
  readonly library: Row<Library>;
  readonly version: number;
  /** How many content versions the library keeps. */
  readonly kept: number;
}

const changesOf = ({ item, revision }: Rollback, on: Ground): readonly Change[] => [
  ...expectPolicyOf(item, on.library),
  // The one ACTIVE session of an item completes on the content that it began with. (S90)
  { kind: "item.expect-idle", id: item.id },
  { kind: "revision.expect", itemId: item.id, contentVersion: on.version },
  { kind: "item.put", item, rev: on.item.rev },
  {
    kind: "revision.put",
    revision,
    // What was gone back to stays until the next change: it is not for the rollback itself to forget it.
    kept: Math.max(on.kept, revision.contentVersion - on.version + 1),
  },
];

const decideRollback = async (
  core: RollbackCore,
  input: RollbackInput,
  call: Call,
): Promise<Decision<Outcome> | null> => {
  const { catalog } = core;
  const key = clientTokenKey("itemVersion.rollback", input.client_token, call);
  const first = parseMadeVersion((await firstResult(catalog, key)) ?? "");
  if (first !== null)
    return { changes: [], result: { contentVersion: first.contentVersion, rollback: null } };
  const item = await loadItem(catalog, input.library_item);
  const library = await loadLibraryOf(catalog, item.value);
  const { id } = item.value;
  const version = orFault(
    pickRollback({
      item: item.value,
      library: library.value,
      kept: await keptVersions(catalog, item.value),
      ...given({ wished: input.version }),
    }),
  );
  const holder = await findHolder(core, id);
  if (holder !== null) throw new Fault(itemBusy(holder));
  const files = await catalog.findRevisionFiles(id, version);
  if (files === null) return null;
  const content = await catalog.findVerifiedContent(id, version);
  const now = core.clock.now();
  const rollback = orFault(
    planRollback({
      item: item.value,
      library: library.value,
      to: { contentVersion: version, files, ...(content === null ? {} : { content }) },
      ...given({ message: input.message }),
      userName: call.caller.userName,
      now,
    }),
  );
  const { contentVersion } = rollback.item;
  const kept = revisionsKeptIn(library.value, core.settings);
  return {
    changes: [
      ...rememberResult(key, madeVersionText({ itemId: id, contentVersion }), now),
      ...changesOf(rollback, { item, library, version, kept }),
    ],
    result: { contentVersion, rollback },
  };
};

/**
 * The files of a kept content version become the item's once more, as a new one. All of it is one commit, in which
 * the version still holds the blobs: none can have been collected in between. (S89)
 */
export const rollBackItem =
  (core: RollbackCore): Handler<"itemVersion.rollback"> =>
  async (input, call) => {
    const { contentVersion, rollback } = await commitDecision(core.catalog, () =>
      decideRollback(core, input, call),
    );
    if (rollback !== null)
      core.journal.contentChanged({ itemId: rollback.item.id, contentVersion });
    return presentVersion(contentVersion);
  };
