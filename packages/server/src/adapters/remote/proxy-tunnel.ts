import { once } from "node:events";
import type { Socket } from "node:net";
import { connect as connectTcp } from "node:net";
import { RemoteError } from "../../ports/index.ts";
import { codeOf } from "../private-file.ts";

/** A proxy that connects for the server. */
export interface TunnelProxy {
  readonly host: string;
  readonly port: number;
  readonly login: { readonly userName: string; readonly password: string } | null;
}

/** Longest head of a proxy's answer, in bytes. */
const HEAD_BYTES_MAX = 16 * 1024;
const HEAD_END = "\r\n\r\n";

/** What a request to the proxy says of its login; nothing where it has none. */
export const proxyHeaders = ({ login }: TunnelProxy): Readonly<Record<string, string>> =>
  login === null
    ? {}
    : {
        "proxy-authorization": `Basic ${Buffer.from(`${login.userName}:${login.password}`).toString("base64")}`,
      };

const proxyError = (what: string, cause?: unknown): RemoteError =>
  new RemoteError(
    "connection",
    `The proxy through which this server fetches ${what}. Its operator sets it with CONTENTLIB_PULL_PROXY.`,
    { cause },
  );

/** The head of the answer to CONNECT, which has no body where it succeeds. */
const readHead = async (socket: Socket): Promise<string> =>
  await new Promise<string>((resolve, reject) => {
    let head = "";
    const settle = (end: () => void): void => {
      socket.off("data", onData).off("close", onClose).pause();
      end();
    };
    const onClose = (): void => settle(() => reject(proxyError("does not answer as one")));
    const onData = (chunk: Buffer): void => {
      head += chunk.toString("latin1");
      if (head.includes(HEAD_END)) settle(() => resolve(head));
      else if (head.length > HEAD_BYTES_MAX) onClose();
    };
    socket.on("data", onData).on("close", onClose);
  });

const ask = async (socket: Socket, proxy: TunnelProxy, authority: string): Promise<void> => {
  const headers = Object.entries({ host: authority, ...proxyHeaders(proxy) });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(`CONNECT ${authority} HTTP/1.1\r\n${lines}\r\n`);
  const head = await readHead(socket);
  const [, status = ""] = /^HTTP\/1\.[01] (\d{3})/.exec(head) ?? [];
  if (status !== "200") throw proxyError(`does not connect to ${authority} (${status})`);
  // A server that speaks before it was spoken to does not speak TLS.
  if (!head.endsWith(HEAD_END)) throw proxyError("does not answer as one");
};

/** A connection by way of the proxy: to the proxy itself where the request is without TLS, else through it to the host. */
export const openTunnel = async (
  proxy: TunnelProxy,
  to: { readonly url: URL; readonly port: number },
  signal: AbortSignal,
): Promise<Socket> => {
  const socket = connectTcp({ host: proxy.host, port: proxy.port, signal });
  try {
    await once(socket, "connect", { signal });
    // From here on an error closes it, which whoever reads it notices.
    socket.on("error", () => undefined);
    if (to.url.protocol === "https:") {
      const authority = `${to.url.hostname}:${to.port}`;
      await ask(socket, proxy, authority);
    }
    return socket;
  } catch (error) {
    socket.destroy();
    if (error instanceof RemoteError) throw error;
    throw proxyError(`can not be reached (${codeOf(error) ?? "unknown"})`, error);
  }
};
