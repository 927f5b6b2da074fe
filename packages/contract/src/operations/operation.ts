import type { z } from "zod";
import type { FaultClass } from "../vocabulary/fault-class.ts";
import type { OperationRight } from "../vocabulary/right.ts";

/**
 * One operation of the API, or one that this server adds to it, as plain data. Its `input` is an object whose members are the parameters of the API's method, by
 * their own names (`create_spec`, `update_session_id`, `client_token`); where each travels is the bindings' affair.
 */
export interface Operation {
  /** `noun.verb`; for ever. */
  readonly id: string;
  /** The API's service, e.g. `com.vmware.content.library.item.update_session`. */
  readonly service: string;
  /** The API's name of the operation within its service, e.g. `keep_alive`. */
  readonly method: string;
  /** What it does, in one or two sentences. */
  readonly summary: string;
  /** Whether repeating is harmless: decides retries and is checked against the verbs. */
  readonly effect: "safe" | "idempotent" | "once";
  /** What the caller needs for it. */
  readonly right: OperationRight;
  /** The parameters, by their names. */
  readonly input: z.ZodObject;
  /** The result; nothing where it is void. */
  readonly output: z.ZodType;
  /** Classes this operation declares beside the implicit ones. */
  readonly faults: readonly FaultClass[];
  /**
   * `ours`: this server adds it to the API; `later`: a later release of the API than 8.0.2 added it; `undescribed`: clients of the API
   * call it, and its descriptions do not have it; absent for all others.
   */
  readonly origin?: "ours" | "later" | "undescribed";
  /** The answer is a stream of structures of `output`, which goes on until one side ends it. */
  readonly stream?: true;
}
