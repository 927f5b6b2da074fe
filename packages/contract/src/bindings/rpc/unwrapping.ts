import { shortened } from "../../vocabulary/echo.ts";
import { faultOf, type FaultCode, type FaultValue } from "../../vocabulary/faults.ts";

/** What a decoder returns in place of a value when it has found a fault. */
export const FAILED: unique symbol = Symbol("failed");

/** The state of unwrapping one value: its first fault. */
export class Unwrapping {
  /** Whether set members that nobody knows are left out, as readers of answers do, and not refused. */
  readonly skipsUnknown: boolean;
  #fault: FaultValue | undefined;

  constructor(skipsUnknown: boolean) {
    this.skipsUnknown = skipsUnknown;
  }

  get fault(): FaultValue | undefined {
    return this.#fault;
  }

  fail(code: FaultCode, ...args: readonly string[]): typeof FAILED {
    this.#fault ??= faultOf(code, ...args.map(shortened));
    return FAILED;
  }

  /** Fails because the value at the path is not what is expected there. */
  unexpected(path: string, expected: string, found: string): typeof FAILED {
    return this.fail(
      "request.invalid_member",
      path === "" ? "the input" : path,
      `${expected} is expected, not ${found}`,
    );
  }
}

/** Turns the value of a member into what the other wires would have sent for it. `path` names the member for people. */
export type Decoder = (value: unknown, path: string, unwrapping: Unwrapping) => unknown;
