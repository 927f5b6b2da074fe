import type {
  AttemptLimiter,
  BlobStore,
  Catalog,
  Clock,
  EndpointSigner,
  IdSource,
  Journal,
  PasswordHasher,
  SecretDigest,
} from "../ports/index.ts";

/** The application's way out. Each operation names the members it needs with `Pick`. */
export interface Ports {
  readonly catalog: Catalog;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly hasher: PasswordHasher;
  readonly digest: SecretDigest;
  readonly signer: EndpointSigner;
  readonly attempts: AttemptLimiter;
  readonly journal: Journal;
}

/** Times the operator sets, in milliseconds. */
export interface Settings {
  /** Life of an update or download session without activity. (S27) */
  readonly sessionTimeoutMs: number;
  /** How long an ended session can still be read. */
  readonly sessionRetentionMs: number;
  /** Life of a login without use. */
  readonly loginIdleMs: number;
  /** Life of a login, however much it is used. */
  readonly loginAbsoluteMs: number;
}
