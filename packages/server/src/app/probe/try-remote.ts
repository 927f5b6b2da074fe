import type { ProbeResult } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultCode, FaultValue } from "@contentlib/contract/vocabulary";
import { shortened } from "@contentlib/contract/vocabulary/echo";
import type { RemotePin } from "../../domain/remote-pin.ts";
import { readRemoteUrl, toldUrl } from "../../domain/remote-url.ts";
import type { RemoteUrl, UrlLogin } from "../../domain/remote-url.ts";
import { STORAGE_SCHEMES } from "../../domain/storage-url.ts";
import type { RemoteFacts, RemotePeer, RemoteReason } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import type { Call } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { orFault } from "../or-fault.ts";

/** What came of trying an address. */
export interface Sight {
  readonly status: ProbeResult["status"];
  /** What is in the way; none for SUCCESS. */
  readonly faults: readonly FaultValue[];
  /** Null where no answer came. */
  readonly facts: RemoteFacts | null;
  /** Null where nobody showed a certificate. */
  readonly peer: RemotePeer | null;
}

/** An address to try, and by what its server is known. */
export interface ProbeWish {
  readonly uri: string;
  /** A login told beside the address. */
  readonly login?: UrlLogin;
  readonly pin: RemotePin | null;
  /** Name of the secret whose login is presented; an empty one is none. */
  readonly secret?: string;
}

/** How long a try may take, in milliseconds: less than callers wait for an answer, whatever redirects there are. */
const PROBE_LIMIT_MS = 20_000;

export type ProbeCore = Pick<
  Core,
  "catalog" | "certificates" | "local" | "probes" | "remote" | "secrets"
>;

const STATUSES: Readonly<Record<Exclude<RemoteReason, "cancelled">, ProbeResult["status"]>> = {
  url: "INVALID_URL",
  fenced: "UNKNOWN_ERROR",
  "no-host": "HOST_NOT_FOUND",
  timeout: "TIMED_OUT",
  connection: "UNKNOWN_ERROR",
  certificate: "CERTIFICATE_ERROR",
  login: "INVALID_CREDENTIALS",
  absent: "RESOURCE_NOT_FOUND",
  status: "UNKNOWN_ERROR",
  redirect: "UNKNOWN_ERROR",
  protocol: "UNKNOWN_ERROR",
  changed: "UNKNOWN_ERROR",
};

const without = (faults: readonly FaultValue[]): Sight => ({
  status: "INVALID_URL",
  faults,
  facts: null,
  peer: null,
});

const failed = (error: RemoteError, code: FaultCode): Sight => {
  // Nobody waits for the answer of a call that was cancelled.
  const status = error.reason === "cancelled" ? "UNKNOWN_ERROR" : STATUSES[error.reason];
  return { status, faults: [faultOf(code, error.message)], facts: null, peer: error.peer };
};

/** What came of asking: facts, or the error of a source; the code is that of its fault. */
const sighted = async (
  asked: Promise<RemoteFacts>,
  codeOf: (error: RemoteError) => FaultCode,
): Promise<Sight> => {
  try {
    const facts = await asked;
    return { status: "SUCCESS", faults: [], facts, peer: facts.peer };
  } catch (error) {
    if (error instanceof RemoteError) return failed(error, codeOf(error));
    throw error;
  }
};

const httpFault = ({ reason }: RemoteError): FaultCode =>
  reason === "certificate" ? "remote.peer_not_authenticated" : "remote.request_failed";

/** Tries a file of this machine, as a pull would find it. */
const tryLocal = async (
  { local }: Pick<ProbeCore, "local">,
  url: string,
  { signal }: Call,
): Promise<Sight> => {
  const look = async (): Promise<RemoteFacts> => {
    const file = await local.open({ url, signal });
    file.close();
    return file;
  };
  return await sighted(look(), () => "remote.file_unreadable");
};

/** As for a source that is to be pulled: a secret is told to whom the server trusts, and to nobody whom its caller vouches for. (S118) */
const BESIDE_SECRET = faultOf(
  "request.invalid_member",
  "secret",
  "a login in the uri, or what is said of the certificate there, stands beside it: leave that out",
);

/** The login to present: that of the secret, the one told beside the address, or the one in it. */
const loginTo = async (
  { secrets }: Pick<ProbeCore, "secrets">,
  { secret = "", login, pin }: ProbeWish,
  address: Extract<RemoteUrl, { readonly kind: "http" }>,
): Promise<UrlLogin | null> => {
  if (secret === "") return login ?? address.login;
  if (address.login !== null || pin !== null) throw new Fault(BESIDE_SECRET);
  return orFault(await secrets.loginFor(secret, address.url));
};

/** Does it at the pace that the caller's account has, and refuses who tries too many. Whatever is asked of an address counts. */
export const atPace = async (
  { probes }: Pick<Core, "probes">,
  { caller }: Call,
  work: () => Promise<Sight>,
): Promise<Sight> => {
  const admission = probes.admit(caller.accountId);
  if (admission.kind === "wait")
    throw new Fault(faultOf("remote.probed_too_often", String(admission.seconds)));
  try {
    return await work();
  } finally {
    admission.end();
  }
};

/** Tries an address. A bad address and a bad server are an answer, not an error (contract F23, L22). Called by `atPace`. */
export const tryRemote = async (core: ProbeCore, wish: ProbeWish, call: Call): Promise<Sight> => {
  const { uri, pin } = wish;
  const address = readRemoteUrl(uri);
  const told = shortened(toldUrl(uri));
  if (address.kind === "storage")
    return core.local.isOpen && STORAGE_SCHEMES.includes(address.scheme)
      ? await tryLocal(core, uri, call)
      : without([faultOf("remote.unsupported_scheme", told)]);
  if (address.kind === "invalid")
    return without([
      faultOf("subscription.invalid_url", told),
      faultOf("request.invalid_member", "uri", address.reason),
    ]);
  const login = await loginTo(core, wish, address);
  const trusted = (await core.catalog.listCertificates()).map(({ certText }) => certText);
  const asked = core.remote.probe({
    url: address.url,
    ...(login === null ? {} : { login }),
    ...(pin === null ? {} : { pin }),
    trusted,
    signal: call.signal,
    timeLimitMs: PROBE_LIMIT_MS,
  });
  return await sighted(asked, httpFault);
};
