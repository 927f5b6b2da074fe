import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";

/** Where on its way a push is stopped. */
export type StopPoint =
  /** Before any byte of the request with this target arrives, or before any byte of its answer does. */
  | { readonly when: "asked" | "answered"; readonly target: RegExp }
  /** When so many first bytes of the file have passed, and no more. */
  | { readonly when: "sent"; readonly target: RegExp; readonly bytes: number };

/** A sending of a file's bytes that passed the line. */
export interface Sending {
  readonly target: string;
  /** The byte of the file that it began at. */
  readonly fromBytes: number;
  /** How many bytes passed. */
  passedBytes: number;
}

interface Request {
  readonly target: string;
  readonly sending: Sending | null;
}

const REQUEST_LINE = /^((?:GET|HEAD|PUT|POST|PATCH|DELETE) \S+) HTTP\/1\.1\r\n/;
const OFFSET = /\r\nupload-offset: *(\d+)\r\n/i;
const HEAD_END = "\r\n\r\n";

/**
 * A TCP proxy before one port of this machine that stands still at a point: nothing passes any more in either direction, and
 * new connections wait, until it is cut and opened again. So a test can kill whom it likes at exactly that point.
 */
export class HeldLine {
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #pairs = new Map<Socket, Socket>();
  readonly #waiting = new Set<Socket>();
  /** Every sending of bytes that passed, in order. */
  readonly sendings: Sending[] = [];
  /** Targets of all requests that entered, in order. */
  readonly targets: string[] = [];
  #isHeld = false;
  #point: StopPoint | null = null;
  #reached = Promise.withResolvers<void>();

  private constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      client.on("error", () => undefined);
      if (this.#isHeld) {
        this.#waiting.add(client.pause());
        client.on("close", () => this.#waiting.delete(client));
      } else this.#carry(client);
    });
  }

  /** Opens one to the server at the address; test hooks close it. */
  static async open(t: TestContext, targetUrl: string): Promise<HeldLine> {
    const line = new HeldLine(Number(new URL(targetUrl).port));
    line.#server.listen(0, "127.0.0.1");
    await once(line.#server, "listening");
    t.after(() => {
      line.#server.close();
      line.cut();
      for (const client of line.#waiting) client.destroy();
    });
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resolves once the line stands still at the point. One point at a time. */
  async stopAt(point: StopPoint): Promise<void> {
    this.#point = point;
    this.#reached = Promise.withResolvers<void>();
    await this.#reached.promise;
  }

  /** Breaks every connection, and whatever stands still on it is lost. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) breakOff(socket);
    this.#pairs.clear();
  }

  /** Lets connections in again, those that wait first. */
  release(): void {
    this.#isHeld = false;
    this.#point = null;
    for (const client of this.#waiting) if (!client.destroyed) this.#carry(client);
    this.#waiting.clear();
  }

  #hold(): void {
    this.#isHeld = true;
    this.#point = null;
    for (const [client, server] of this.#pairs) {
      client.pause();
      server.pause();
    }
    this.#reached.resolve();
  }

  #carry(client: Socket): void {
    const server = connect({ port: this.#targetPort, host: "127.0.0.1", allowHalfOpen: true });
    this.#pairs.set(client, server);
    let request: Request | null = null;
    client.on("data", (bytes: Buffer) => {
      if (this.#isHeld) return;
      request = this.#enter(bytes) ?? request;
      this.#forward(request, bytes, { client, server });
    });
    server.on("data", (bytes: Buffer) => {
      if (this.#isHeld) return;
      // Leave to go on is no answer yet.
      const isAnswer = !bytes.toString("latin1").startsWith("HTTP/1.1 100");
      if (isAnswer && request !== null && this.#isAt("answered", request)) return this.#hold();
      this.#pass(server, client, bytes);
    });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.setNoDelay(true).on("error", () => undefined);
      from.on("end", () => to.end());
      from.on("close", () => {
        this.#pairs.delete(client);
        to.destroy();
      });
    }
    client.resume();
  }

  #forward(
    request: Request | null,
    bytes: Buffer,
    { client, server }: { readonly client: Socket; readonly server: Socket },
  ): void {
    if (request !== null && this.#isAt("asked", request)) return this.#hold();
    const sending = request?.sending ?? null;
    if (sending === null) return this.#pass(client, server, bytes);
    const bodyAt = this.#bodyAt(bytes);
    const bodyBytes = bytes.byteLength - bodyAt;
    const leftBytes = this.#leftBytes(sending);
    const passing = leftBytes < bodyBytes ? bytes.subarray(0, bodyAt + leftBytes) : bytes;
    sending.passedBytes += passing.byteLength - bodyAt;
    this.#pass(client, server, passing);
    if (this.#leftBytes(sending) === 0) this.#hold();
  }

  /** How many bytes of the sending may still pass. */
  #leftBytes({ target, fromBytes, passedBytes }: Sending): number {
    const point = this.#point;
    if (point?.when !== "sent" || !point.target.test(target)) return Infinity;
    return Math.max(0, point.bytes - fromBytes - passedBytes);
  }

  #isAt(when: "asked" | "answered", { target }: Request): boolean {
    return this.#point?.when === when && this.#point.target.test(target);
  }

  /** The request whose first bytes these are; a client here sends the next one only after an answer. */
  #enter(bytes: Buffer): Request | null {
    const text = bytes.toString("latin1", 0, this.#bodyAt(bytes));
    const target = REQUEST_LINE.exec(text)?.[1];
    if (target === undefined) return null;
    this.targets.push(target);
    if (!/^(?:PUT|PATCH) \/cls\//.test(target)) return { target, sending: null };
    const sending = { target, fromBytes: Number(OFFSET.exec(text)?.[1] ?? 0), passedBytes: 0 };
    this.sendings.push(sending);
    return { target, sending };
  }

  /** Where the head of a request ends in its first bytes; 0 for bytes that go on with a body. */
  #bodyAt(bytes: Buffer): number {
    if (!REQUEST_LINE.test(bytes.toString("latin1", 0, 2_048))) return 0;
    const headEnd = bytes.indexOf(HEAD_END);
    return headEnd < 0 ? 0 : headEnd + HEAD_END.length;
  }

  #pass(from: Socket, to: Socket, bytes: Buffer): void {
    if (to.destroyed || to.write(bytes)) return;
    from.pause();
    to.once("drain", () => {
      if (!this.#isHeld) from.resume();
    });
  }
}

/** Breaks a connection without the good order of an end; Node can not reset one that it has begun to end. */
function breakOff(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
