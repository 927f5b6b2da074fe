import type { FaultClass } from "./fault-class.ts";

/** What the catalogue says of one fault. */
export interface FaultEntry {
  /** The API's standard error class; it decides the status on each wire. */
  readonly class: FaultClass;
  /** The message id on the wire; clients may look it up, so it never changes. */
  readonly id: string;
  /** The text, with `{0}`, `{1}`, ... for its arguments. It says what is wrong and, where it can, what to do. */
  readonly text: string;
  /** Whether sending the same request again can help: never, or later once something else has ended. */
  readonly retry: "never" | "later";
}
