import type { X509Certificate } from "node:crypto";
import { Agent as HttpsAgent } from "node:https";
import type { AgentOptions } from "node:https";
import { isIP } from "node:net";
import { connect } from "node:tls";
import type { TLSSocket } from "node:tls";
import { CERTIFICATE_NOT_PINNED, TLS_WANTED } from "../transport.ts";
import { isPinned, parsePin, pinText, printLike } from "./certificate-pin.ts";
import type { CertificatePin, PinnedServer } from "./certificate-pin.ts";

/** Where a connection goes, in the words of undici's connectors. */
export interface PinnedTarget {
  /** Host name or address. */
  readonly hostname: string;
  /** The port; empty for that of the protocol. */
  readonly port: string | number;
  /** With its colon, as in `https:`. */
  readonly protocol: string;
}

/** Told once: of a connection whose certificate was judged, or of what is wrong. */
export type PinnedCallback = (
  ...outcome: [error: Error, socket: null] | [error: null, socket: TLSSocket]
) => void;

/** Opens connections for `new Agent({ connect })` of undici. */
export type PinnedConnector = (target: PinnedTarget, callback: PinnedCallback) => void;

/** How long the handshake may be silent, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;
/** How long a connection is idle before the system asks whether the other side is still there, in milliseconds. */
const KEEP_ALIVE_MS = 60_000;

/** The connection was refused before anything was sent over it; `code` says why. */
class CertificateRefused extends Error {
  override readonly name = "CertificateRefused";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * A connector of undici that judges the server before any byte of HTTP: at the pinned address the key must be the pinned
 * one, and nothing else of the certificate counts; at any other address the key must be that same one or the certificate
 * must be trusted by the system. Connections without TLS are refused. Throws TypeError for what is no pin.
 */
export function pinnedConnector(server: PinnedServer): PinnedConnector {
  const pin = parsePin(server.pin);
  const pinned = placeOf(new URL(server.url));
  return (target, callback) => {
    if (target.protocol !== "https:") {
      callback(new CertificateRefused(TLS_WANTED, "the connection is not encrypted"), null);
      return;
    }
    openJudged(target, callback, (socket) => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate !== undefined && isPinned(certificate, pin)) return null;
      if (placeOf(target) === pinned) return otherKey(certificate, pin);
      return socket.authorized ? null : untrusted(socket);
    });
  };
}

/** An agent of node:https that judges servers as `pinnedConnector` does. */
export function pinnedAgent(
  server: PinnedServer,
  options: AgentOptions = { keepAlive: true },
): HttpsAgent {
  const connector = pinnedConnector(server);
  const agent = new HttpsAgent(options);
  agent.createConnection = ({ host, port }, callback) => {
    const target = { hostname: host ?? "localhost", port: port ?? "", protocol: "https:" };
    // node:http looks at the error first, and at the socket only without one.
    connector(target, callback as PinnedCallback);
    return undefined;
  };
  return agent;
}

const placeOf = ({ hostname, port }: Pick<PinnedTarget, "hostname" | "port">): string =>
  `${hostname.replace(/^\[(.*)\]$/, "$1").toLowerCase()} ${port || 443}`;

function openJudged(
  { hostname, port }: PinnedTarget,
  callback: PinnedCallback,
  judge: (socket: TLSSocket) => Error | null,
): void {
  const socket = connect({
    host: hostname,
    port: Number(port || 443),
    servername: isIP(hostname) === 0 ? hostname : "",
    ALPNProtocols: ["http/1.1"],
    minVersion: "TLSv1.2",
    // The judge stands in place of the check that this switches off; nothing is written before it has spoken.
    rejectUnauthorized: false,
  });
  let isTold = false;
  const fail = (error: Error): void => {
    if (isTold) return;
    isTold = true;
    socket.destroy();
    callback(error, null);
  };
  const expire = (): void =>
    fail(Object.assign(new Error("the handshake took too long"), { code: "ETIMEDOUT" }));
  socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS).setTimeout(CONNECT_TIMEOUT_MS, expire);
  socket.on("error", fail);
  socket.once("secureConnect", () => {
    const refused = verdictOf(judge, socket);
    if (refused !== null) return fail(refused);
    isTold = true;
    socket.setTimeout(0).off("timeout", expire);
    callback(null, socket);
  });
}

/** A certificate with a key of a kind that Node can not read is not the pinned one either. */
function verdictOf(judge: (socket: TLSSocket) => Error | null, socket: TLSSocket): Error | null {
  try {
    return judge(socket);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function otherKey(certificate: X509Certificate | undefined, pin: CertificatePin): Error {
  const what = pin.kind === "key" ? "key" : "certificate";
  const shown = certificate === undefined ? "none" : printLike(certificate, pin);
  return new CertificateRefused(
    CERTIFICATE_NOT_PINNED,
    `its ${what} is ${shown}, and not the pinned ${pinText(pin)}`,
  );
}

/** Node tells the code of the chain check as a string, or the error of the check of names. */
function untrusted({ authorizationError }: TLSSocket): Error {
  const told: unknown = authorizationError;
  const code = told instanceof Error && "code" in told ? told.code : told;
  return new CertificateRefused(String(code), `its certificate is not trusted (${String(code)})`);
}
