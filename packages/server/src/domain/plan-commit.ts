import { isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Instant, Sha256, StagedId } from "./ids.ts";
import { invariant } from "./invariant.ts";
import type { Item, ItemFile } from "./item.ts";
import type { Library } from "./library.ts";
import { checkContentAllowed } from "./security-policy.ts";
import { filesNotReceived } from "./session-file/not-received.ts";
import type { FindProgress } from "./session-file/view.ts";
import type { PushedFile, Receipt, SessionFile, UpdateSession } from "./update-session.ts";
import { requireActive } from "./update-session/guard.ts";

/** Staged bytes that are to become the blob `digest`. */
export interface Promotion {
  readonly stagedId: StagedId;
  readonly digest: Sha256;
}

/**
 * What completing a session takes, as data, in this order: pin `pins`; promote each of `promotions`; commit `session` and, if
 * `contentChanged`, `item` in one change set, spending the pins; release `release`. Each step before the commit may be repeated.
 */
export interface CommitPlan {
  readonly kind: "plan";
  readonly pins: readonly Sha256[];
  readonly promotions: readonly Promotion[];
  readonly session: Extract<UpdateSession, { readonly state: "DONE" }>;
  /** The item as it will be; the very same value when the session changed nothing. */
  readonly item: Item;
  readonly contentChanged: boolean;
  /** Staged bytes that no promotion needs, because another file of the session has the same. */
  readonly release: readonly StagedId[];
}

/** Why a session can not be completed: one fault, or one for each file that is not there. Nothing changes. */
export interface CommitRefusal {
  readonly kind: "refused";
  readonly faults: readonly [FaultValue, ...FaultValue[]];
}

interface ReadyFile {
  readonly file: PushedFile;
  readonly receipt: Extract<Receipt, { readonly status: "READY" }>;
}

const readyFiles = (files: readonly SessionFile[]): readonly ReadyFile[] =>
  files.flatMap((file) =>
    file.source === "PUSH" && file.receipt.status === "READY"
      ? [{ file, receipt: file.receipt }]
      : [],
  );

const planPromotions = (
  ready: readonly ReadyFile[],
): { promotions: Promotion[]; release: StagedId[] } => {
  const byDigest = new Map<Sha256, Promotion>();
  const release: StagedId[] = [];
  for (const { receipt } of ready) {
    if (byDigest.has(receipt.digest)) release.push(receipt.stagedId);
    else byDigest.set(receipt.digest, { stagedId: receipt.stagedId, digest: receipt.digest });
  }
  return { promotions: [...byDigest.values()], release };
};

const pushedItemFile = ({ file, receipt }: ReadyFile, former: ItemFile | undefined): ItemFile => ({
  name: file.name,
  digest: receipt.digest,
  sizeBytes: receipt.sizeBytes,
  checksum: receipt.checksum,
  version: former === undefined ? 1 : former.version + 1,
});

/** Names the item has keep their places, new names follow in the order in which they joined the session. (S40) */
const planFiles = (
  item: Item,
  files: readonly SessionFile[],
  ready: readonly ReadyFile[],
): readonly ItemFile[] => {
  const former = new Map(item.files.map((file) => [file.name, file]));
  const pushed = new Map(
    ready.map((each) => [each.file.name, pushedItemFile(each, former.get(each.file.name))]),
  );
  const inSession = new Set(files.map((file) => file.name));
  const stayed = item.files
    .filter((file) => inSession.has(file.name))
    .map((file) => pushed.get(file.name) ?? file);
  const joined = [...pushed.values()].filter((file) => !former.has(file.name));
  return [...stayed, ...joined];
};

const checkSnapshot = (session: UpdateSession, item: Item, files: readonly SessionFile[]): void => {
  invariant(
    item.contentVersion === session.itemContentVersion,
    "Content changes only through the one ACTIVE session.",
  );
  const names = new Set(item.files.map((file) => file.name));
  invariant(
    files.every((file) => file.source === "PUSH" || names.has(file.name)),
    "A session keeps only files that its item has.",
  );
};

/**
 * Decides what completing a session means (S37 to S41, S74). The plan refers to no bytes but those the item has already and those
 * its own promotions bring. Replacing a file counts as a change even when the new bytes equal the old ones.
 */
export const planCommit = (input: {
  readonly session: UpdateSession;
  readonly files: readonly SessionFile[];
  readonly item: Item;
  /** The library of the item. */
  readonly library: Library;
  readonly findProgress: FindProgress;
  readonly now: Instant;
}): CommitPlan | CommitRefusal => {
  const { files, item, now } = input;
  const session = requireActive(input.session, "complete");
  if (isFault(session)) return { kind: "refused", faults: [session] };
  const [first, ...others] = filesNotReceived(files, input.findProgress);
  if (first !== undefined) return { kind: "refused", faults: [first, ...others] };
  checkSnapshot(session, item, files);
  const ready = readyFiles(files);
  const nextFiles = planFiles(item, files, ready);
  const contentChanged = ready.length > 0 || nextFiles.length !== item.files.length;
  const refusedByPolicy = contentChanged ? checkContentAllowed(input.library, item.type) : null;
  if (refusedByPolicy !== null) return { kind: "refused", faults: [refusedByPolicy] };
  const { promotions, release } = planPromotions(ready);
  return {
    kind: "plan",
    pins: promotions.map((promotion) => promotion.digest),
    promotions,
    session: { ...session, state: "DONE", endedAt: now },
    item: contentChanged
      ? {
          ...item,
          files: nextFiles,
          contentVersion: item.contentVersion + 1,
          modifiedAt: Math.max(item.modifiedAt, now),
        }
      : item,
    contentChanged,
    release,
  };
};
