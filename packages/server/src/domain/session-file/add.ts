import { FILES_PER_ITEM_MAX, faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { EntryId, StagedId } from "../ids.ts";
import { shownFiles } from "../item.ts";
import type { Item } from "../item.ts";
import type {
  BroughtFile,
  KeptFile,
  PulledFile,
  PushedFile,
  SessionFile,
  UpdateSession,
} from "../update-session.ts";
import { requireActive } from "../update-session/guard.ts";
import { keptFile } from "./kept.ts";
import { parseDeclaration } from "./wish.ts";
import type { FileWish } from "./wish.ts";

/**
 * What an add does to the file set: `put` writes `file` under its name, `drop` takes the name out. `replaced` is the entry that
 * went; its transfer is to be cut, its endpoint is dead and its staged bytes, `release`, are to go.
 */
export type AddOutcome =
  | {
      readonly kind: "put";
      readonly file: SessionFile;
      readonly replaced: SessionFile | null;
      readonly release: readonly StagedId[];
    }
  | { readonly kind: "drop"; readonly file: BroughtFile; readonly release: readonly StagedId[] };

/** The staged bytes that an entry of the file set owns. */
export const stagedOf = (file: SessionFile | null): readonly StagedId[] =>
  file !== null && file.source !== "NONE" && file.receipt.status === "READY"
    ? [file.receipt.stagedId]
    : [];

/** The entry of that name, null where there is none; names are compared exactly. */
export const findSessionFile = (files: readonly SessionFile[], name: string): SessionFile | null =>
  files.find((file) => file.name === name) ?? null;

/** The entry of that name; an unknown name is InvalidArgument, not NotFound. (S60) */
export const getSessionFile = (
  session: UpdateSession,
  files: readonly SessionFile[],
  name: string,
): SessionFile | FaultValue =>
  findSessionFile(files, name) ?? faultOf("update_session.no_such_file", session.id, name);

const put = (file: SessionFile, replaced: SessionFile | null): AddOutcome => ({
  kind: "put",
  file,
  replaced,
  release: stagedOf(replaced),
});

const undo = (
  session: UpdateSession,
  item: Item,
  present: SessionFile | null,
  name: string,
): AddOutcome | FaultValue => {
  const original = shownFiles(item.files).find((file) => file.name === name);
  if (original !== undefined) return put(keptFile(original), present);
  if (present !== null && present.source !== "NONE")
    return { kind: "drop", file: present, release: stagedOf(present) };
  return faultOf("update_session.no_such_file", session.id, name);
};

const noSource = (): FaultValue =>
  faultOf(
    "update_session.invalid_file",
    "source_endpoint",
    "source_type PULL needs one with a uri",
  );

/** How the bytes of an added file come; a fault where it is not said well. */
const roadOf = (
  wish: FileWish,
): Pick<PushedFile, "source"> | Pick<PulledFile, "source" | "from"> | FaultValue => {
  if (wish.sourceType !== "PULL") return { source: "PUSH" };
  const from = wish.source ?? noSource();
  return isFault(from) ? from : { source: "PULL", from };
};

/** What an add has to know of the file set. */
export interface FileSet {
  /** The entry of the name that is added. */
  readonly present: SessionFile | null;
  /** How many entries there are. */
  readonly count: number;
}

/**
 * Adds a file to the set of an ACTIVE session (S52 to S58): PUSH and PULL make an entry that waits for bytes, also in place of one
 * of the same name; NONE takes back what the session did to the name.
 */
export const addFile = (
  session: UpdateSession,
  { present, count }: FileSet,
  item: Item,
  input: { readonly wish: FileWish; readonly entryId: EntryId },
): AddOutcome | FaultValue => {
  const active = requireActive(session, "add");
  if (isFault(active)) return active;
  const { wish, entryId } = input;
  const declaration = parseDeclaration(wish);
  if (isFault(declaration)) return declaration;
  if (wish.sourceType === "NONE") return undo(active, item, present, wish.name);
  const road = roadOf(wish);
  if (isFault(road)) return road;
  if (present === null && count >= FILES_PER_ITEM_MAX)
    return faultOf("update_session.too_many_files", session.id, String(count));
  const { name } = wish;
  return put({ ...road, name, entryId, ...declaration, receipt: { status: "WAITING" } }, present);
};

/** What a remove took out of the set; the entry's transfer is to be cut and its staged bytes released. */
export interface RemovedFile {
  readonly file: KeptFile | BroughtFile;
  readonly release: readonly StagedId[];
}

/** Takes a name out of the set of an ACTIVE session; the item keeps the file until the session is completed. (S59) */
export const removeFile = (
  session: UpdateSession,
  files: readonly SessionFile[],
  name: string,
): RemovedFile | FaultValue => {
  const active = requireActive(session, "remove");
  if (isFault(active)) return active;
  const file = getSessionFile(active, files, name);
  return isFault(file) ? file : { file, release: stagedOf(file) };
};
