import type {
  AttemptLimiter,
  BlobStore,
  Catalog,
  CertificateReader,
  Clock,
  DeedScope,
  EndpointSigner,
  IdSource,
  ItemTypes,
  Journal,
  LocalSource,
  PasswordHasher,
  RemoteSource,
  SecretDigest,
  SecretSeal,
} from "../ports/index.ts";

/** The application's way out. Each operation names the members it needs with `Pick`. */
export interface Ports {
  readonly catalog: Catalog;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly hasher: PasswordHasher;
  readonly digest: SecretDigest;
  readonly seal: SecretSeal;
  readonly signer: EndpointSigner;
  readonly attempts: AttemptLimiter;
  readonly certificates: CertificateReader;
  readonly itemTypes: ItemTypes;
  readonly remote: RemoteSource;
  readonly local: LocalSource;
  readonly journal: Journal;
  readonly deeds: DeedScope;
}

/** What the operator sets; times in milliseconds. */
export interface Settings {
  /** Life of an update or download session without activity. (S27) */
  readonly sessionTimeoutMs: number;
  /** How long an ended session can still be read. */
  readonly sessionRetentionMs: number;
  /** Life of a login without use. */
  readonly loginIdleMs: number;
  /** Life of a login, however much it is used. */
  readonly loginAbsoluteMs: number;
  /** How many content versions of an item are kept with their files, the present one among them. */
  readonly revisionsKept: number;
  /** Ids of datastores that stand for the default place; where there are none, every id does. */
  readonly datastores: readonly string[];
  /** How long bytes outlive a session that was not ended on purpose; 0 keeps none. (S84) */
  readonly partialTtlMs: number;
  /** How long rows of the audit trail are kept. */
  readonly auditKeptMs: number;
}
