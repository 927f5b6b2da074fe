import type { OperationInput } from "@contentlib/contract";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import type { Call, Caller } from "@contentlib/server/app/call";
import type { Role } from "@contentlib/contract/vocabulary";
import type { AccountId, LibraryId, TokenId } from "@contentlib/server/domain/ids";
import type { Ports, Settings } from "@contentlib/server/app/ports";
import { anAccount, aGrant } from "../builders/accounts.ts";
import { sourceOf } from "../bytes/byte-sources.ts";
import type { AppRig, RigStorage } from "./app-rig.ts";
import { aCall, memoryStorage, RIG_ORIGIN, RIG_SETTINGS, segmentOf, startApp } from "./app-rig.ts";
import { STAYS } from "./session-rig.ts";

type Handlers = AppRig["app"]["handlers"];

/** An account of the rig, and how it calls. */
export interface RigUser {
  readonly id: AccountId;
  readonly name: string;
  call(): Call;
}

/** A token, and how one calls who came by it. */
export interface RigToken {
  readonly id: TokenId;
  readonly text: string;
  call(): Call;
}

/** An app with users of all kinds, and short words for giving them roles and taking these away, by the operations themselves. */
export class AccessRig {
  readonly clock: ManualClock;
  readonly storage: RigStorage;
  rig: AppRig;
  readonly #start: () => Promise<AppRig>;

  private constructor(parts: {
    readonly clock: ManualClock;
    readonly storage: RigStorage;
    readonly rig: AppRig;
    readonly start: () => Promise<AppRig>;
  }) {
    this.clock = parts.clock;
    this.storage = parts.storage;
    this.rig = parts.rig;
    this.#start = parts.start;
  }

  /** On memory, or on what the test makes of it. */
  static async open(
    around: (storage: RigStorage) => RigStorage = (storage) => storage,
    settings: Settings = RIG_SETTINGS,
    ports: Partial<Ports> = {},
  ): Promise<AccessRig> {
    const clock = new ManualClock();
    const storage = around(await memoryStorage(clock));
    const start = (): Promise<AppRig> => startApp(clock, storage, settings, ports);
    return new AccessRig({ clock, storage, rig: await start(), start });
  }

  get handlers(): Handlers {
    return this.rig.app.handlers;
  }

  /** Starts the server again on the same storage, as after a crash. */
  async restart(): Promise<void> {
    this.rig = await this.#start();
  }

  /** A user with a role, if any, on one library or on everything. */
  async user(role: Role | null = null, libraryId?: string): Promise<RigUser> {
    const account = anAccount();
    await this.storage.catalog.commit([
      { kind: "account.put", account, rev: null },
      ...(role === null
        ? []
        : [
            {
              kind: "grant.put",
              grant: aGrant({
                subject: { kind: "account", id: account.id },
                role,
                ...(libraryId === undefined ? {} : { libraryId: libraryId as LibraryId }),
              }),
            } as const,
          ]),
    ]);
    const { id, name } = account;
    return { id, name, call: () => this.#callOf({ accountId: id, accountName: name }) };
  }

  /** A token of the user, cut down where roles are given. */
  async token(user: RigUser, spec: Partial<TokenSpec> = {}): Promise<RigToken> {
    const create_spec = { user: user.id, name: `token ${this.#next()}`, ...spec };
    const made = await this.handlers["token.create"]({ create_spec }, aCall());
    const id = made.token_id as TokenId;
    const caller = { accountId: user.id, accountName: user.name, tokenId: id };
    return { id, text: made.token, call: () => this.#callOf(caller) };
  }

  library(name = "images"): Promise<string> {
    return this.handlers["localLibrary.create"]({ create_spec: { name } }, aCall());
  }

  item(library_id: string, name = "debian"): Promise<string> {
    return this.handlers["item.create"]({ create_spec: { library_id, name } }, aCall());
  }

  updateSession(library_item_id: string, call: Call): Promise<string> {
    return this.handlers["updateSession.create"]({ create_spec: { library_item_id } }, call);
  }

  /** Declares a file; resolves with the secret part of its upload endpoint. */
  async addFile(update_session_id: string, name: string, call: Call): Promise<string> {
    const file = await this.handlers["updateSessionFile.add"](
      { update_session_id, file_spec: { name, source_type: "PUSH" } },
      call,
    );
    return segmentOf(file.upload_endpoint?.uri ?? "");
  }

  /** Sends the bytes of a file to its endpoint. */
  async send(segment: string, content: string): Promise<void> {
    const slot = await this.rig.app.transfers.openUpload(segment, null, RIG_ORIGIN);
    await slot.receive(sourceOf([Buffer.from(content)]), STAYS);
  }

  /** An item with a file of that content. */
  async filledItem(library_id: string, content = "bytes"): Promise<string> {
    const item = await this.item(library_id);
    const session = await this.updateSession(item, aCall());
    await this.send(await this.addFile(session, "a.iso", aCall()), content);
    await this.handlers["updateSession.complete"]({ update_session_id: session }, aCall());
    return item;
  }

  /** A download session on an item with a file; resolves with its id and the secret part of the file's endpoint. */
  async download(library_item_id: string, call: Call): Promise<{ id: string; segment: string }> {
    const { handlers } = this;
    const id = await handlers["downloadSession.create"]({ create_spec: { library_item_id } }, call);
    const file = await handlers["downloadSessionFile.prepare"](
      { download_session_id: id, file_name: "a.iso" },
      call,
    );
    return { id, segment: segmentOf(file.download_endpoint?.uri ?? "") };
  }

  /** Takes every grant away that the user has, as an administrator does. */
  async takeAll(user: RigUser): Promise<void> {
    const subject = { kind: "account", id: user.id } as const;
    for (const { id } of await this.storage.catalog.listGrants({ subject }))
      await this.handlers["grant.delete"]({ grant_id: id }, aCall());
  }

  #numbers = 0;

  #next(): number {
    return (this.#numbers += 1);
  }

  #callOf(who: Pick<Caller, "accountId" | "accountName" | "tokenId">): Call {
    const userName = `${who.accountName}@vsphere.local`;
    return { ...aCall(), caller: { ...who, userName, loginHash: "" } };
  }
}

type TokenSpec = OperationInput<"token.create">["create_spec"];
