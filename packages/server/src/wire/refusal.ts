import type { FaultValue } from "@contentlib/contract/vocabulary";

/** A fault that the wire itself finds, where the status is not the one its class usually has. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly fault: FaultValue;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(fault: FaultValue, status: number, headers: Readonly<Record<string, string>> = {}) {
    super(fault.fault);
    this.fault = fault;
    this.status = status;
    this.headers = headers;
  }
}
