import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultCode, FaultValue } from "@contentlib/contract/vocabulary";
import { shortened } from "@contentlib/contract/vocabulary/echo";
import { toldUrl } from "../../domain/remote-url.ts";
import type { PulledFile } from "../../domain/update-session.ts";
import { PortError, RemoteError } from "../../ports/index.ts";
import { Fault } from "../fault.ts";

/** What an error of a try to pull a file means for it. */
export type PullFailure =
  /** Nobody wants the file any more, or not from this try. */
  | { readonly kind: "gone" }
  /** It may well succeed if it is tried again; `sentence` says what was amiss. */
  | { readonly kind: "passing"; readonly sentence: string }
  /** It can not succeed as it is; the fault is what the file is to tell. */
  | { readonly kind: "definite"; readonly fault: FaultValue };

const GONE: ReadonlySet<FaultCode> = new Set([
  "transfer.unknown_endpoint",
  "transfer.session_ended",
  "transfer.superseded",
  "transfer.cut",
]);

const PASSING: ReadonlySet<FaultCode> = new Set([
  "server.unavailable",
  // The bytes that were here are not, or not as the catalog has them: the next try begins anew.
  "transfer.offset_mismatch",
]);

/** What is told of failures that are none of the source. */
export const STORAGE_FAILED =
  "The storage of this server failed, as its operator can see in its log.";
const SERVER_FAILED = "This server failed, as its operator can see in its log.";

/** Why a file is not pulled, told without what is secret of its address. */
export const pullFailed = ({ name, from }: PulledFile, sentence: string): FaultValue =>
  faultOf("transfer.pull_failed", name, shortened(toldUrl(from.url)), sentence);

const ofRemote = (file: PulledFile, { reason, retry, message }: RemoteError): PullFailure => {
  if (reason === "cancelled") return { kind: "gone" };
  return retry === "safe"
    ? { kind: "passing", sentence: message }
    : { kind: "definite", fault: pullFailed(file, message) };
};

const ofFault = (file: PulledFile, { code, message, values, cause }: Fault): PullFailure => {
  if (GONE.has(code)) return { kind: "gone" };
  if (PASSING.has(code)) return { kind: "passing", sentence: message };
  if (code === "transfer.interrupted") return failureOf(file, cause);
  const [first] = values;
  return { kind: "definite", fault: first ?? pullFailed(file, message) };
};

/** Whether the error is the server's own, which its operator has to hear of. */
export const isOwnFailure = (error: unknown): boolean =>
  error instanceof Fault
    ? error.code === "transfer.interrupted" && isOwnFailure(error.cause)
    : !(error instanceof RemoteError);

/** What an error means for the file that was to be pulled. (S105) */
export const failureOf = (file: PulledFile, error: unknown): PullFailure => {
  if (error instanceof RemoteError) return ofRemote(file, error);
  if (error instanceof Fault) return ofFault(file, error);
  return error instanceof PortError
    ? { kind: "passing", sentence: STORAGE_FAILED }
    : { kind: "definite", fault: pullFailed(file, SERVER_FAILED) };
};
