import { faultOf, isFault, messageOf } from "@contentlib/contract/vocabulary";
import type { FaultValue, Message } from "@contentlib/contract/vocabulary";
import type { Instant, Sha256, StagedId } from "./ids.ts";
import { invariant } from "./invariant.ts";
import type { Item } from "./item.ts";
import type { Library } from "./library.ts";
import type {
  AcceptedWarning,
  PackageJudgement,
  PackagePreview,
  VerifiedContent,
} from "./package.ts";
import type { FileRules, Promotion } from "./planned-files.ts";
import { namesShown, planFiles, planPromotions, readyFiles } from "./planned-files.ts";
import { checkContentAllowed } from "./security-policy.ts";
import { unusableFiles } from "./session-file/judged.ts";
import { filesNotReceived, isAwaited } from "./session-file/not-received.ts";
import type { FindProgress } from "./session-file/view.ts";
import type { ActiveUpdateSession, SessionFile, UpdateSession } from "./update-session.ts";
import { factsOf } from "./update-session/facts-of.ts";
import { isCompleting, requireActive } from "./update-session/guard.ts";
import { isIgnored } from "./update-session/preview.ts";
import { withContent } from "./verified-content.ts";

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
  /** What was found out about the new content; absent where nobody looks into it. */
  readonly content?: VerifiedContent;
  /** Staged bytes that no promotion needs: another file of the session has the same, or the file is not kept. */
  readonly release: readonly StagedId[];
}

/** Why a session can not be completed: one fault, or one for each file that is not there. Nothing changes. */
export interface CommitRefusal {
  readonly kind: "refused";
  readonly faults: readonly [FaultValue, ...FaultValue[]];
}

/** Why a session that was complete ends in ERROR: what only complete could find out. */
export interface CommitEnd {
  readonly kind: "ends";
  readonly fault: FaultValue;
}

/** Files are still being pulled: the completion is pending until they have come. (S110) */
export interface CommitWait {
  readonly kind: "waits";
  readonly session: ActiveUpdateSession;
}

/** What the type of the item says of the files. */
export interface JudgedPackage {
  readonly judgement: PackageJudgement;
  /** False for a file that is not kept with the item. */
  readonly isKept: (name: string) => boolean;
}

const checkSnapshot = (session: UpdateSession, item: Item, files: readonly SessionFile[]): void => {
  invariant(
    item.contentVersion === session.itemContentVersion,
    "Content changes only through the one ACTIVE session.",
  );
  const names = namesShown(item);
  invariant(
    files.every((file) => file.source !== "NONE" || names.has(file.name)),
    "A session keeps only files that its item has.",
  );
};

/** Why the files do not make a package: those that are missing, and those that can not be used. (S93) */
const incomplete = ({ judgement }: JudgedPackage): readonly FaultValue[] => [
  ...judgement.missing.map(({ name, text }) =>
    faultOf("update_session.file_not_received", name, "WAITING_FOR_TRANSFER", text),
  ),
  ...unusableFiles(judgement).map(({ fault }) => fault),
];

/** The fault that says which warnings the session does not ignore; null where there are none. (S96) */
export const countingWarnings = (
  session: UpdateSession,
  preview: PackagePreview | undefined,
): FaultValue | null => {
  const warnings = preview?.state === "AVAILABLE" ? preview.warnings : [];
  const counting = warnings.filter(({ type }) => !isIgnored(session, type));
  if (counting.length === 0) return null;
  const types = counting.map(({ type }) => type).join(", ");
  const texts = counting.map(({ message }) => message.default_message).join(" ");
  return faultOf("update_session.preview_warnings", types, texts);
};

/** What complete alone can find: a warning that is not ignored, and content that the policy does not take. (S74, S96) */
const findEnd = (
  session: UpdateSession,
  { item, library, judged }: Pick<CommitInput, "item" | "library" | "judged">,
): FaultValue | null => {
  const { preview, verification = null } = judged?.judgement ?? {};
  return (
    countingWarnings(session, preview) ?? checkContentAllowed(library, item.type, verification)
  );
};

const verifiedContent = (
  { judgement }: JudgedPackage,
  { completedBy, now }: Pick<CommitInput, "completedBy" | "now">,
): VerifiedContent => {
  const { preview, verification, facts, remarks } = judgement;
  const warnings = preview.state === "AVAILABLE" ? preview.warnings : [];
  const accepted: AcceptedWarning[] = warnings.map(({ type }) => ({ type, by: completedBy }));
  const found = remarks === undefined ? {} : { remarks };
  return { verification, verifiedAt: now, accepted, facts, ...found };
};

export interface CommitInput {
  readonly session: UpdateSession;
  readonly files: readonly SessionFile[];
  readonly item: Item;
  /** The library of the item. */
  readonly library: Library;
  readonly findProgress: FindProgress;
  /** Null where nobody looks into the files. */
  readonly judged: JudgedPackage | null;
  /** Full name of the user who completes. */
  readonly completedBy: string;
  readonly now: Instant;
}

/** What completing a session means whose files are all here, and right by themselves. */
const planContent = (
  session: ActiveUpdateSession,
  input: CommitInput,
): CommitPlan | CommitRefusal | CommitEnd => {
  const { files, item, judged, now } = input;
  checkSnapshot(session, item, files);
  const rules: FileRules = {
    isKept: judged?.isKept ?? (() => true),
    opensArchives: judged !== null,
  };
  const ready = readyFiles(files);
  const nextFiles = planFiles(item, files, rules);
  const contentChanged = ready.length > 0 || nextFiles.length !== item.files.length;
  if (contentChanged) {
    const [reason, ...reasons] = judged === null ? [] : incomplete(judged);
    if (reason !== undefined) return { kind: "refused", faults: [reason, ...reasons] };
    const fault = findEnd(session, input);
    if (fault !== null) return { kind: "ends", fault };
  }
  const content = contentChanged && judged !== null ? verifiedContent(judged, input) : undefined;
  const { promotions, release } = planPromotions(ready, rules);
  return {
    kind: "plan",
    pins: promotions.map((promotion) => promotion.digest),
    promotions,
    session: { ...factsOf(session), state: "DONE", endedAt: now },
    item: contentChanged
      ? withContent(
          {
            ...item,
            files: nextFiles,
            contentVersion: item.contentVersion + 1,
            modifiedAt: Math.max(item.modifiedAt, now),
          },
          content,
        )
      : item,
    contentChanged,
    ...(content === undefined ? {} : { content }),
    release,
  };
};

/**
 * Decides what completing a session means (S37 to S41, S74, S93 to S96, S110). The plan refers to no bytes but those the item has already
 * and those its own promotions bring. Replacing a file counts as a change even when the new bytes equal the old ones.
 */
export const planCommit = (
  input: CommitInput,
): CommitPlan | CommitRefusal | CommitEnd | CommitWait => {
  const session = requireActive(input.session, "complete");
  if (isFault(session)) return { kind: "refused", faults: [session] };
  const { files, findProgress } = input;
  const [first, ...others] = filesNotReceived(
    files.filter((file) => !isAwaited(file)),
    findProgress,
  );
  if (first !== undefined) return { kind: "refused", faults: [first, ...others] };
  return files.some(isAwaited) ? { kind: "waits", session } : planContent(session, input);
};

/** Why a pending completion has failed: nobody is there to be refused, and so the session ends in ERROR with that message. */
export interface PendingFailure {
  readonly kind: "fails";
  readonly message: Message;
}

/** The first file that makes a pending completion fail, whatever is still to come. */
const failedFile = (files: readonly SessionFile[]): PendingFailure | null => {
  for (const file of files)
    if (file.source !== "NONE" && file.receipt.status === "ERROR")
      return { kind: "fails", message: file.receipt.errorMessage };
  return null;
};

/**
 * Decides what becomes of a pending completion: the plan that `planCommit` would give, once nothing is pulled any more. What would
 * refuse a call, and what would end the session, makes it fail; so does a file that has failed, at once and in its own words. Null
 * while files are still to come, and where no completion is pending. (S112, S113)
 */
export const planPendingCommit = (input: CommitInput): CommitPlan | PendingFailure | null => {
  const { session, files, findProgress } = input;
  if (!isCompleting(session)) return null;
  const failed = failedFile(files);
  if (failed !== null) return failed;
  if (files.some(isAwaited)) return null;
  const [lost] = filesNotReceived(files, findProgress);
  if (lost !== undefined) return { kind: "fails", message: messageOf(lost) };
  const planned = planContent(session, input);
  if (planned.kind === "plan") return planned;
  const fault = planned.kind === "ends" ? planned.fault : planned.faults[0];
  return { kind: "fails", message: messageOf(fault) };
};
