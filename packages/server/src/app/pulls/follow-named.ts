import { FILES_PER_ITEM_MAX } from "@contentlib/contract/vocabulary";
import { fullUserName } from "../../domain/account-name.ts";
import type { EntryId, UpdateSessionId } from "../../domain/ids.ts";
import { nameKey } from "../../domain/names.ts";
import type { UploadEntry } from "../../domain/partial-upload.ts";
import { loginPlace } from "../../domain/pull-source.ts";
import type { NamedFile, ReadyPulledFile } from "../../domain/session-file/named-files.ts";
import {
  filesNamedBy,
  followed,
  isOfItsOrigin,
  isToFollow,
  pulledFile,
} from "../../domain/session-file/named-files.ts";
import type { PulledFile, SessionFile, UpdateSession } from "../../domain/update-session.ts";
import type { Change, Deed, ItemType, SessionRow } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import { doerOf } from "../audit/deeds.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { CutSignal } from "../live-transfers.ts";
import { whileFilesGo } from "../packages/foresight.ts";
import type { PackageCore } from "../packages/settle-package.ts";
import { settlePackage } from "../packages/settle-package.ts";
import type { Decision } from "../unit-of-work.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession, loadSessionHead } from "../update-session/access.ts";
import { extendedBy } from "../update-session-file/change.ts";

/** What it takes to pull what a descriptor names. */
export type FollowCore = SessionCore &
  PackageCore &
  Pick<Core, "exclusive" | "ids" | "pulls" | "seal">;

/** Files that are pulled because a descriptor names them. */
type Begun = readonly UploadEntry[];

const NOTHING: Decision<Begun> = { changes: [], result: [] };

/** The login that the address of a descriptor had, sealed for another file; null where it had none, or one that can not be opened. */
const sealedAnew = (
  { seal }: FollowCore,
  { entryId, from }: ReadyPulledFile,
  other: EntryId,
): string | null => {
  if (from.sealedLogin === undefined || !isOfItsOrigin(from)) return null;
  try {
    return seal.seal(seal.open(from.sealedLogin, loginPlace(entryId)), loginPlace(other));
  } catch (error) {
    if (error instanceof PortError) return null;
    throw error;
  }
};

const toPull = (core: FollowCore, descriptor: ReadyPulledFile, named: NamedFile): PulledFile => {
  const entryId = core.ids.entryId();
  return pulledFile(named, entryId, sealedAnew(core, descriptor, entryId));
};

/** Those that the type of the item takes beside the files that are there. A name in other letters is there, too. (S95) */
const taken = (
  itemType: ItemType,
  present: readonly SessionFile[],
  named: readonly NamedFile[],
): readonly NamedFile[] => {
  const names = present.map(({ name, source }) => ({ name, isPushed: source !== "NONE" }));
  const keys = new Set(names.map(({ name }) => nameKey(name)));
  return named.filter(
    ({ name }) =>
      !keys.has(nameKey(name)) && itemType.checkAdd({ name, isPushed: true }, names) === null,
  );
};

/** What the descriptors of a set name that is still to be pulled; nothing at all where there is no room for all of it. */
const findNamed = async (
  core: FollowCore,
  itemType: ItemType,
  {
    row,
    descriptors,
  }: { readonly row: SessionRow; readonly descriptors: readonly ReadyPulledFile[] },
): Promise<readonly PulledFile[]> => {
  const files = row.files.map(({ value }) => value);
  const { missing } = await core.packages.look({
    itemType,
    itemId: row.value.itemId,
    itemName: row.value.itemId,
    files,
  });
  const pulled = descriptors.flatMap((descriptor) =>
    taken(itemType, files, filesNamedBy(descriptor, missing)).map((named) =>
      toPull(core, descriptor, named),
    ),
  );
  return files.length + pulled.length > FILES_PER_ITEM_MAX ? [] : pulled;
};

/** Others wait for it, and it does not take long: a descriptor that has come was read to be judged. */
const decideFollowing = async (
  core: FollowCore,
  sessionId: UpdateSessionId,
): Promise<Decision<Begun>> => {
  const row = await loadSession(core, sessionId);
  const { value: session } = row;
  const descriptors = row.files.map(({ value }) => value).filter(isToFollow);
  if (session.state !== "ACTIVE" || session.package === undefined || descriptors.length === 0)
    return NOTHING;
  const itemType = core.itemTypes.of(session.package.type);
  const named = itemType.looksIntoFiles
    ? await findNamed(core, itemType, { row, descriptors })
    : [];
  const present = row.files.map(({ value }) => (isToFollow(value) ? followed(value) : value));
  const files: readonly SessionFile[] = [...present, ...named];
  const changed = [...descriptors.map(followed), ...named];
  const settled = await settlePackage(core, { row, files, newest: null, signal: null });
  const revs = new Map(row.files.map(({ value, rev }) => [value.name, rev]));
  const puts = changed.map((file): Change => ({
    kind: "session-file.put",
    sessionId,
    file,
    rev: revs.get(file.name) ?? null,
  }));
  return {
    changes: [...settled.changes, ...puts, extendedBy(core, sessionId)],
    result: named.map(({ entryId }) => ({ sessionId, entryId })),
  };
};

/** What is added is the deed of whoever added the descriptor. */
const addingDeed = ({ ownerId, ownerName, tokenId }: UpdateSession): Deed => ({
  doer: doerOf({
    accountId: ownerId,
    userName: fullUserName(ownerName),
    ...given({ tokenId }),
  }),
  operation: "updateSessionFile.add",
});

/**
 * Adds the files that pulled descriptors of a session name beside themselves and that nobody has added, and begins to pull them, also
 * while a completion is pending. It happens once for each descriptor, in one commit: whoever was interrupted before does it again. (S115, S116)
 */
export const followNamed = async (core: FollowCore, idText: string): Promise<void> => {
  const { value: session } = await loadSessionHead(core, idText);
  if (session.package === undefined) return;
  const begun = await core.deeds.within(addingDeed(session), () =>
    core.exclusive.run(session.id, () =>
      commitDecision(core.catalog, () =>
        whileFilesGo(new CutSignal(), () => decideFollowing(core, session.id)),
      ),
    ),
  );
  for (const entry of begun) core.pulls.begin(entry);
};
