import type { StagedId } from "../../domain/ids.ts";
import type { PackageJudgement } from "../../domain/package.ts";
import { contradictedFiles } from "../../domain/session-file/judged.ts";
import type { Received } from "../../domain/session-file/receive.ts";
import type { SessionFile } from "../../domain/update-session.ts";
import type { CancelSignal, Change, ItemType, SessionRow } from "../../ports/index.ts";
import type { Core } from "../core.ts";

/** What it takes to judge the files of a session. */
export type PackageCore = Pick<Core, "itemTypes" | "packages">;

/** The file set of a session as it is about to be. */
export interface ChangedSet {
  readonly row: SessionRow;
  /** The set after the change. */
  readonly files: readonly SessionFile[];
  /** Name of the file whose bytes have just come to be whole; null where the change brings none. */
  readonly newest: string | null;
  /** Aborts when nobody waits for it any more; null where others wait for it, so that no digest may be made. */
  readonly signal: CancelSignal | null;
}

/** What a change of a file set means for the others of its package. */
export interface SettledSet {
  /** To be put into the change set before the change itself: it says that the set is as it was read. */
  readonly changes: readonly Change[];
  /** What the newest file came to where the package refuses it; null where it does not. */
  readonly own: Received | null;
  /** Staged bytes of other files, which nothing refers to once it is committed. */
  readonly release: readonly StagedId[];
}

const UNTOUCHED: SettledSet = { changes: [], own: null, release: [] };

/** Turns what the package contradicts to ERROR, until nothing is: what a wrong file said of others counts no more. */
const settleFiles = async (
  { packages }: PackageCore,
  itemType: ItemType,
  set: ChangedSet,
): Promise<{
  readonly judgement: PackageJudgement;
  readonly turned: ReadonlyMap<string, Received>;
}> => {
  const turned = new Map<string, Received>();
  const { newest, signal } = set;
  const { itemId } = set.row.value;
  for (let { files } = set; ;) {
    const given = { itemType, itemId, itemName: itemId, files, signal };
    if (newest === null) return { judgement: await packages.look(given), turned };
    const judgement = await packages.judge(given);
    const wrong = contradictedFiles(files, judgement, newest);
    if (wrong.length === 0) return { judgement, turned };
    for (const received of wrong) turned.set(received.file.name, received);
    files = files.map((file) => turned.get(file.name)?.file ?? file);
  }
};

/**
 * Judges the file set of a session as it is about to be: which files of it turn ERROR with the change, and what the session
 * shows of its content from then on. All of it is for the very commit that makes the change. (S91, S92)
 */
export const settlePackage = async (core: PackageCore, set: ChangedSet): Promise<SettledSet> => {
  const { row, newest } = set;
  const session = row.value;
  const { type } = session.package ?? {};
  if (type === undefined) return UNTOUCHED;
  const itemType = core.itemTypes.of(type);
  if (!itemType.looksIntoFiles || (newest === null && !itemType.isPackage)) return UNTOUCHED;
  const { judgement, turned } = await settleFiles(core, itemType, set);
  const { preview, algorithms } = judgement;
  const others = [...turned.values()].filter(({ file }) => file.name !== newest);
  const revs = new Map(row.files.map(({ value, rev }) => [value.name, rev]));
  const known: Change = {
    kind: "session.package",
    id: session.id,
    filesRev: row.filesRev,
    package: { type, preview, algorithms },
  };
  const puts = others.map(({ file }): Change => ({
    kind: "session-file.put",
    sessionId: session.id,
    file,
    rev: revs.get(file.name) ?? null,
  }));
  return {
    changes: [known, ...puts],
    own: newest === null ? null : (turned.get(newest) ?? null),
    release: others.flatMap(({ release }) => release),
  };
};

/** The set with that file in it, in its place, or behind all others. */
export const withFile = (
  files: readonly SessionFile[],
  file: SessionFile,
): readonly SessionFile[] => {
  const isThere = files.some(({ name }) => name === file.name);
  return isThere ? files.map((one) => (one.name === file.name ? file : one)) : [...files, file];
};
