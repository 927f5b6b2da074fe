import type { Socket } from "node:net";
import { connect as connectTcp, isIP } from "node:net";
import type { SecureContext, TLSSocket } from "node:tls";
import { connect as connectTls } from "node:tls";
import { withoutEndDots } from "../../domain/ip-address.ts";
import { RemoteError } from "../../ports/index.ts";
import { codeOf } from "../private-file.ts";

/** How long a connection is idle before the system asks whether the other side is still there, in milliseconds. */
const KEEP_ALIVE_MS = 60_000;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ECONNRESET: "it hung up",
  UND_ERR_SOCKET: "it hung up",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to it",
  ETIMEDOUT: "it does not answer",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS there, so use http: or another port",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "it does not speak TLS there, so use http: or another port",
};

const NO_HTTP = "what answers there does not speak HTTP, so check the port";

/** What undici throws for an answer that it can not read: it has a name, and a code of the parser or none. */
const isNoHttp = (error: unknown): boolean =>
  error instanceof Error && error.name === "HTTPParserError";

/** A connection that was not made, or broke. `to` is what it was to, such as an origin. */
export const connectionError = (to: string, error: unknown): RemoteError => {
  if (error instanceof RemoteError) return error;
  const code = codeOf(error);
  const reason = isNoHttp(error)
    ? NO_HTTP
    : (REASONS[code ?? ""] ?? `it broke${code === undefined ? "" : ` (${code})`}`);
  return new RemoteError("connection", `No connection to ${to}: ${reason}.`, { cause: error });
};

const settled = async <Opened extends Socket>(
  socket: Opened,
  event: "connect" | "secureConnect",
): Promise<Opened> =>
  await new Promise<Opened>((resolve, reject) => {
    socket
      .once("error", reject)
      .once("close", () => reject(Object.assign(new Error("closed"), { code: "ECONNRESET" })))
      .once(event, () => resolve(socket));
  });

/** A TCP connection to an address: nothing is looked up. */
export const openTcp = async (
  address: string,
  port: number,
  signal: AbortSignal,
): Promise<Socket> => {
  const socket = connectTcp({ host: address, port, signal });
  socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
  return await settled(socket, "connect");
};

/** TLS over a connection. Whom it leads to is the affair of the caller, and nothing was sent yet. */
export const openTls = async (
  socket: Socket,
  { host, context }: { readonly host: string; readonly context: SecureContext },
): Promise<TLSSocket> => {
  const name = withoutEndDots(host);
  const secure = connectTls({
    socket,
    host: name,
    servername: isIP(name) === 0 ? name : "",
    secureContext: context,
    ALPNProtocols: ["http/1.1"],
    // The judge stands in place of the check that this switches off; nothing is written before it has spoken.
    rejectUnauthorized: false,
  });
  try {
    return await settled(secure, "secureConnect");
  } catch (error) {
    secure.destroy();
    throw error;
  }
};
