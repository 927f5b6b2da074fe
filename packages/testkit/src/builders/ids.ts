import { createHash } from "node:crypto";
import type {
  AccountId,
  CertificateId,
  DownloadSessionId,
  EntryId,
  GrantId,
  GroupId,
  Instant,
  ItemId,
  LibraryId,
  Sha256,
  StagedId,
  SubscriptionId,
  TokenId,
  UpdateSessionId,
} from "@contentlib/server/domain/ids";

/** The instant at which everything the builders make was created: the first second of 2024, UTC. */
export const BUILT_AT: Instant = 1_704_067_200_000;

let made = 0;

/** A UUID that no other call in this process gives, unless it asks for the same number. */
const uuidOf = (number: number): string =>
  `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;

/** The next number of this process; keeps what the builders make distinct. */
export const nextNumber = (): number => (made += 1);

/** Ids of each kind. The same number gives the same id; without a number the id is fresh. */
export const aLibraryId = (number = nextNumber()): LibraryId => uuidOf(number) as LibraryId;
export const anItemId = (number = nextNumber()): ItemId => uuidOf(number) as ItemId;
export const anUpdateSessionId = (number = nextNumber()): UpdateSessionId =>
  uuidOf(number) as UpdateSessionId;
export const aDownloadSessionId = (number = nextNumber()): DownloadSessionId =>
  uuidOf(number) as DownloadSessionId;
export const aSubscriptionId = (number = nextNumber()): SubscriptionId =>
  uuidOf(number) as SubscriptionId;
export const anAccountId = (number = nextNumber()): AccountId => uuidOf(number) as AccountId;
export const aGroupId = (number = nextNumber()): GroupId => uuidOf(number) as GroupId;
export const aTokenId = (number = nextNumber()): TokenId => uuidOf(number) as TokenId;
export const aGrantId = (number = nextNumber()): GrantId => uuidOf(number) as GrantId;
export const anEntryId = (number = nextNumber()): EntryId => uuidOf(number) as EntryId;
export const aStagedId = (number = nextNumber()): StagedId => uuidOf(number) as StagedId;

/** The SHA-256 of a certificate that nothing else has. */
export const aCertificateId = (): CertificateId => aDigest() as string as CertificateId;

/** The SHA-256 of a text; without one, a digest that nothing else has. */
export const aDigest = (text = `bytes ${String(nextNumber())}`): Sha256 =>
  createHash("sha256").update(text).digest("hex") as Sha256;
