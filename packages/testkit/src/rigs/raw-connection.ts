import type { Socket } from "node:net";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

/** A client's side of a connection, byte by byte: for what no HTTP library would send. */
export class RawConnection {
  readonly #socket: Socket;
  readonly #waiting = new Set<() => void>();
  readonly #closed = Promise.withResolvers<void>();
  #received = "";

  /** `ca` is the certificate that a server with TLS must show; null for a connection without TLS. */
  constructor(port: number, ca: string | null = null) {
    this.#socket =
      ca === null ? connect(port, "127.0.0.1") : connectTls({ port, host: "127.0.0.1", ca });
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (text: string) => {
      this.#received += text;
      for (const look of this.#waiting) look();
    });
    // A reset by the server is one way for a connection to end; what had arrived until then still counts.
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => {
      this.#closed.resolve();
      for (const look of this.#waiting) look();
    });
  }

  get received(): string {
    return this.#received;
  }

  /** Resolves once the bytes are handed to the system, or the connection is gone. */
  async send(bytes: string | Uint8Array): Promise<void> {
    await Promise.race([
      new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve())),
      this.#closed.promise,
    ]);
  }

  /** Resolves when what was received matches; rejects when the connection ends before. */
  async until(pattern: RegExp): Promise<string> {
    return await new Promise<string>((resolve, reject) => {
      const look = (): void => {
        const isThere = pattern.test(this.#received);
        if (!isThere && !this.#socket.destroyed) return;
        this.#waiting.delete(look);
        if (isThere) resolve(this.#received);
        else reject(new Error(`The connection ended after: ${this.#received}`));
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Everything that was received, once the server has closed the connection. */
  async closed(): Promise<string> {
    await this.#closed.promise;
    return this.#received;
  }

  /** Takes nothing more until `resume`; a paused client does not even notice that it was cut. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
