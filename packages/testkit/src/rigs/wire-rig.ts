import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:http";
import { request as requestTls } from "node:https";
import type { AddressInfo } from "node:net";
import { AesSecretSeal } from "@contentlib/server/adapters/auth/aes-secret-seal";
import { HmacEndpointSigner } from "@contentlib/server/adapters/auth/hmac-endpoint-signer";
import { MemoryAttemptLimiter } from "@contentlib/server/adapters/auth/memory-attempt-limiter";
import { NodeCertificateReader } from "@contentlib/server/adapters/certificates/node-certificate-reader";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { AsyncDeedScope } from "@contentlib/server/adapters/deeds/async-deed-scope";
import { RandomIdSource } from "@contentlib/server/adapters/ids/random-id-source";
import { PinoJournal } from "@contentlib/server/adapters/journal/pino-journal";
import type { App } from "@contentlib/server/app/app";
import { createApp } from "@contentlib/server/app/create-app";
import { composeItemTypes } from "@contentlib/server/main/compose-item-types";
import { composeLocal } from "@contentlib/server/main/compose-local";
import { composeRemote } from "@contentlib/server/main/compose-remote";
import type { Ports } from "@contentlib/server/app/ports";
import { invariant } from "@contentlib/server/domain/invariant";
import type { KeyPair } from "@contentlib/server/ports/key-pair";
import type { WireOptions, WireServer } from "@contentlib/server/wire/server";
import { createWireServer } from "@contentlib/server/wire/server";
import { anAccessToken } from "../builders/accounts.ts";
import type { RigStorage } from "./app-rig.ts";
import { memoryStorage, RIG_ACCOUNT, RIG_SETTINGS } from "./app-rig.ts";
import { RawConnection } from "./raw-connection.ts";

/** The version that the rig's replies to logins tell. */
export const RIG_VERSION = "1.2.3-rig";

/** The password of the rig's administrator: not ASCII, so that the encoding counts. */
export const RIG_PASSWORD = "pässwort:1";

/** A request of the test. */
export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Sends the body, even an empty one, in chunks. */
  readonly isChunked?: boolean;
}

/** A whole answer. */
export interface Told {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body as JSON, `undefined` where it is empty. */
  readonly json: unknown;
}

/** How a JSON-RPC call departs from the plain one. */
export interface RpcAsk {
  readonly id?: string | number;
  /** The security context; null for none. */
  readonly security?: object | null;
  readonly headers?: Readonly<Record<string, string>>;
}

const SECURITY = "com.vmware.vapi.std.security";

/** The security context of a name and a password. */
export const rpcPassword = (userName: string, password: string): object => ({
  schemeId: `${SECURITY}.user_pass`,
  userName,
  password,
});

/** The security context of a login. */
export const rpcSession = (sessionId: string): object => ({
  schemeId: `${SECURITY}.session_id`,
  sessionId,
});

/** The body of a JSON-RPC call. `name` is service and operation, joined by a dot; `members` are the parameters, wrapped. */
export const rpcBody = (
  name: string,
  members: object,
  { id = "1", security = null }: Pick<RpcAsk, "id" | "security"> = {},
): object => {
  const dot = name.lastIndexOf(".");
  return {
    jsonrpc: "2.0",
    method: "invoke",
    id,
    params: {
      serviceId: name.slice(0, dot),
      operationId: name.slice(dot + 1),
      input: { STRUCTURE: { "operation-input": members } },
      ctx: { appCtx: { opId: "op" }, securityCtx: security },
    },
  };
};

/** Headers of Basic credentials. */
export const basic = (userName: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${userName}:${password}`).toString("base64")}`,
});

/** The real application on memory storage behind a real socket, with time in the test's hand. */
export class WireRig {
  readonly clock: ManualClock;
  readonly app: App;
  readonly port: number;
  readonly logLines: string[];
  readonly #wire: WireServer;
  #tls: KeyPair | null;
  readonly #storage: RigStorage;
  #loginId: string | null = null;

  private constructor(parts: {
    readonly clock: ManualClock;
    readonly app: App;
    readonly wire: WireServer;
    readonly storage: RigStorage;
    readonly logLines: string[];
    readonly tls: KeyPair | null;
  }) {
    this.#tls = parts.tls;
    this.clock = parts.clock;
    this.app = parts.app;
    this.#wire = parts.wire;
    this.#storage = parts.storage;
    this.logLines = parts.logLines;
    this.port = (parts.wire.server.address() as AddressInfo).port;
  }

  /** Opens the rig; `around` may replace parts of the application with ones that misbehave. */
  static async open(
    options: Partial<WireOptions> = {},
    around: (app: App) => App = (app) => app,
  ): Promise<WireRig> {
    const clock = new ManualClock();
    const storage = await memoryStorage(clock);
    const logLines: string[] = [];
    const journal = new PinoJournal("debug", { write: (line) => void logLines.push(line) });
    const ids = new RandomIdSource();
    const ports: Ports = {
      ...storage,
      clock,
      ids,
      journal,
      hasher: {
        hash: async (password) => `plain:${password}`,
        verify: async (password, hash) => hash === `plain:${password}`,
      },
      digest: { digest: (secret) => createHash("sha256").update(secret).digest("hex") },
      seal: new AesSecretSeal(Buffer.alloc(32, 2)),
      signer: new HmacEndpointSigner(Buffer.alloc(32, 1)),
      attempts: new MemoryAttemptLimiter(clock),
      certificates: new NodeCertificateReader(),
      itemTypes: composeItemTypes(),
      remote: composeRemote(clock),
      local: composeLocal(clock),
      deeds: new AsyncDeedScope(),
    };
    const row = await storage.catalog.findAccount(RIG_ACCOUNT);
    invariant(row !== null, "The rig's storage has the rig's account.");
    const account = { ...row.value, passwordHash: `plain:${RIG_PASSWORD}` };
    await storage.catalog.commit([{ kind: "account.put", account, rev: row.rev }]);
    const app = around(createApp(ports, RIG_SETTINGS));
    await app.recover();
    let requests = 0;
    const wire = createWireServer({
      app,
      clock,
      journal,
      publicUrl: null,
      trustedProxies: [],
      corsOrigins: [],
      connectionsMax: 4096,
      tls: null,
      isStrict: false,
      documents: { rest: '{"form":"rest"}', api: '{"form":"api"}' },
      readDocsFile: async () => await Promise.resolve(null),
      version: RIG_VERSION,
      requestId: () => `request-${(requests += 1)}`,
      isReady: () => true,
      ...options,
    });
    await new Promise<void>((resolve) => wire.server.listen(0, "127.0.0.1", resolve));
    return new WireRig({ clock, app, wire, storage, logLines, tls: options.tls ?? null });
  }

  get url(): string {
    return `${this.#tls === null ? "http" : "https"}://127.0.0.1:${this.port}`;
  }

  /** Changes the certificate of a rig with TLS, for its own requests as well. */
  useKeyPair(pair: KeyPair): void {
    this.#wire.useKeyPair(pair);
    this.#tls = pair;
  }

  /** Takes no new connections, and resolves when none is left. */
  async drain(): Promise<void> {
    await this.#wire.drain();
  }

  /** Gives a revocable token to the rig's administrator. */
  async grantToken(token: string): Promise<void> {
    const hash = createHash("sha256").update(token).digest("hex");
    const granted = anAccessToken({ hash, accountId: RIG_ACCOUNT, createdAt: this.clock.now() });
    await this.#storage.catalog.commit([{ kind: "token.put", token: granted }]);
  }

  /** One request as it is given. */
  async ask(method: string, path: string, ask: Ask = {}): Promise<Told> {
    const { headers = {}, body, isChunked = false } = ask;
    const length = isChunked
      ? { "transfer-encoding": "chunked" }
      : body === undefined
        ? {}
        : { "content-length": Buffer.byteLength(body) };
    return await new Promise<Told>((resolve, reject) => {
      const send = this.#tls === null ? request : requestTls;
      const sending = send({
        ...(this.#tls === null ? {} : { ca: this.#tls.certPem, servername: "localhost" }),
        host: "127.0.0.1",
        port: this.port,
        method,
        path,
        headers: { ...length, ...headers },
        agent: false,
      });
      sending.on("error", reject).on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
        response.on("end", () => {
          const bytes = Buffer.concat(chunks);
          const text = bytes.toString();
          const isJson = response.headers["content-type"] === "application/json" && text !== "";
          resolve({
            status: response.statusCode ?? 0,
            reason: response.statusMessage ?? "",
            headers: response.headers,
            bytes,
            text,
            json: isJson ? (JSON.parse(text) as unknown) : undefined,
          });
        });
      });
      sending.end(body);
    });
  }

  /** A login's id, made once. */
  async loginId(): Promise<string> {
    this.#loginId ??= (
      await this.ask("POST", "/api/session", { headers: basic("administrator", RIG_PASSWORD) })
    ).json as string;
    return this.#loginId;
  }

  /** A request with JSON and a login. */
  async call(method: string, path: string, body?: unknown): Promise<Told> {
    const headers = {
      "vmware-api-session-id": await this.loginId(),
      "content-type": "application/json",
    };
    return await this.ask(method, path, {
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** One JSON-RPC call with a login, which a security context of the test's own replaces. */
  async rpc(name: string, members: object = {}, ask: RpcAsk = {}): Promise<Told> {
    const security = ask.security === undefined ? rpcSession(await this.loginId()) : ask.security;
    return await this.ask("POST", "/api", {
      headers: { "content-type": "application/json", ...ask.headers },
      body: JSON.stringify(rpcBody(name, members, { ...ask, security })),
    });
  }

  /** A connection of its own, for what no HTTP library would send. */
  connect(): RawConnection {
    return new RawConnection(this.port, this.#tls?.certPem ?? null);
  }

  /** A connection below TLS. */
  connectPlain(): RawConnection {
    return new RawConnection(this.port, null);
  }

  /** Sends text as it stands on a fresh connection, and resolves with everything that came back once the server closed it. */
  async raw(text: string | Uint8Array): Promise<string> {
    const connection = this.connect();
    await connection.send(text);
    return await connection.closed();
  }

  async close(): Promise<void> {
    await this.#wire.close();
    await this.app.drain();
    await this.#storage.close();
  }
}
