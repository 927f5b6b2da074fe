import { faultOf } from "@contentlib/contract/vocabulary";
import type { DownloadSession } from "../../domain/download-session.ts";
import { markDelivered } from "../../domain/download-session/file.ts";
import { checkGivesBytes } from "../../domain/download-session/lifecycle.ts";
import { blobOf } from "../../domain/item.ts";
import type { ItemFile } from "../../domain/item.ts";
import type { ByteRange, ByteSink, OpenBlob, Pour } from "../../ports/index.ts";
import type { DownloadSlot } from "../app.ts";
import { DOWNLOAD_SESSION_ROLE } from "../access/revocation.ts";
import type { Core } from "../core.ts";
import type { DownloadCore } from "../download-session/access.ts";
import { loadDownload } from "../download-session/access.ts";
import { changeDownload } from "../download-session/change.ts";
import { Fault } from "../fault.ts";
import { LiveTransfer } from "../live-transfers.ts";
import { partOfBlob } from "../part-of-blob.ts";

/** What a download works with. */
export type DeliveryCore = DownloadCore &
  Pick<Core, "blobs" | "clock" | "signer" | "logins" | "access">;

const unknownEndpoint = (): Fault => new Fault(faultOf("transfer.unknown_endpoint"));

/** The delivery of one file to one reader. */
class Delivery {
  readonly #core: DeliveryCore;
  readonly #session: DownloadSession;
  readonly #fileIndex: number;
  readonly #blob: OpenBlob;
  readonly transfer: LiveTransfer;
  readonly #startedMs: number;
  #closed = false;

  constructor(core: DeliveryCore, session: DownloadSession, fileIndex: number, blob: OpenBlob) {
    this.#core = core;
    this.#session = session;
    this.#fileIndex = fileIndex;
    this.#blob = blob;
    this.#startedMs = core.clock.monotonicMs();
    this.transfer = new LiveTransfer(session.id, session.ownerId, null, core.time.now());
    core.live.enter(this.transfer);
  }

  read(range: ByteRange, sink: ByteSink): Pour {
    let position = range.start;
    return this.#blob.pourInto(
      {
        chunk: (bytes) => {
          const goOn = sink.chunk(bytes);
          position += bytes.byteLength;
          this.#noteSent(range.start, position);
          return goOn;
        },
        end: () => {
          this.#noteSent(range.start, position);
          this.#noteRead();
          sink.end();
        },
        fail: (reason) => sink.fail(reason),
      },
      range,
    );
  }

  close(outcome: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#blob.close();
    this.#core.live.leave(this.transfer);
    this.#core.journal.transferEnded({
      sessionId: this.#session.id,
      fileName: this.#session.files[this.#fileIndex]?.file.name ?? "",
      direction: "download",
      outcome,
      sizeBytes: this.transfer.bytes,
      durationMs: this.#core.clock.monotonicMs() - this.#startedMs,
    });
  }

  #noteSent(start: number, end: number): void {
    this.#core.live.noteMoved(this.transfer, end - start, this.#core.time.now());
    this.#core.logins.noteBytes(this.transfer.ownerId, this.transfer.lastByteAt);
    this.#core.downloads.noteSent(this.#session.id, this.#fileIndex, start, end);
  }

  /** The checksum shows from the moment all is sent, and by this note also after a restart; failing to note it is no error. */
  #noteRead(): void {
    const { id, files } = this.#session;
    const sizeBytes = files[this.#fileIndex]?.file.sizeBytes ?? 0;
    if ((this.#core.downloads.sentBytes(id, this.#fileIndex) ?? 0) < sizeBytes) return;
    changeDownload(this.#core, id, (session) => markDelivered(session, this.#fileIndex)).catch(
      (error: unknown) => {
        if (!(error instanceof Fault))
          this.#core.journal.trouble({ where: "noting a finished download", error });
      },
    );
  }
}

/** Whoever has an address alone learns no more of a session that is gone than of one that never was. */
const orUnknown = (error: unknown): never => {
  if (error instanceof Fault && error.code === "download_session.not_found")
    throw unknownEndpoint();
  throw error;
};

/** The session of an endpoint, while it gives bytes and its creator has the right to them. */
const loadGiving = async (core: DeliveryCore, sessionId: string): Promise<DownloadSession> => {
  const session = (await loadDownload(core, sessionId).catch(orUnknown)).value;
  const refused = checkGivesBytes(session);
  if (refused !== null) throw new Fault(refused);
  if (!(await core.access.stands(session, DOWNLOAD_SESSION_ROLE))) throw unknownEndpoint();
  return session;
};

/** The bytes of a file, which may be part of an archive. */
const openFile = async ({ blobs }: DeliveryCore, file: ItemFile): Promise<OpenBlob> => {
  const blob = await blobs.open(blobOf(file).digest);
  if (file.within === undefined) return blob;
  const start = file.within.offsetBytes;
  return partOfBlob(blob, { start, endExclusive: start + file.sizeBytes });
};

/** Lets a reader in. Any number may read a file at once, each on the bytes of the session's own content version. (S71) */
export const openDownload = async (core: DeliveryCore, segment: string): Promise<DownloadSlot> => {
  const subject = core.signer.read(segment);
  if (subject === null || subject.direction !== "download") throw unknownEndpoint();
  const { cuts } = core.live;
  const session = await loadGiving(core, subject.sessionId);
  const entry = session.files[subject.fileIndex];
  if (entry === undefined || !entry.prepared) throw unknownEndpoint();
  const endsAt = await core.access.endOf(session);
  const blob = await openFile(core, entry.file);
  const delivery = new Delivery(core, session, subject.fileIndex, blob);
  delivery.transfer.endsAt = endsAt;
  try {
    // A session that ended before the delivery was there to be cut is found out here.
    if (core.live.cuts !== cuts) await loadGiving(core, subject.sessionId);
  } catch (error) {
    delivery.close("cut");
    throw error;
  }
  return {
    fileName: entry.file.name,
    sizeBytes: entry.file.sizeBytes,
    digest: entry.file.digest,
    ended: delivery.transfer.signal,
    read: (range, sink) => delivery.read(range, sink),
    close: () => delivery.close(delivery.transfer.signal.aborted ? "cut" : "closed"),
  };
};
