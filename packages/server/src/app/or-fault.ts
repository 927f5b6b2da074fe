import type { FaultValue } from "@contentlib/contract/vocabulary";
import { isFault } from "@contentlib/contract/vocabulary";
import { Fault } from "./fault.ts";

/** The outcome of a domain function, or its fault thrown. */
export const orFault = <Outcome>(outcome: Outcome | FaultValue): Outcome => {
  if (isFault(outcome)) throw new Fault(outcome);
  return outcome;
};
