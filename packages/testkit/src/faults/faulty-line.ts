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
  /** The connection breaks at once, and the request, if it comes in one piece, arrives behind the next one all the same. */
  | { readonly kind: "late" }
  /** A gateway answers 502 with a page of its own, whether or not the request got through to the server. */
  | { readonly kind: "gateway"; readonly isPassed: boolean }
  /** The connection breaks when so many bytes of the request have passed. */
  | { readonly kind: "cut"; readonly afterBytes: number }
  /** The connection is closed in good order when so many bytes of the request have passed, as if it ended there. */
  | { readonly kind: "truncated"; readonly afterBytes: number }
  /** The same when so many bytes of the answer have passed. */
  | { readonly kind: "answer truncated"; readonly answerBytes: number }
  /** Nothing passes any more when so many bytes of the request have, and neither side is told. */
  | { readonly kind: "stalled"; readonly afterBytes: number }
  /** The byte behind so many of the request arrives as another one. */
  | { readonly kind: "damaged"; readonly afterBytes: number }
  /** The request arrives, no byte of its answer does, and neither side is told. */
  | { readonly kind: "answer stalled" };

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
const PAGE = "<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>";
const PAGE_HEAD = [
  "HTTP/1.1 502 Bad Gateway",
  "content-type: text/html",
  `content-length: ${PAGE.length}`,
  "connection: close",
].join("\r\n");

const REQUEST_LINE = /^((?:GET|HEAD|PUT|POST|PATCH|DELETE) \S+) HTTP\/1\.1\r\n/;

/** A TCP proxy before one port of this machine that harms the requests which pass it. */
export class FaultyLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #targetPort: number;
  readonly #options: FaultyLineOptions;
  /** Every request that entered, in order. */
  readonly requests: LineRequest[] = [];
  /** Requests that arrive behind the next one. */
  readonly #late: Buffer[] = [];

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
    const carried: Carried = {
      client,
      server: this.#connect(),
      fault: null,
      askedBytes: 0,
      answeredBytes: 0,
      isHead: false,
    };
    const { server } = carried;
    this.#watch(client);
    client.on("data", (bytes: Buffer) => {
      const request = this.#enter(bytes);
      if (request === null) return this.#ask(carried, bytes);
      carried.fault = this.#options.fault?.(request) ?? null;
      carried.askedBytes = 0;
      carried.answeredBytes = 0;
      carried.isHead = request.target.startsWith("HEAD ");
      const late = this.#late.splice(0);
      if (carried.fault?.kind === "late" && isWhole(bytes)) this.#late.push(bytes);
      if (carried.fault?.kind === "doubled" && isWhole(bytes)) this.#sendAgain(bytes);
      this.#ask(carried, bytes);
      for (const one of late) this.#sendAgain(one);
    });
    server.on("data", (bytes: Buffer) => this.#answer(carried, bytes));
    client.on("end", () => server.end());
    server.on("end", () => client.end());
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
  }

  /** Takes bytes of a request to the server, as far as its fault lets them. */
  #ask(carried: Carried, bytes: Buffer): void {
    const { client, server, fault } = carried;
    if (fault?.kind === "request lost" || fault?.kind === "late") return breakOff(carried);
    if (fault?.kind === "gateway" && !fault.isPassed) {
      if (carried.askedBytes === 0) answerPage(carried);
      carried.askedBytes += bytes.byteLength;
      return;
    }
    const before = carried.askedBytes;
    carried.askedBytes += bytes.byteLength;
    if (fault?.kind === "damaged")
      return this.#pass(client, server, damagedAt(bytes, fault.afterBytes - before));
    if (fault === null || !("afterBytes" in fault) || carried.askedBytes <= fault.afterBytes)
      return this.#pass(client, server, bytes);
    this.#pass(client, server, bytes.subarray(0, Math.max(0, fault.afterBytes - before)));
    if (fault.kind === "cut") return breakOff(carried);
    if (fault.kind === "stalled") return void client.pause();
    server.end();
    client.end();
  }

  /** Takes bytes of an answer to the client, likewise. */
  #answer(carried: Carried, bytes: Buffer): void {
    const { client, server, fault } = carried;
    // Leave to go on is no answer yet.
    const isAnswer = !bytes.toString("latin1").startsWith("HTTP/1.1 100");
    if (!isAnswer || fault === null) return this.#pass(server, client, bytes);
    if (fault.kind === "answer lost") return breakOff(carried);
    if (fault.kind === "answer stalled") return void server.pause();
    if (fault.kind === "gateway") {
      if (fault.isPassed && carried.answeredBytes === 0) answerPage(carried);
      carried.answeredBytes += bytes.byteLength;
      return;
    }
    if (fault.kind !== "answer truncated") return this.#pass(server, client, bytes);
    this.#pass(
      server,
      client,
      bytes.subarray(0, Math.max(0, fault.answerBytes - carried.answeredBytes)),
    );
    carried.answeredBytes += bytes.byteLength;
    if (carried.answeredBytes > fault.answerBytes) client.end();
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

/** Both ends of a connection, and what becomes of the request that is on it. */
interface Carried {
  readonly client: Socket;
  readonly server: Socket;
  fault: LineFault | null;
  askedBytes: number;
  answeredBytes: number;
  /** Whether its answer has no body. */
  isHead: boolean;
}

function breakOff({ client, server }: Carried): void {
  // Node can not reset a connection that it has begun to end.
  if (client.writableEnded) client.destroy();
  else client.resetAndDestroy();
  server.destroy();
}

function damagedAt(bytes: Buffer, at: number): Buffer {
  const byte = bytes[at];
  if (byte === undefined) return bytes;
  const damaged = Buffer.from(bytes);
  damaged[at] = byte ^ 1;
  return damaged;
}

const answerPage = ({ client, isHead }: Carried): void =>
  void client.end(`${PAGE_HEAD}\r\n\r\n${isHead ? "" : PAGE}`);

/** Whether these bytes are all of a request with a declared length. */
const isWhole = (bytes: Buffer): boolean => {
  const text = bytes.toString("latin1");
  const headEnd = text.indexOf("\r\n\r\n") + 4;
  const declared = /\r\ncontent-length: (\d+)\r\n/i.exec(text)?.[1] ?? "0";
  const isChunked = /\r\ntransfer-encoding:/i.test(text);
  return !isChunked && bytes.byteLength === headEnd + Number(declared);
};
