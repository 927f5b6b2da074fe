import type { Instant } from "../domain/ids.ts";
import type { RemotePin } from "../domain/remote-pin.ts";
import type { ByteSource } from "./blob-store.ts";
import type { CancelSignal } from "./clock.ts";
import { PortError } from "./port-error.ts";
import type { PortErrorKind } from "./port-error.ts";

export type { RemotePin } from "../domain/remote-pin.ts";

/** Why a remote address gave nothing, finer than the kinds of `PortError`. */
export type RemoteReason =
  /** It is no address of http or https after all. */
  | "url"
  /** The fence keeps the server from connecting there. */
  | "fenced"
  /** Nobody knows its name. */
  | "no-host"
  | "timeout"
  /** There is nobody at the port, or the connection broke. */
  | "connection"
  | "certificate"
  /** It asks for a login, or refuses the one it got. */
  | "login"
  | "absent"
  /** It answered with another status that is no success. */
  | "status"
  | "redirect"
  /** What it sent is no proper answer. */
  | "protocol"
  /** The file is another one than that whose first bytes are here. */
  | "changed"
  | "cancelled";

const KINDS: Readonly<Record<RemoteReason, PortErrorKind>> = {
  url: "denied",
  fenced: "denied",
  "no-host": "unavailable",
  timeout: "unavailable",
  connection: "unavailable",
  certificate: "denied",
  login: "denied",
  absent: "absent",
  status: "unavailable",
  redirect: "denied",
  protocol: "corrupt",
  changed: "corrupt",
  cancelled: "cancelled",
};

/** The one error of remote sources. Its message is for whoever asked for the address: it holds no login and no resolved address. */
export class RemoteError extends PortError {
  readonly reason: RemoteReason;
  /** Who was at the other end, where that was found out before it failed. */
  readonly peer: RemotePeer | null;

  constructor(
    reason: RemoteReason,
    sentence: string,
    options: {
      readonly cause?: unknown;
      readonly peer?: RemotePeer | null;
      /** Where it is other than with most errors of that reason. */
      readonly retry?: "never" | "safe";
    } = {},
  ) {
    const kind = KINDS[reason];
    super(kind, sentence, { retry: kind === "unavailable" ? "safe" : "never", ...options });
    this.reason = reason;
    this.peer = options.peer ?? null;
  }
}

/** What is to be known of a certificate by whoever decides about it. */
export interface RemoteCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and addresses that it is for. */
  readonly names: readonly string[];
  readonly validFrom: Instant;
  /** The first moment at which it is valid no more. */
  readonly expiresAt: Instant;
  /** SHA-1 of the DER, upper-case hexadecimal with colons. */
  readonly sha1: string;
  /** SHA-256 of the DER, written the same way. */
  readonly sha256: string;
  /** `sha256//` and the SHA-256 of the public key in Base64. */
  readonly keyPin: string;
}

/** The other end of a TLS connection. */
export interface RemotePeer {
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly protocol: string;
  /** As it was shown, the server's own certificate first; certificates of this machine that it leads to may follow. */
  readonly chain: readonly RemoteCertificate[];
  /** Why this machine does not trust it, in words that follow "its certificate"; null where it does. Pins are not asked. */
  readonly problem: string | null;
}

/** What is fetched, and how its server is known. Login and pin are for the origin of `url` and go nowhere else. */
export interface RemoteTarget {
  /** http or https, without user information. */
  readonly url: string;
  readonly login?: { readonly userName: string; readonly password: string };
  readonly pin?: RemotePin;
  /** Certificates (PEM) that are trusted beside those of the system. */
  readonly trusted: readonly string[];
  readonly signal: CancelSignal;
  /** How long all of it may take, redirects and body included; no limit when absent. */
  readonly timeLimitMs?: number;
}

/** A fetch, from its first byte or going on where another broke off. */
export interface RemoteWish extends RemoteTarget {
  /** Bytes that are here already, and the strong validator of the file they are of. */
  readonly from?: { readonly offsetBytes: number; readonly validator: string };
}

/** What the head of an answer says. */
export interface RemoteFacts {
  /** Where the answer came from in the end, without user information. */
  readonly url: string;
  readonly redirects: number;
  /** Of the whole file; null where the server does not say. */
  readonly sizeBytes: number | null;
  /** A strong entity tag: with it a broken fetch can be gone on with. */
  readonly validator: string | null;
  /** Null without TLS. */
  readonly peer: RemotePeer | null;
}

/** A file that is about to come. */
export interface RemoteFile extends RemoteFacts {
  /** 0, or the wished offset: a server that does not go on, or whose file has changed, sends all of it. */
  readonly startsAtBytes: number;
  /** The bytes as they are sent: nothing is unpacked. Its sink fails with a `RemoteError`, also where bytes are missing at the end. */
  readonly body: ByteSource;
  /** Ends the connection, whether the body was read or not. Closing twice is harmless. */
  close(): void;
}

/** Fetches from other servers, behind a fence that the operator draws. Each rejection is a `RemoteError`. */
export interface RemoteSource {
  open(wish: RemoteWish): Promise<RemoteFile>;
  /** Asks as `open` does, and lets go of the answer behind its head. */
  probe(target: RemoteTarget): Promise<RemoteFacts>;
}

/** Finds the addresses of names. */
export interface HostResolver {
  /** At least one address; rejects with a `RemoteError` of reason `no-host` where there is none. */
  resolve(host: string): Promise<readonly string[]>;
}
