import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { connect } from "node:tls";

/**
 * Speaks TLS for clients that do not: what comes over a plain connection goes on over TLS to the server, byte by byte, once the
 * server has shown a certificate that `ca` vouches for.
 */
export class TlsFront {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(target: string, ca: () => string): Promise<TlsFront> {
    const { hostname, port } = new URL(target);
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const front = new TlsFront(server);
    server.on("connection", (plain) => {
      const secured = connect({ host: hostname, port: Number(port), ca: ca() });
      front.#join(plain, secured);
      front.#join(secured, plain);
    });
    return front;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on("error", () => to.destroy());
    from.on("close", () => this.#sockets.delete(from));
    from.pipe(to);
  }
}
