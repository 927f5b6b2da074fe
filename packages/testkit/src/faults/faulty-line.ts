import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What becomes of one request on its way. */
export type LineFault =
  /** The request arrives and is answered, but the connection breaks before the client hears of it. */
  | { readonly kind: "answer lost" }
  /** The connection breaks before any byte of the request arrives. */
  | { readonly kind: "request lost" }
  /** The request, if it comes in one piece, arrives twice: again over a connection of its own, whose answer nobody reads. */
  | { readonly kind: "doubled" }
  /** The connection breaks when so many bytes of the request have passed. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  /** The connection is closed in good order when so many bytes of the request have passed, as if it ended there. */
  | { readonly kind: "truncated"; readonly afterBytes: number }
  /** Nothing passes any more when so many bytes of the request have, and neither side is told. */
  | { readonly kind: "stalled"; readonly afterBytes: number };

/** A request as it enters the line: its number, counted from one, and its head. */
export interface LineRequest {
  readonly number: number;
  /** Method and target, such as `PUT /cls/data/...`. */
  readonly target: string;
  readonly head: string;
}

export interface FaultyLineOptions {
  /** Chooses the fault of each request; null lets it pass. */
  readonly fault?: (request: LineRequest) => LineFault | null;
  /** Lets so many bytes pass in each turn, from either side; all at once when absent. */
  readonly bytesPerTurn?: number;
  /** Length of such a turn. */
  readonly turnMs?: number;
}

const DEFAULT_TURN_MS = 10;
const REQUEST_LINE = /^((?:GET|HEAD|PUT|POST|PATCH|DELETE) \S+) HTTP\/1\.1\r\n/;

/** A TCP proxy before one port of this machine that harms the requests which pass it. */
export class FaultyLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #targetPort: number;
  readonly #options: FaultyLineOptions;
  /** Every request that entered, in order. */
  readonly requests: LineRequest[] = [];

  private constructor(targetPort: number, options: FaultyLineOptions) {
    this.#targetPort = targetPort;
    this.#options = options;
    this.#server = createServer((client) => this.#carry(client));
  }

  static async open(targetUrl: string, options: FaultyLineOptions = {}): Promise<FaultyLine> {
    const line = new FaultyLine(Number(new URL(targetUrl).port), options);
    line.#server.listen(0, "127.0.0.1");
    await once(line.#server, "listening");
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #carry(client: Socket): void {
    const server = this.#connect();
    let fault: LineFault | null = null;
    let passedBytes = 0;
    const breakOff = (): void => {
      client.resetAndDestroy();
      server.destroy();
    };
    this.#watch(client);
    client.on("data", (bytes: Buffer) => {
      const request = this.#enter(bytes);
      if (request !== null) {
        fault = this.#options.fault?.(request) ?? null;
        passedBytes = 0;
        if (fault?.kind === "doubled" && isWhole(bytes)) this.#sendAgain(bytes);
      }
      if (fault?.kind === "request lost") return breakOff();
      passedBytes += bytes.byteLength;
      if (fault !== null && "afterBytes" in fault && passedBytes > fault.afterBytes) {
        if (fault.kind === "cut") return breakOff();
        if (fault.kind === "stalled") return client.pause();
        server.end();
        return client.end();
      }
      this.#pass(client, server, bytes);
    });
    server.on("data", (bytes: Buffer) => {
      // Leave to go on is no answer yet.
      const isAnswer = !bytes.toString("latin1").startsWith("HTTP/1.1 100");
      if (fault?.kind === "answer lost" && isAnswer) return breakOff();
      this.#pass(server, client, bytes);
    });
    client.on("end", () => server.end());
    server.on("end", () => client.end());
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
  }

  #connect(): Socket {
    const socket = connect(this.#targetPort, "127.0.0.1");
    this.#watch(socket);
    return socket;
  }

  #watch(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
  }

  /** The request whose first bytes these are; a client here sends the next one only after an answer. */
  #enter(bytes: Buffer): LineRequest | null {
    const text = bytes.toString("latin1");
    const target = REQUEST_LINE.exec(text)?.[1];
    if (target === undefined) return null;
    const number = this.requests.length + 1;
    const request = { number, target, head: text.slice(0, text.indexOf("\r\n\r\n")) };
    this.requests.push(request);
    return request;
  }

  #sendAgain(bytes: Buffer): void {
    const second = this.#connect();
    second.on("data", () => second.destroy());
    second.write(bytes);
  }

  #pass(from: Socket, to: Socket, bytes: Buffer): void {
    const { bytesPerTurn, turnMs = DEFAULT_TURN_MS } = this.#options;
    if (bytesPerTurn !== undefined) {
      const turns = Math.ceil(bytes.byteLength / bytesPerTurn);
      from.pause();
      setTimeout(() => from.resume(), turns * turnMs);
    }
    if (!to.destroyed && !to.write(bytes)) {
      from.pause();
      to.once("drain", () => from.resume());
    }
  }
}

/** Whether these bytes are all of a request with a declared length. */
const isWhole = (bytes: Buffer): boolean => {
  const text = bytes.toString("latin1");
  const headEnd = text.indexOf("\r\n\r\n") + 4;
  const declared = /\r\ncontent-length: (\d+)\r\n/i.exec(text)?.[1] ?? "0";
  const isChunked = /\r\ntransfer-encoding:/i.test(text);
  return !isChunked && bytes.byteLength === headEnd + Number(declared);
};
