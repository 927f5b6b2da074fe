import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { FenceRule, NetworkFence } from "@contentlib/server/domain/network-fence";
import type { ByteSource } from "@contentlib/server/ports/index";
import type { TlsIdentity } from "../builders/tls-certificates.ts";

/** A server that others fetch from. */
export interface RemoteServer {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly port: number;
  /** How many connections have been made to it so far. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts a server on a free port of an address of this machine; it speaks TLS where it has an identity. */
export async function startRemoteServer(
  answer: RequestListener,
  options: {
    readonly identity?: TlsIdentity;
    readonly host?: string;
    readonly chain?: string;
  } = {},
): Promise<RemoteServer> {
  const { identity, host = "127.0.0.1", chain = "" } = options;
  const server: Server =
    identity === undefined
      ? createHttpServer(answer)
      : createHttpsServer({ key: identity.keyPem, cert: `${identity.certPem}${chain}` }, answer);
  let connections = 0;
  server.on("connection", () => (connections += 1));
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const scheme = identity === undefined ? "http" : "https";
  return {
    origin: `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    connections: () => connections,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const LOOPBACK: readonly FenceRule[] = [
  { kind: "network", address: "127.0.0.0", bits: 8, ports: null },
  { kind: "network", address: "::1", bits: 128, ports: null },
];

/** A fence that lets to the servers of tests, and to nothing else that is closed. */
export const LOOPBACK_FENCE: NetworkFence = { deny: [], allow: LOOPBACK };

/** All bytes of a source; rejects with what it fails with. */
export const wholeOf = async (source: ByteSource): Promise<Buffer> =>
  await new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    source.pourInto({
      chunk: (bytes) => {
        chunks.push(Buffer.from(bytes));
        return true;
      },
      end: () => resolve(Buffer.concat(chunks)),
      fail: reject,
    });
  });
