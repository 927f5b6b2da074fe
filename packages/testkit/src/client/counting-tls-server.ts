import type { AddressInfo } from "node:net";
import { createServer } from "node:tls";
import type { TLSSocket } from "node:tls";
import type { TlsIdentity } from "../builders/tls-certificates.ts";

/** A server that ends TLS and counts what comes out of it. */
export interface CountingTlsServer {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** Connections on which somebody began to speak. */
  readonly connections: () => number;
  /** Bytes of the application that came, over all connections. */
  readonly bytes: () => number;
  close(): Promise<void>;
}

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi";

/** Starts one. It answers 200 once the first bytes of a request have come. */
export async function startCountingTlsServer(identity: TlsIdentity): Promise<CountingTlsServer> {
  let connections = 0;
  let bytes = 0;
  const sockets = new Set<TLSSocket>();
  const server = createServer({ cert: identity.certPem, key: identity.keyPem }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("data", () => socket.end(OK));
    socket.on("data", (chunk) => (bytes += chunk.byteLength));
  });
  server.on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    bytes: () => bytes,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
