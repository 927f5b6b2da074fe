import type { AccountId, Instant } from "./ids.ts";

/** A user of the server. The password is kept as an encoded argon2id hash with its parameters. */
export interface Account {
  readonly id: AccountId;
  /** Lower-case name without a domain, e.g. `administrator`. */
  readonly name: string;
  readonly passwordHash: string;
  readonly createdAt: Instant;
}

/** A login (the API's session). Only the SHA-256 of its id is kept. */
export interface Login {
  readonly idHash: string;
  readonly accountId: AccountId;
  readonly createdAt: Instant;
  readonly lastAccessedAt: Instant;
}

/** A revocable token that stands for a login at the two login calls (`Authorization: Bearer`); kept as its SHA-256. */
export interface AccessToken {
  readonly hash: string;
  readonly accountId: AccountId;
  /** What it was made for, e.g. `profile of the server's own user`. */
  readonly label: string;
  readonly createdAt: Instant;
}
