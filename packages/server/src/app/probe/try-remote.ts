import type { ProbeResult } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { shortened } from "@contentlib/contract/vocabulary/echo";
import type { RemotePin } from "../../domain/remote-pin.ts";
import { readRemoteUrl, toldUrl } from "../../domain/remote-url.ts";
import type { UrlLogin } from "../../domain/remote-url.ts";
import type { RemoteFacts, RemotePeer, RemoteReason } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import type { Call } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";

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
}

/** How long a try may take, in milliseconds: less than callers wait for an answer, whatever redirects there are. */
const PROBE_LIMIT_MS = 20_000;

export type ProbeCore = Pick<Core, "catalog" | "certificates" | "probes" | "remote">;

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

const failed = (error: RemoteError): Sight => {
  // Nobody waits for the answer of a call that was cancelled.
  const status = error.reason === "cancelled" ? "UNKNOWN_ERROR" : STATUSES[error.reason];
  const code =
    error.reason === "certificate" ? "remote.peer_not_authenticated" : "remote.request_failed";
  return { status, faults: [faultOf(code, error.message)], facts: null, peer: error.peer };
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
export const tryRemote = async (
  { catalog, remote }: ProbeCore,
  { uri, login, pin }: ProbeWish,
  { signal }: Call,
): Promise<Sight> => {
  const address = readRemoteUrl(uri);
  const told = shortened(toldUrl(uri));
  if (address.kind === "storage") return without([faultOf("remote.unsupported_scheme", told)]);
  if (address.kind === "invalid")
    return without([
      faultOf("subscription.invalid_url", told),
      faultOf("request.invalid_member", "uri", address.reason),
    ]);
  try {
    const trusted = (await catalog.listCertificates()).map(({ certText }) => certText);
    const given = login ?? address.login;
    const facts = await remote.probe({
      url: address.url,
      ...(given === null ? {} : { login: given }),
      ...(pin === null ? {} : { pin }),
      trusted,
      signal,
      timeLimitMs: PROBE_LIMIT_MS,
    });
    return { status: "SUCCESS", faults: [], facts, peer: facts.peer };
  } catch (error) {
    if (error instanceof RemoteError) return failed(error);
    throw error;
  }
};
