import assert from "node:assert/strict";
import { Fault } from "@contentlib/server/app/fault";
import type {
  SentBytes,
  UploadProgress,
  UploadSlot,
  UploadState,
} from "@contentlib/server/app/app";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import type { ByteSource } from "@contentlib/server/ports/blob-store";
import type { CancelSignal } from "@contentlib/server/ports/clock";
import type { Ports } from "@contentlib/server/app/ports";
import { sourceOf } from "../bytes/byte-sources.ts";
import type { AppRig, RigStorage } from "./app-rig.ts";
import { aCall, memoryStorage, RIG_ORIGIN, RIG_SETTINGS, segmentOf, startApp } from "./app-rig.ts";

type Handlers = AppRig["app"]["handlers"];
type FileSpec = Parameters<Handlers["updateSessionFile.add"]>[0]["file_spec"];
type FileInfo = Awaited<ReturnType<Handlers["updateSessionFile.add"]>>;

/** A signal that never aborts: a client that stays. */
export const STAYS: CancelSignal = new AbortController().signal;

/** An app with one library, one item and one ACTIVE session on it, and short words for what tests do to them. */
export class SessionRig {
  readonly clock: ManualClock;
  readonly storage: RigStorage;
  rig: AppRig;
  itemId = "";
  sessionId = "";

  readonly #start: (storage: RigStorage) => Promise<AppRig>;

  private constructor(parts: {
    readonly clock: ManualClock;
    readonly storage: RigStorage;
    readonly rig: AppRig;
    readonly start: (storage: RigStorage) => Promise<AppRig>;
  }) {
    this.clock = parts.clock;
    this.storage = parts.storage;
    this.rig = parts.rig;
    this.#start = parts.start;
  }

  /** On memory, or on what the test makes of it; ports may be others than the rig's. */
  static open(
    around: (storage: RigStorage) => RigStorage = (storage) => storage,
    ports: Partial<Ports> = {},
  ): Promise<SessionRig> {
    return SessionRig.openOn(async (clock) => around(await memoryStorage(clock)), ports);
  }

  static async openOn(
    open: (clock: ManualClock) => Promise<RigStorage>,
    ports: Partial<Ports> = {},
  ): Promise<SessionRig> {
    const clock = new ManualClock();
    const storage = await open(clock);
    const start = (on: RigStorage): Promise<AppRig> => startApp(clock, on, RIG_SETTINGS, ports);
    const opened = new SessionRig({ clock, storage, rig: await start(storage), start });
    const library_id = await opened.handlers["localLibrary.create"](
      { create_spec: { name: "images" } },
      aCall(),
    );
    opened.itemId = await opened.handlers["item.create"](
      { create_spec: { library_id, name: "debian" } },
      aCall(),
    );
    await opened.openSession();
    return opened;
  }

  get handlers(): Handlers {
    return this.rig.app.handlers;
  }

  async openSession(): Promise<void> {
    const create_spec = { library_item_id: this.itemId };
    this.sessionId = await this.handlers["updateSession.create"]({ create_spec }, aCall());
  }

  /** Starts the server again on the same storage, as after a crash: nothing is drained. */
  async restart(): Promise<void> {
    this.rig = await this.#start(this.storage);
  }

  add(name: string, spec: Partial<FileSpec> = {}): Promise<FileInfo> {
    const file_spec: FileSpec = { name, source_type: "PUSH", ...spec };
    return this.handlers["updateSessionFile.add"](
      { update_session_id: this.sessionId, file_spec },
      aCall(),
    );
  }

  file(name: string): Promise<FileInfo> {
    return this.handlers["updateSessionFile.get"](
      { update_session_id: this.sessionId, file_name: name },
      aCall(),
    );
  }

  openUpload(file: FileInfo, contentLengthBytes: number | null = null): Promise<UploadSlot> {
    return this.rig.app.transfers.openUpload(
      segmentOf(file.upload_endpoint?.uri ?? ""),
      contentLengthBytes,
      RIG_ORIGIN,
    );
  }

  async send(file: FileInfo, content: string | ByteSource): Promise<void> {
    const slot = await this.openUpload(file);
    await slot.receive(
      typeof content === "string" ? sourceOf([Buffer.from(content)]) : content,
      STAYS,
    );
  }

  openAppend(file: FileInfo, sent: Partial<SentBytes> = {}): Promise<UploadSlot> {
    return this.rig.app.transfers.openAppend(
      segmentOf(file.upload_endpoint?.uri ?? ""),
      {
        offsetBytes: 0,
        lengthBytes: null,
        isLast: null,
        contentLengthBytes: null,
        checksum: null,
        ...sent,
      },
      RIG_ORIGIN,
    );
  }

  /** Puts bytes behind those that are here; a text tells its own length. */
  async append(
    file: FileInfo,
    content: string | ByteSource,
    sent: Partial<SentBytes> = {},
  ): Promise<UploadProgress> {
    const isText = typeof content === "string";
    const contentLengthBytes = isText ? Buffer.byteLength(content) : null;
    const slot = await this.openAppend(file, { contentLengthBytes, ...sent });
    return await slot.receive(isText ? sourceOf([Buffer.from(content)]) : content, STAYS);
  }

  /** What the endpoint has, for one who goes on from there. */
  resume(file: FileInfo): Promise<UploadState> {
    const segment = segmentOf(file.upload_endpoint?.uri ?? "");
    return this.rig.app.transfers.resumeUpload(segment, RIG_ORIGIN);
  }

  drop(file: FileInfo): Promise<void> {
    const segment = segmentOf(file.upload_endpoint?.uri ?? "");
    return this.rig.app.transfers.dropUpload(segment, RIG_ORIGIN);
  }

  /** Adds and sends each of the files, by their names, and completes the session. */
  async fill(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, content] of Object.entries(files))
      await this.send(await this.add(name), content);
    await this.complete();
  }

  session(): ReturnType<Handlers["updateSession.get"]> {
    return this.handlers["updateSession.get"]({ update_session_id: this.sessionId }, aCall());
  }

  item(): ReturnType<Handlers["item.get"]> {
    return this.handlers["item.get"]({ library_item_id: this.itemId }, aCall());
  }

  itemFiles(): ReturnType<Handlers["itemFile.list"]> {
    return this.handlers["itemFile.list"]({ library_item_id: this.itemId }, aCall());
  }

  complete(): Promise<void> {
    return this.handlers["updateSession.complete"]({ update_session_id: this.sessionId }, aCall());
  }

  cancel(): Promise<void> {
    return this.handlers["updateSession.cancel"]({ update_session_id: this.sessionId }, aCall());
  }

  /** Ids of everything staged. */
  staged(): Promise<string[]> {
    return Array.fromAsync(this.storage.blobs.listStaged());
  }
}

/** The work must throw a fault of that code; gives its text. */
export const refusedWith = async (code: string, work: Promise<unknown>): Promise<string> => {
  let message = "";
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof Fault, String(error));
    assert.equal(error.code, code);
    message = error.message;
    return true;
  });
  return message;
};
