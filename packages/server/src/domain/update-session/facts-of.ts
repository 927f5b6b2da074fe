import type { ActiveUpdateSession, UpdateSessionFacts } from "../update-session.ts";

/** What stays of an ACTIVE session when it ends. */
export const factsOf = ({
  state: _former,
  completing: _over,
  ...facts
}: ActiveUpdateSession): UpdateSessionFacts => facts;
