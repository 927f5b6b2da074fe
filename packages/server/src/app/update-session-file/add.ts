import type { OperationInput } from "@contentlib/contract";
import type { EntryId, UpdateSessionId } from "../../domain/ids.ts";
import type { AddOutcome } from "../../domain/session-file/add.ts";
import { addFile } from "../../domain/session-file/add.ts";
import type { EntryProgress } from "../../domain/session-file/view.ts";
import type { FileWish } from "../../domain/session-file/wish.ts";
import type { ActiveUpdateSession, SessionFile } from "../../domain/update-session.ts";
import { requireActive } from "../../domain/update-session/guard.ts";
import type { CancelSignal, Change, Rev, Row, SessionRow } from "../../ports/index.ts";
import type { Call, Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { loadItem } from "../item/access.ts";
import { adoptionOf, findKept } from "../kept-partials/find-kept.ts";
import { orFault } from "../or-fault.ts";
import { Unforeseen, whileFilesGo } from "../packages/foresight.ts";
import { inLine } from "../packages/in-line.ts";
import { isOfAnotherType } from "../packages/session-type.ts";
import type { PackageCore, SettledSet } from "../packages/settle-package.ts";
import { settlePackage, withFile } from "../packages/settle-package.ts";
import { releaseStaged } from "../release-staged.ts";
import { commitDecision } from "../unit-of-work.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSession, loadSessionHead } from "../update-session/access.ts";
import { archivesIn, presentListedFile, UploadEndpoints } from "./access.ts";
import { bytesOf, dropEntry, extendedBy } from "./change.ts";
import { checkSource } from "./check-source.ts";
import { findHere } from "./find-here.ts";
import { sourceIn } from "./source-endpoint.ts";

const wishOf = (
  core: Pick<Core, "certificates" | "local" | "seal">,
  entryId: EntryId,
  spec: OperationInput<"updateSessionFile.add">["file_spec"],
): FileWish =>
  given({
    name: spec.name,
    sourceType: spec.source_type,
    source: sourceIn(core, entryId, spec),
    sizeBytes: spec.size,
    checksum:
      spec.checksum_info === undefined
        ? undefined
        : given({ algorithm: spec.checksum_info.algorithm, hex: spec.checksum_info.checksum }),
  });

/** Where a file is put, and what stands there. */
interface Place {
  readonly sessionId: UpdateSessionId;
  readonly present: Row<SessionFile> | null;
}

const changesOf = (
  core: Pick<Core, "time">,
  { sessionId, present }: Place,
  outcome: AddOutcome,
): readonly Change[] => {
  if (outcome.kind === "put") {
    const put: Change = {
      kind: "session-file.put",
      sessionId,
      file: outcome.file,
      rev: present?.rev ?? null,
    };
    return [put, extendedBy(core, sessionId)];
  }
  if (present === null) return [];
  return [
    { kind: "session-file.delete", sessionId, name: outcome.file.name, rev: present.rev },
    extendedBy(core, sessionId),
  ];
};

const waitingWith = (receivedBytes: number): EntryProgress => ({
  phase: "WAITING_FOR_TRANSFER",
  receivedBytes,
});

/** Names that the type of the item does not take, or not any more. (S95) */
const checkByType = (
  { itemTypes }: PackageCore,
  session: ActiveUpdateSession,
  { planned, whole }: { readonly planned: AddOutcome; readonly whole: SessionRow },
): void => {
  if (session.package === undefined || planned.kind === "drop") return;
  const presentNames = whole.files.map(({ value: { name, source } }) => ({
    name,
    isPushed: source !== "NONE",
  }));
  const { name, source } = planned.file;
  const added = { name, isPushed: source !== "NONE" };
  const refused = itemTypes.of(session.package.type).checkAdd(added, presentNames);
  if (refused !== null) throw new Fault(refused);
};

/** What the add means for the package. A file whose bytes are here already is judged as if they had just been sent. (S91) */
const settleAdd = async (
  core: PackageCore,
  row: SessionRow,
  { planned, signal }: { readonly planned: AddOutcome; readonly signal: CancelSignal | null },
): Promise<{ readonly outcome: AddOutcome; readonly settled: SettledSet }> => {
  const files = row.files.map(({ value }) => value);
  const { file } = planned;
  const isHere = file.source !== "NONE" && file.receipt.status === "READY";
  const settled = await settlePackage(core, {
    row,
    files:
      planned.kind === "put"
        ? withFile(files, file)
        : files.filter(({ name }) => name !== file.name),
    newest: isHere ? file.name : null,
    signal,
  });
  const { own } = settled;
  return own === null || planned.kind === "drop"
    ? { outcome: planned, settled }
    : { outcome: { ...planned, file: own.file }, settled };
};

type AddCore = SessionCore &
  PackageCore &
  Pick<
    Core,
    | "access"
    | "certificates"
    | "exclusive"
    | "ids"
    | "local"
    | "pulls"
    | "seal"
    | "secrets"
    | "signer"
  >;

/** A file set, as far as an add looks at it. */
interface Looked {
  /** Of the session: a completion that became pending meanwhile moves it. (S111) */
  readonly rev: Rev;
  readonly session: ActiveUpdateSession;
  /** The entry of the name that is added. */
  readonly present: Row<SessionFile> | null;
  readonly count: number;
  /** All of it, where it is a package; of other sets the name alone is read, however many files they have. */
  readonly whole: SessionRow | null;
}

const look = async (core: AddCore, idText: string, name: string): Promise<Looked> => {
  const head = await loadSessionHead(core, idText);
  const session = orFault(requireActive(head.value, "add"));
  if (session.package === undefined) {
    const present = await core.catalog.findNamedFile(session.id, name);
    const count = await core.catalog.countSessionFiles(session.id);
    return { rev: head.rev, session, present, count, whole: null };
  }
  const whole = await loadSession(core, idText);
  const present = whole.files.find(({ value }) => value.name === name) ?? null;
  const active = orFault(requireActive(whole.value, "add"));
  return { rev: whole.rev, session: active, present, count: whole.files.length, whole };
};

/** What is to be added, and by whom. */
interface Adding {
  readonly idText: string;
  readonly wish: FileWish;
  readonly entryId: EntryId;
  readonly call: Call;
}

/** With a signal it may take long; without one others wait for it. */
const decideAdd = async (
  core: AddCore,
  { idText, wish, entryId, call }: Adding,
  signal: CancelSignal | null,
) => {
  const { rev, session, present, count, whole } = await look(core, idText, wish.name);
  const sessionId = session.id;
  const replaced = present?.value ?? null;
  const item = (await loadItem(core.catalog, session.itemId)).value;
  if (await isOfAnotherType(core, session, item))
    throw new Unforeseen("The item has got another type.");
  const set = { present: replaced, count };
  const planned = orFault(addFile(session, set, item, { wish, entryId }));
  await checkSource(core, wish, { itemId: item.id, call });
  if (whole !== null) checkByType(core, session, { planned, whole });
  // What an archive holds is found out while its bytes pass. (S128)
  const mayBeHere = !archivesIn(core, session.package)(wish.name);
  const found = mayBeHere
    ? await findHere(core, planned, call.caller)
    : { outcome: planned, expected: [] };
  const { outcome, settled } =
    whole === null
      ? { outcome: found.outcome, settled: null }
      : await settleAdd(core, whole, { planned: found.outcome, signal });
  const bytes = await bytesOf(core, sessionId, replaced);
  const kept = await findKept(core, { session, item, outcome });
  const adoption = kept === null ? [] : adoptionOf(kept, { session, outcome });
  const expected: Change = { kind: "session.expect", id: sessionId, rev };
  const before = [expected, ...found.expected, ...(settled?.changes ?? [])];
  const release = settled?.release ?? [];
  const { package: packaged } = session;
  return {
    changes: [...before, ...changesOf(core, { sessionId, present }, outcome), ...adoption],
    result: { outcome, replaced, bytes, sessionId, kept, release, packaged },
  };
};

export const addUpdateSessionFile =
  (core: AddCore): Handler<"updateSessionFile.add"> =>
  async ({ update_session_id: idText, file_spec }, call) => {
    const entryId = core.ids.entryId();
    const adding = { idText, wish: wishOf(core, entryId, file_spec), entryId, call };
    const foresee = () => whileFilesGo(call.signal, () => decideAdd(core, adding, call.signal));
    const added = await inLine(core, idText, {
      change: () =>
        commitDecision(core.catalog, () =>
          whileFilesGo(call.signal, () => decideAdd(core, adding, null)),
        ),
      // Bytes that are here already may have to be read.
      ...(file_spec.size === undefined ? {} : { foresee }),
    });
    if (added.outcome.file.source === "PULL" && added.outcome.kind === "put")
      core.pulls.begin({ sessionId: added.sessionId, entryId });
    await releaseStaged(core, added.release);
    if (added.replaced !== null)
      await dropEntry(core, added.sessionId, { file: added.replaced, bytes: added.bytes });
    const { sessionId, outcome, kept, packaged } = added;
    const find = () => (kept === null ? null : waitingWith(kept.durableBytes));
    const { file } = outcome;
    const endpoints = new UploadEndpoints(core, sessionId, call);
    return presentListedFile(core, { kind: "entry", file }, { packaged, find, endpoints });
  };
