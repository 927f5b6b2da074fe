import type { Instant, UpdateSessionId } from "../../../domain/ids.ts";
import type { Statements } from "./connection.ts";

/** The open transaction that a change is applied in. */
export interface Transaction {
  readonly connection: Statements;
  /** The instant of the commit. */
  readonly at: Instant;
  /** Update sessions that this change set ended; their pins lapse when the set has been applied. */
  readonly endedSessions: Set<UpdateSessionId>;
}
