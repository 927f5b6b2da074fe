declare const brand: unique symbol;

/** A value of type `Base` that only a parser or an `IdSource` makes. */
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Identifiers on the wire: lower-case UUIDs (contract U2, I). */
export type LibraryId = Branded<string, "LibraryId">;
export type ItemId = Branded<string, "ItemId">;
export type UpdateSessionId = Branded<string, "UpdateSessionId">;
export type DownloadSessionId = Branded<string, "DownloadSessionId">;
export type SubscriptionId = Branded<string, "SubscriptionId">;
export type GroupId = Branded<string, "GroupId">;
export type TokenId = Branded<string, "TokenId">;
export type GrantId = Branded<string, "GrantId">;
export type AccountId = Branded<string, "AccountId">;

/** Names one adding of one file to an update session: adding the name again makes a new one. */
export type EntryId = Branded<string, "EntryId">;

/** Names the staged bytes of one transfer, unique for ever: one writer, one staged id. */
export type StagedId = Branded<string, "StagedId">;

/** SHA-256 of a blob's bytes, 64 lower-case hexadecimal digits; the blob's name in the store. */
export type Sha256 = Branded<string, "Sha256">;

/** SHA-256 of a certificate's DER bytes, 64 lower-case hexadecimal digits; the certificate's id (contract L24). */
export type CertificateId = Branded<string, "CertificateId">;

/** A point in time, in milliseconds since 1970 (UTC). */
export type Instant = number;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SHA256 = /^[0-9a-f]{64}$/;

const parseUuid = (text: string): string | null => {
  const lower = text.toLowerCase();
  return UUID.test(lower) ? lower : null;
};

/** Each `parse…` gives the branded id, or null where the text can not name anything. */
export const parseLibraryId = (text: string): LibraryId | null =>
  parseUuid(text) as LibraryId | null;
export const parseItemId = (text: string): ItemId | null => parseUuid(text) as ItemId | null;
export const parseUpdateSessionId = (text: string): UpdateSessionId | null =>
  parseUuid(text) as UpdateSessionId | null;
export const parseDownloadSessionId = (text: string): DownloadSessionId | null =>
  parseUuid(text) as DownloadSessionId | null;
export const parseSubscriptionId = (text: string): SubscriptionId | null =>
  parseUuid(text) as SubscriptionId | null;
export const parseGroupId = (text: string): GroupId | null => parseUuid(text) as GroupId | null;
export const parseTokenId = (text: string): TokenId | null => parseUuid(text) as TokenId | null;
export const parseGrantId = (text: string): GrantId | null => parseUuid(text) as GrantId | null;
export const parseAccountId = (text: string): AccountId | null =>
  parseUuid(text) as AccountId | null;
export const parseStagedId = (text: string): StagedId | null => parseUuid(text) as StagedId | null;
export const parseEntryId = (text: string): EntryId | null => parseUuid(text) as EntryId | null;
export const parseSha256 = (text: string): Sha256 | null =>
  SHA256.test(text) ? (text as Sha256) : null;
export const parseCertificateId = (text: string): CertificateId | null => {
  const lower = text.toLowerCase();
  return SHA256.test(lower) ? (lower as CertificateId) : null;
};

/** A `client_token` must be a UUID (contract U6); null otherwise. */
export const parseClientToken = (text: string): string | null => parseUuid(text);
