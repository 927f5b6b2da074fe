import type { AccountId, Instant, TokenId } from "./ids.ts";

/** A user of the server, a person or a pipeline. */
export interface Account {
  readonly id: AccountId;
  /** Lower-case name without a domain, e.g. `administrator`. */
  readonly name: string;
  /** Encoded argon2id hash with its parameters; absent for an account that logs in by its tokens only. */
  readonly passwordHash?: string;
  /** Whom or what the account stands for, in the words of whoever made it. */
  readonly description: string;
  /** A disabled account keeps its tokens and grants, and nothing of it is let in. */
  readonly isDisabled: boolean;
  readonly createdAt: Instant;
}

/** A login (the API's session). Only the SHA-256 of its id is kept. */
export interface Login {
  readonly idHash: string;
  readonly accountId: AccountId;
  /** The token it was made with; absent after a login by password. */
  readonly tokenId?: TokenId;
  readonly createdAt: Instant;
  readonly lastAccessedAt: Instant;
}

/** A revocable token that stands for its account in every login there is; kept as its SHA-256. */
export interface AccessToken {
  readonly id: TokenId;
  readonly hash: string;
  readonly accountId: AccountId;
  /** What it was made for, e.g. `nightly images`; unique among the tokens of its account. */
  readonly label: string;
  readonly createdAt: Instant;
  /** From this instant on it is refused; absent when it never expires. */
  readonly expiresAt?: Instant;
  /** It was given grants of its own once: it never does more than they say, also when the last of them went with its library. */
  readonly isCutDown?: true;
}
