import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { faultOf } from "@contentlib/contract/vocabulary";
import { Fault } from "@contentlib/server/app/fault";
import type { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { sourceOf } from "../bytes/byte-sources.ts";
import { readPour } from "../bytes/read-blob.ts";
import type { AppRig, RigStorage } from "../rigs/app-rig.ts";
import type { Settings } from "@contentlib/server/app/ports";
import { aCall, RIG_ORIGIN, RIG_SETTINGS, segmentOf, startApp } from "../rigs/app-rig.ts";
import type { Action, Answer, Model, ModelSession } from "./update-session-model.ts";
import { indexOf } from "./update-session-model.ts";

const NEVER = new AbortController().signal;

const sha1 = (content: string): string => createHash("sha1").update(content).digest("hex");

const digestsOf = ({ item }: Model): ReadonlySet<string> =>
  new Set(
    [...item.files.values()].map((file) => createHash("sha256").update(file.content).digest("hex")),
  );

/** Nothing outlives its session, so that what is left at the end is exactly what the model says. */
const SETTINGS: Settings = { ...RIG_SETTINGS, partialTtlMs: 0 };

/** The real application beside the model: does each action, and shows what can be seen. */
export class UpdateSessionWorld {
  readonly #clock: ManualClock;
  readonly #storage: RigStorage;
  #rig: AppRig;
  readonly #itemId: string;
  /** Digests of each content version that was seen. */
  readonly #versions = new Map<number, ReadonlySet<string>>();
  /** Ids of the sessions, in the order in which the model has them. */
  readonly #sessionIds: string[] = [];

  private constructor(clock: ManualClock, storage: RigStorage, rig: AppRig, itemId: string) {
    this.#clock = clock;
    this.#storage = storage;
    this.#rig = rig;
    this.#itemId = itemId;
  }

  static async open(clock: ManualClock, storage: RigStorage): Promise<UpdateSessionWorld> {
    const rig = await startApp(clock, storage, SETTINGS);
    const { handlers } = rig.app;
    const library = await handlers["localLibrary.create"](
      { create_spec: { name: "images" } },
      aCall(),
    );
    const itemId = await handlers["item.create"](
      { create_spec: { library_id: library, name: "debian" } },
      aCall(),
    );
    return new UpdateSessionWorld(clock, storage, rig, itemId);
  }

  /** Performs the action and answers `ok` or the fault's code. */
  async perform(model: Model, action: Action): Promise<Answer> {
    try {
      await this.#act(model, action);
      return "ok";
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return error.code;
    }
  }

  #sessionId(model: Model, back: number): string {
    return this.#sessionIds[indexOf(model, back)] ?? "00000000-0000-4000-8000-000000000000";
  }

  async #act(model: Model, action: Action): Promise<void> {
    const { handlers, duties } = this.#rig.app;
    switch (action.kind) {
      case "create":
        this.#sessionIds.push(
          await handlers["updateSession.create"](
            { create_spec: { library_item_id: this.#itemId } },
            aCall(),
          ),
        );
        return;
      case "rollback":
        await handlers["itemVersion.rollback"](
          {
            library_item: this.#itemId,
            version: String(model.item.contentVersion - action.versionsBack),
          },
          aCall(),
        );
        return;
      case "wait":
        await this.#clock.advance(action.elapsedMs);
        return;
      case "tidy":
        await duties.expireSessions();
        await duties.recordActivity();
        await duties.sweepStaging();
        await duties.collectBlobs();
        return;
      case "restart":
        await this.#rig.app.drain();
        await duties.recordActivity();
        this.#rig = await startApp(this.#clock, this.#storage, SETTINGS);
        return;
      default:
        await this.#actOnSession(this.#sessionId(model, action.session), action);
    }
  }

  async #actOnSession(
    id: string,
    action: Exclude<Action, { readonly kind: "create" | "rollback" | "wait" | "tidy" | "restart" }>,
  ): Promise<void> {
    const { handlers } = this.#rig.app;
    const target = { update_session_id: id };
    switch (action.kind) {
      case "add": {
        const { declared, name } = action;
        const promise =
          declared.kind === "nothing"
            ? {}
            : {
                size: declared.content.length,
                checksum_info: { checksum: sha1(declared.content) },
              };
        await handlers["updateSessionFile.add"](
          { ...target, file_spec: { name, source_type: "PUSH", ...promise } },
          aCall(),
        );
        return;
      }
      case "undo": {
        const file_spec = { name: action.name, source_type: "NONE" as const };
        await handlers["updateSessionFile.add"]({ ...target, file_spec }, aCall());
        return;
      }
      case "send":
        return this.#send(id, action.name, action.content);
      case "remove":
        return handlers["updateSessionFile.remove"]({ ...target, file_name: action.name }, aCall());
      case "keep-alive":
        return handlers["updateSession.keepAlive"](
          { ...target, client_progress: action.progress },
          aCall(),
        );
      case "complete":
        return handlers["updateSession.complete"](target, aCall());
      case "cancel":
        return handlers["updateSession.cancel"](target, aCall());
      case "fail":
        return handlers["updateSession.fail"](
          { ...target, client_error_message: "The disk broke." },
          aCall(),
        );
      case "delete":
        return handlers["updateSession.delete"](target, aCall());
    }
  }

  async #send(id: string, name: string, content: string): Promise<void> {
    const { handlers, transfers } = this.#rig.app;
    const file = await handlers["updateSessionFile.get"](
      { update_session_id: id, file_name: name },
      aCall(),
    );
    if (file.upload_endpoint === undefined) throw new Fault(faultOf("transfer.unknown_endpoint"));
    const bytes = Buffer.from(content);
    const slot = await transfers.openUpload(
      segmentOf(file.upload_endpoint.uri),
      bytes.length,
      RIG_ORIGIN,
    );
    await slot.receive(sourceOf([bytes]), NEVER);
  }

  /** Everything a client can see must be as the model has it. */
  async check(model: Model): Promise<void> {
    this.#versions.set(model.item.contentVersion, digestsOf(model));
    const { handlers } = this.#rig.app;
    const item = await handlers["item.get"]({ library_item_id: this.#itemId }, aCall());
    assert.equal(item.content_version, String(model.item.contentVersion));
    const files = await handlers["itemFile.list"]({ library_item_id: this.#itemId }, aCall());
    assert.deepEqual(
      new Map(files.map((file) => [file.name, file.version])),
      new Map([...model.item.files].map(([name, file]) => [name, String(file.version)])),
    );
    for (const [index, session] of model.sessions.entries())
      await this.#checkSession(index, session);
    assert.deepEqual(
      this.#rig.journal.troubles.map((trouble) => trouble.where),
      [],
    );
  }

  async #checkSession(index: number, expected: ModelSession): Promise<void> {
    const { handlers } = this.#rig.app;
    const update_session_id = this.#sessionIds[index] ?? "";
    if (expected.state === "GONE") {
      await assert.rejects(
        handlers["updateSession.get"]({ update_session_id }, aCall()),
        /There is no update session/,
      );
      return;
    }
    const session = await handlers["updateSession.get"]({ update_session_id }, aCall());
    assert.equal(session.state, expected.state);
    assert.equal(session.client_progress, expected.progress);
    assert.equal(session.library_item_content_version, String(expected.baseVersion));
    assert.equal(session.preview_info !== undefined, expected.state === "ACTIVE");
    if (expected.state === "ACTIVE")
      assert.equal(Date.parse(session.expiration_time), expected.expiresAt);
    const files = await handlers["updateSessionFile.list"]({ update_session_id }, aCall());
    assert.deepEqual(
      new Map(files.map((file) => [file.name, [file.source_type, file.status, file.size]])),
      new Map(
        [...expected.files].map(([name, file]) => {
          const size = "content" in file ? Buffer.byteLength(file.content) : undefined;
          return [name, [file.source, file.source === "NONE" ? "READY" : file.status, size]];
        }),
      ),
    );
  }

  /** The item's bytes, read as a client reads them, must be those the model has. */
  async checkContent(model: Model): Promise<void> {
    const { handlers, transfers } = this.#rig.app;
    const create_spec = { library_item_id: this.#itemId };
    const download_session_id = await handlers["downloadSession.create"]({ create_spec }, aCall());
    for (const [name, { content }] of model.item.files) {
      const prepared = await handlers["downloadSessionFile.prepare"](
        { download_session_id, file_name: name },
        aCall(),
      );
      const slot = await transfers.openDownload(segmentOf(prepared.download_endpoint?.uri ?? ""));
      const bytes = await readPour((sink) =>
        slot.read({ start: 0, endExclusive: slot.sizeBytes }, sink),
      );
      slot.close();
      assert.equal(Buffer.from(bytes).toString(), content);
    }
    await handlers["downloadSession.delete"]({ download_session_id }, aCall());
  }

  /** After all sessions have ended, nothing staged may be left, and no blob but those of the content versions that are kept. */
  async checkNothingLeft(model: Model): Promise<void> {
    const { handlers, duties } = this.#rig.app;
    for (const id of this.#sessionIds) {
      await handlers["updateSession.cancel"]({ update_session_id: id }, aCall()).catch(
        () => undefined,
      );
    }
    await this.#clock.advance(120_000);
    await duties.collectBlobs();
    const staged = await Array.fromAsync(this.#storage.blobs.listStaged());
    assert.deepEqual(staged, []);
    const stored = await Array.fromAsync(this.#storage.blobs.list());
    const lastForgotten = model.item.contentVersion - RIG_SETTINGS.revisionsKept;
    const kept = [...this.#versions].flatMap(([version, digests]) =>
      version > lastForgotten ? [...digests] : [],
    );
    assert.deepEqual(new Set(stored.map((blob) => blob.digest as string)), new Set(kept));
  }
}
