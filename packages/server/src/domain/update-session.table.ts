import type { FaultCode } from "@contentlib/contract/vocabulary";
import type { UpdateSessionState } from "./update-session.ts";

/** Everything that can happen to a session: the operations of the API, arriving bytes, time, and its item's end. */
export const UPDATE_SESSION_EVENTS = [
  "get",
  "keep_alive",
  "update",
  "add",
  "remove",
  "validate",
  "bytes",
  "cancel",
  "fail",
  "complete",
  "delete",
  "timeout",
  "item deleted",
] as const;

export type UpdateSessionEvent = (typeof UPDATE_SESSION_EVENTS)[number];

/** The state afterwards, `removed` when the record goes, or the fault that refuses the event and changes nothing. */
export type UpdateSessionOutcome = UpdateSessionState | "removed" | FaultCode;

type Column = Readonly<Record<UpdateSessionEvent, UpdateSessionOutcome>>;

const ended = (state: "DONE" | "ERROR" | "CANCELED"): Column => ({
  get: state,
  keep_alive: "update_session.invalid_state",
  update: "update_session.invalid_state",
  add: "update_session.invalid_state",
  remove: "update_session.invalid_state",
  validate: "update_session.invalid_state",
  bytes: "transfer.session_ended",
  cancel: "update_session.invalid_state",
  fail: "update_session.invalid_state",
  complete: "update_session.invalid_state",
  delete: "removed",
  timeout: state,
  "item deleted": state,
});

/**
 * What each event does to a session in each state, given arguments that are fine in themselves. The domain's functions are held
 * against every cell by a test, and so is the table in `docs/protocol/update-session.md`.
 */
export const UPDATE_SESSION_TABLE: Readonly<Record<UpdateSessionState, Column>> = {
  ACTIVE: {
    get: "ACTIVE",
    keep_alive: "ACTIVE",
    update: "ACTIVE",
    add: "ACTIVE",
    remove: "ACTIVE",
    validate: "ACTIVE",
    bytes: "ACTIVE",
    cancel: "CANCELED",
    fail: "ERROR",
    complete: "DONE",
    delete: "update_session.invalid_state",
    timeout: "EXPIRED",
    "item deleted": "CANCELED",
  },
  DONE: ended("DONE"),
  ERROR: ended("ERROR"),
  CANCELED: ended("CANCELED"),
  EXPIRED: {
    get: "update_session.expired",
    keep_alive: "update_session.expired",
    update: "update_session.expired",
    add: "update_session.expired",
    remove: "update_session.expired",
    validate: "update_session.expired",
    bytes: "transfer.unknown_endpoint",
    cancel: "update_session.expired",
    fail: "update_session.expired",
    complete: "update_session.expired",
    delete: "update_session.expired",
    timeout: "EXPIRED",
    "item deleted": "EXPIRED",
  },
};
