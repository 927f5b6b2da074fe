import type { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { isIP } from "node:net";
import { checkServerIdentity, connect } from "node:tls";
import type { TLSSocket } from "node:tls";
import { isIssuerUnknown } from "./failure.ts";
import { tableLines } from "./output.ts";

/** The certificate that a server shows, and what this machine thinks of it. */
export interface SeenCertificate {
  readonly certificate: X509Certificate;
  /** `sha256//...`, the print of its key. */
  readonly keyPrint: string;
  /** Why it is not trusted; empty where it is. */
  readonly problems: readonly string[];
  /** Whether all that is wrong is that this machine does not know who issued it. */
  readonly isIssuerUnknown: boolean;
}

/** How long a server may take to show its certificate, in milliseconds. */
const LOOK_TIMEOUT_MS = 10_000;

/**
 * Looks at the certificate of an https address and hangs up: no byte of the application is sent. Throws the client's
 * ConnectionError where there is no certificate to look at.
 */
export async function lookAtCertificate(
  url: string,
  signal: AbortSignal,
): Promise<SeenCertificate> {
  const [{ certificateProblem, connectionError }, { keyPrintOf }] = await Promise.all([
    import("@contentlib/client"),
    import("@contentlib/client/node"),
  ]);
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LOOK_TIMEOUT_MS)]);
  const socket = connect({
    host,
    port: Number(new URL(url).port || 443),
    servername: isIP(host) === 0 ? host : "",
    minVersion: "TLSv1.2",
    rejectUnauthorized: false,
  });
  try {
    await once(socket, "secureConnect", { signal: limit });
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) throw new Error("the server shows no certificate");
    const problems = socket.authorized
      ? []
      : problemsOf({ code: codeOf(socket), certificate, host }, certificateProblem);
    const isUnknown = problems.length === 1 && isIssuerUnknown(codeOf(socket));
    return { certificate, keyPrint: keyPrintOf(certificate), problems, isIssuerUnknown: isUnknown };
  } catch (error) {
    signal.throwIfAborted();
    throw connectionError(url, limit.aborted ? silence() : error, { operation: "login" });
  } finally {
    socket.destroy();
  }
}

const silence = (): Error =>
  Object.assign(new Error("the handshake took too long"), { code: "ETIMEDOUT" });

/** Node tells the code of the chain check as a string, or the error of the check of names. */
function codeOf({ authorizationError }: TLSSocket): string {
  const told: unknown = authorizationError;
  return String(told instanceof Error && "code" in told ? told.code : told);
}

interface Doubted {
  readonly code: string;
  readonly certificate: X509Certificate;
  readonly host: string;
}

/** All that is wrong with it, because the chain's check tells one thing only. */
function problemsOf(
  { code, certificate, host }: Doubted,
  wordsOf: (code: string) => string | undefined,
): readonly string[] {
  const isOwnWork = certificate.checkIssued(certificate);
  const codes = new Set(isOwnWork ? ["DEPTH_ZERO_SELF_SIGNED_CERT", code] : [code]);
  if (certificate.validToDate.getTime() < Date.now()) codes.add("CERT_HAS_EXPIRED");
  if (checkServerIdentity(host, certificate.toLegacyObject()) !== undefined)
    codes.add("ERR_TLS_CERT_ALTNAME_INVALID");
  return [...codes].map((one) => wordsOf(one) ?? `its certificate was refused (${one})`);
}

/** A certificate as it is shown to whoever is to judge it. */
export const certificateLines = ({ certificate, keyPrint }: SeenCertificate): readonly string[] =>
  tableLines([
    ["  subject", oneLine(certificate.subject)],
    ["  issuer", oneLine(certificate.issuer)],
    ["  names", namesOf(certificate)],
    ["  valid", `${day(certificate.validFromDate)} to ${day(certificate.validToDate)}`],
    ["  SHA-256", certificate.fingerprint256],
    ["  key", keyPrint],
  ]);

const oneLine = (name: string | undefined): string => (name ?? "").replaceAll("\n", ", ") || "-";

const namesOf = ({ subjectAltName }: X509Certificate): string =>
  (subjectAltName ?? "")
    .replaceAll("\n", " ")
    .split(", ")
    .map((name) => shortAddress(name.replace(/^(?:DNS|IP Address):/, "")))
    .join(", ") || "-";

/** An IPv6 address as people write it, and as the server tells it; other names as they are. */
const shortAddress = (name: string): string =>
  isIP(name) === 6 ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name;

const day = (at: Date): string => at.toISOString().slice(0, 10);
