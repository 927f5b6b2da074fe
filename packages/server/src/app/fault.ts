import type { FaultCode, FaultValue } from "@contentlib/contract/vocabulary";
import { messageOf } from "@contentlib/contract/vocabulary";

/** An expected error on its way to the wire: the first value says what happened, later ones why. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly values: readonly FaultValue[];

  constructor(values: FaultValue | readonly FaultValue[], cause?: unknown) {
    const list = Array.isArray(values) ? (values as readonly FaultValue[]) : [values as FaultValue];
    super(list.map((value) => messageOf(value).default_message).join(" "), { cause });
    this.values = list;
  }

  get code(): FaultCode {
    const first = this.values[0];
    return first === undefined ? "server.internal" : first.fault;
  }
}
