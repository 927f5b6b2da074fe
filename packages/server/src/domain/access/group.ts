import type { AccountId, GroupId, Instant } from "../ids.ts";

/** Accounts that are granted roles together. */
export interface Group {
  readonly id: GroupId;
  /** Lower-case name, unique among groups. */
  readonly name: string;
  readonly description: string;
  readonly memberIds: readonly AccountId[];
  readonly createdAt: Instant;
}
