import { faultOf } from '@contentlib/contract/vocabulary'
import type { EntryId, UpdateSessionId } from '../../domain/ids.ts'
import type { Received } from '../../domain/session-file/receive.ts'
import { awaitBytes, refuseAnnouncedSize } from '../../domain/session-file/receive.ts'
import type { PushedFile, UpdateSession } from '../../domain/update-session.ts'
import { checkTakesBytes } from '../../domain/update-session/guard.ts'
import type { Rev, SessionRow } from '../../ports/index.ts'
import type { UploadSlot } from '../app.ts'
import type { Core } from '../core.ts'
import { Fault } from '../fault.ts'
import { LiveTransfer } from '../live-transfers.ts'
import { commitDecision } from '../unit-of-work.ts'
import type { SessionCore } from '../update-session/access.ts'
import { loadSession } from '../update-session/access.ts'
import { extendedBy } from '../update-session-file/change.ts'
import { receiveFile } from './receive-file.ts'

/** What an upload works with. */
export type UploadCore = SessionCore & Pick<Core, 'clock' | 'ids' | 'signer' | 'exclusive' | 'logins'>

/** The file an upload endpoint stands for, as it is now. */
interface UploadTarget {
  readonly session: UpdateSession
  readonly file: PushedFile
  readonly rev: Rev
}

const unknownEndpoint = (): Fault => new Fault(faultOf('transfer.unknown_endpoint'))

const targetIn = (row: SessionRow, entryId: EntryId): UploadTarget => {
  for (const { value, rev } of row.files) {
    if (value.source === 'PUSH' && value.entryId === entryId) return { session: row.value, file: value, rev }
  }
  throw unknownEndpoint()
}

/** The target of an endpoint's entry: none when the session is gone, or the file was removed or added again. */
const findTarget = async (core: UploadCore, sessionId: UpdateSessionId, entryId: EntryId): Promise<UploadTarget> => {
  const row = await loadSession(core, sessionId)
  const refused = checkTakesBytes(row.value)
  if (refused !== null) throw new Fault(refused)
  return targetIn(row, entryId)
}

const subjectOf = (core: UploadCore, segment: string): { sessionId: UpdateSessionId; entryId: EntryId } => {
  const subject = core.signer.read(segment)
  if (subject === null || subject.direction !== 'upload') throw unknownEndpoint()
  return subject
}

/** Records what happened to a file's bytes, as `decide` has it on the file as it is then. */
export const recordReceipt = (
  core: UploadCore,
  sessionId: UpdateSessionId,
  entryId: EntryId,
  decide: (file: PushedFile) => Received,
): Promise<Received> =>
  commitDecision(core.catalog, async () => {
    const target = await findTarget(core, sessionId, entryId)
    const received = decide(target.file)
    if (received.file === target.file) return { changes: [], result: received }
    const put = { kind: 'session-file.put', sessionId, file: received.file, rev: target.rev } as const
    return { changes: [put, extendedBy(core, sessionId)], result: received }
  })

/** Gives up what a receipt no longer needs. A failure leaves it to the sweeper. */
export const releaseAll = async (core: UploadCore, received: Received): Promise<void> => {
  for (const stagedId of received.release) {
    try {
      await core.blobs.release(stagedId)
    } catch (error) {
      core.journal.trouble({ where: 'releasing staged bytes', error })
    }
  }
}

/**
 * Lets an upload in. The newest writer wins: whoever held the file is cut, and bytes the file had are given up, so that from
 * now on it waits for this transfer. A length that can not be right is refused before any byte.
 */
export const openUpload = async (
  core: UploadCore,
  segment: string,
  contentLengthBytes: number | null,
): Promise<UploadSlot> => {
  const { sessionId, entryId } = subjectOf(core, segment)
  return core.exclusive.run(sessionId, async () => {
    const target = await findTarget(core, sessionId, entryId)
    core.live.upload(sessionId, entryId)?.signal.cut({ kind: 'superseded' })
    const refuse = (file: PushedFile): Received | null =>
      contentLengthBytes === null ? null : refuseAnnouncedSize(file, contentLengthBytes)
    const received = await recordReceipt(core, sessionId, entryId, (file) => refuse(file) ?? awaitBytes(file))
    await releaseAll(core, received)
    if (received.fault !== null) throw new Fault(received.fault)
    const transfer = new LiveTransfer(sessionId, target.session.ownerId, entryId, core.time.now())
    core.live.enter(transfer)
    return {
      fileName: target.file.name,
      receive: (source, signal) =>
        receiveFile(core, {
          transfer,
          sessionId,
          entryId,
          file: received.file,
          source,
          signal,
          expectedSizeBytes: contentLengthBytes ?? received.file.declaredSizeBytes ?? null,
        }),
      close: () => core.live.leave(transfer),
    }
  })
}

/** Whether an upload endpoint would take bytes now. */
export const checkUpload = async (core: UploadCore, segment: string): Promise<void> => {
  const { sessionId, entryId } = subjectOf(core, segment)
  await findTarget(core, sessionId, entryId)
}
