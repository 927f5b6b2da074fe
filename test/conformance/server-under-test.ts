import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { type RunningServer, type StartOptions, startServer } from "@contentlib/server";
import type { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import type { BlobStore } from "@contentlib/server/ports/blob-store";
import type { PasswordHasher } from "@contentlib/server/ports/authenticator";
import type { Catalog } from "@contentlib/server/ports/catalog";
import type { RequestJournal } from "@contentlib/server/ports/request-journal";
import { ask, BASIC, Client, PASSWORD } from "./client.ts";
import type { Form } from "./forms.ts";

/** What a test may want different from a plain server. */
export interface ServerWishes {
  /** Time in the hand of the test. */
  readonly clock?: ManualClock;
  /** Puts something around the store of bytes, or in its place. */
  readonly blobs?: (store: BlobStore) => BlobStore;
  /** Puts something around the catalog. */
  readonly catalog?: (catalog: Catalog) => Catalog;
  readonly hasher?: PasswordHasher;
  readonly journal?: RequestJournal;
  readonly isStrict?: boolean;
  /** Off when absent. */
  readonly tls?: StartOptions["tls"];
  readonly sessionTimeoutMs?: number;
  readonly sessionRetentionMs?: number;
  readonly partialTtlMs?: number;
  readonly loginIdleMs?: number;
  readonly datastores?: readonly string[];
  readonly trustedProxies?: readonly string[];
  readonly corsOrigins?: readonly string[];
  /** What may be fetched from other servers; nothing that is closed by default when absent. */
  readonly pull?: StartOptions["pull"];
  /** Directories of this machine whose files may be pulled; none when absent. */
  readonly pullDirectories?: StartOptions["pullDirectories"];
}

/** How far a clock that the test holds moves while a server stops: beyond the patience it has with transfers. */
const TURNS_OF_A_STOP = 60;
const TURN_MS = 20;

/** The real server, in this process, on a directory of its own and any free port. */
export class ServerUnderTest {
  readonly directory: string;
  readonly #wishes: ServerWishes;
  #running: RunningServer | null = null;

  constructor(directory: string, wishes: ServerWishes) {
    this.directory = directory;
    this.#wishes = wishes;
  }

  get url(): string {
    assert.ok(this.#running, "the server runs");
    return this.#running.url;
  }

  /** Starts, or starts again on the port it had, so that its URLs go on working. */
  async start(port = 0): Promise<this> {
    const { blobs, catalog, clock, hasher, journal, pull, pullDirectories, tls, ...others } =
      this.#wishes;
    const { isStrict = false, trustedProxies = [], corsOrigins = [], ...settings } = others;
    this.#running = await startServer({
      dataDirectory: join(this.directory, "data"),
      listen: { host: "127.0.0.1", port },
      profileFile: join(this.directory, "profiles.json"),
      adminPassword: PASSWORD,
      isStrict,
      trustedProxies,
      corsOrigins,
      settings,
      ...(tls === undefined ? {} : { tls }),
      ...(pull === undefined ? {} : { pull }),
      ...(pullDirectories === undefined ? {} : { pullDirectories }),
      ...(clock === undefined ? {} : { clock }),
      ...(hasher === undefined ? {} : { hasher }),
      ...(journal === undefined ? {} : { journal }),
      aroundStorage: (storage) => ({
        ...storage,
        blobs: blobs?.(storage.blobs) ?? storage.blobs,
        catalog: catalog?.(storage.catalog) ?? storage.catalog,
      }),
    });
    return this;
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await Promise.all([running?.close(), this.#letTimePass()]);
  }

  /** A server that stops waits for transfers by its clock, which stands still unless the test moves it. */
  async #letTimePass(): Promise<void> {
    for (let turn = 0; turn < TURNS_OF_A_STOP; turn += 1)
      await this.#wishes.clock?.advance(TURN_MS);
  }

  async restart(): Promise<void> {
    const port = Number(new URL(this.url).port);
    await this.stop();
    await this.start(port);
  }

  /** A new login, of the administrator unless somebody else is named, and a client of the form that uses it. */
  async client(form: Form, authorization = BASIC): Promise<Client> {
    const reply = await ask(form, this.url, form.login(), { Authorization: authorization });
    assert.equal(reply.status, form.login().status, reply.text);
    return new Client(form, this.url, String(reply.value));
  }
}

/** A running server that is stopped, and its directory removed, when the tests of the file or suite are over. */
export async function serverUnderTest(wishes: ServerWishes = {}): Promise<ServerUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), "contentlib-conformance-"));
  const server = new ServerUnderTest(directory, wishes);
  after(async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return await server.start();
}

/** A name nobody else in this process uses. */
export function freshName(stem: string): string {
  return `${stem}-${randomBytes(6).toString("hex")}`;
}
