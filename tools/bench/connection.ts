import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** An answer as far as measures look at it. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = "\r\n\r\n";

/** The header that carries a login's id. */
export const LOGIN_HEADER = "vmware-api-session-id";

/** The bytes of a request with the headers that every call carries. */
export function requestBytes(
  method: string,
  url: string,
  options: { readonly login?: string; readonly body?: unknown } = {},
): Buffer {
  const { host, pathname, search } = new URL(url);
  const { login, body } = options;
  const text = body === undefined ? "" : JSON.stringify(body);
  const lines = [
    `${method} ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    ...(login === undefined ? [] : [`${LOGIN_HEADER}: ${login}`]),
    ...(text === "" ? [] : ["Content-Type: application/json"]),
    ...(method === "GET" ? [] : [`Content-Length: ${String(Buffer.byteLength(text))}`]),
  ];
  return Buffer.from(`${lines.join("\r\n")}${HEAD_END}${text}`);
}

/**
 * One kept connection that asks one thing at a time. It knows no more of HTTP than the servers under test speak, so that the
 * machine's time goes to them and not to the client.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received = "";
  #waiting: PromiseWithResolvers<Answer> | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => this.#take(text));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("The server closed the connection.")));
  }

  static async open(url: string): Promise<HttpConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    return new HttpConnection(socket);
  }

  /** Sends the request and resolves with its answer; the one before must have been answered. */
  async ask(request: Buffer): Promise<Answer> {
    this.#waiting = Promise.withResolvers<Answer>();
    this.#socket.write(request);
    return await this.#waiting.promise;
  }

  /** Sends more of the request that was asked; resolves when the system has it, or the connection is gone. */
  async send(bytes: Buffer): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve()));
  }

  close(): void {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    const end = headEnd + HEAD_END.length + length;
    if (this.#received.length < end) return;
    const body = this.#received.slice(end - length, end);
    this.#received = this.#received.slice(end);
    this.#waiting?.resolve({ status: Number(head.slice(9, 12)), body });
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}

/** The body of an answer that must be a success. */
export function successful(answer: Answer): string {
  if (answer.status >= 300) throw new Error(`Answered ${String(answer.status)}: ${answer.body}`);
  return answer.body;
}
