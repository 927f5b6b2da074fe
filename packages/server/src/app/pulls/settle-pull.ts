import type { FaultValue } from "@contentlib/contract/vocabulary";
import { messageOf } from "@contentlib/contract/vocabulary";
import type { UploadEntry } from "../../domain/partial-upload.ts";
import { withoutLogin } from "../../domain/pull-source.ts";
import { spoil } from "../../domain/session-file/receive.ts";
import type { PulledFile } from "../../domain/update-session.ts";
import type { Change, Row } from "../../ports/index.ts";
import { releaseStaged } from "../release-staged.ts";
import { recordReceipt } from "../transfers/upload-target.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { PullCore } from "./pull-once.ts";

/** The pulled file of an ACTIVE session as it is now; null where it is not there any more. */
export const findPulled = async (
  { catalog }: Pick<PullCore, "catalog">,
  entry: UploadEntry,
): Promise<Row<PulledFile> | null> => {
  const session = await catalog.findSessionHead(entry.sessionId);
  if (session?.value.state !== "ACTIVE") return null;
  const row = await catalog.findSessionFile(entry);
  return row?.value.source === "PULL" ? { value: row.value, rev: row.rev } : null;
};

/** Turns a file that waits to ERROR, and gives up what has come of it. (S105) */
export const recordFailure = (
  core: PullCore,
  entry: UploadEntry,
  fault: FaultValue,
): Promise<void> =>
  core.exclusive.run(entry.sessionId, async () => {
    const partial = await core.catalog.findPartial(entry);
    const fence = await core.catalog.findFence(entry);
    const receivedBytes = partial?.durableBytes ?? 0;
    const { release } = await recordReceipt(core, { entry, fence }, (file) =>
      file.receipt.status === "WAITING"
        ? spoil(file, messageOf(fault), receivedBytes)
        : { file, fault: null, release: [] },
    );
    const row = await findPulled(core, entry);
    const isOver = row?.value.receipt.status === "ERROR";
    await releaseStaged(
      core,
      isOver && partial !== null ? [...release, partial.stagedId] : release,
    );
  });

/** Takes the login out of a file whose bytes are here, now that nothing else is pulled by it. (S100) */
export const dropLogin = (core: PullCore, entry: UploadEntry): Promise<void> =>
  commitDecision(core.catalog, async () => {
    const row = await findPulled(core, entry);
    if (row === null || row.value.from.sealedLogin === undefined) return nothing;
    if (row.value.receipt.status === "WAITING") return nothing;
    const file = { ...row.value, from: withoutLogin(row.value.from) };
    const { sessionId } = entry;
    const put: Change = { kind: "session-file.put", sessionId, file, rev: row.rev };
    return { changes: [put], result: undefined };
  });

const nothing = { changes: [], result: undefined };
