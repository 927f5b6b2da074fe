import type { FaultCode } from "@contentlib/contract/vocabulary";
import type { UpdateSessionState } from "./update-session.ts";

/** Everything that can happen to a session: the operations of the API, arriving bytes, the last file that is pulled, time, and its item's end. */
export const UPDATE_SESSION_EVENTS = [
  "get",
  "keep_alive",
  "update",
  "add",
  "remove",
  "validate",
  "bytes",
  "pulled",
  "cancel",
  "fail",
  "complete",
  "delete",
  "timeout",
  "item deleted",
] as const;

export type UpdateSessionEvent = (typeof UPDATE_SESSION_EVENTS)[number];

/** A state, or `COMPLETING`: ACTIVE while a completion is pending, which no wire tells apart. (S110) */
export type UpdateSessionCondition = UpdateSessionState | "COMPLETING";

/** The condition afterwards, `removed` when the record goes, or the fault that refuses the event and changes nothing. */
export type UpdateSessionOutcome = UpdateSessionCondition | "removed" | FaultCode;

type Column = Readonly<Record<UpdateSessionEvent, UpdateSessionOutcome>>;

const ended = (state: "DONE" | "ERROR" | "CANCELED"): Column => ({
  get: state,
  keep_alive: "update_session.invalid_state",
  update: "update_session.invalid_state",
  add: "update_session.invalid_state",
  remove: "update_session.invalid_state",
  validate: "update_session.invalid_state",
  bytes: "transfer.session_ended",
  pulled: state,
  cancel: "update_session.invalid_state",
  fail: "update_session.invalid_state",
  complete: "update_session.invalid_state",
  delete: "removed",
  timeout: state,
  "item deleted": state,
});

/**
 * What each event does to a session in each condition, given arguments that are fine in themselves, and all files here that are not
 * being pulled. The domain's functions are held against every cell by a test, and so is the table in `docs/protocol/update-session.md`.
 */
export const UPDATE_SESSION_TABLE: Readonly<Record<UpdateSessionCondition, Column>> = {
  ACTIVE: {
    get: "ACTIVE",
    keep_alive: "ACTIVE",
    update: "ACTIVE",
    add: "ACTIVE",
    remove: "ACTIVE",
    validate: "ACTIVE",
    bytes: "ACTIVE",
    pulled: "ACTIVE",
    cancel: "CANCELED",
    fail: "ERROR",
    complete: "DONE",
    delete: "update_session.invalid_state",
    timeout: "EXPIRED",
    "item deleted": "CANCELED",
  },
  COMPLETING: {
    get: "COMPLETING",
    keep_alive: "COMPLETING",
    update: "update_session.invalid_state",
    add: "update_session.invalid_state",
    remove: "update_session.invalid_state",
    validate: "update_session.invalid_state",
    bytes: "transfer.completion_pending",
    pulled: "DONE",
    cancel: "CANCELED",
    fail: "ERROR",
    complete: "update_session.invalid_state",
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
    pulled: "EXPIRED",
    cancel: "update_session.expired",
    fail: "update_session.expired",
    complete: "update_session.expired",
    delete: "update_session.expired",
    timeout: "EXPIRED",
    "item deleted": "EXPIRED",
  },
};
