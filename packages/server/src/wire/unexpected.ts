import type { FaultValue } from "@contentlib/contract/vocabulary";
import { faultOf } from "@contentlib/contract/vocabulary";
import { PortError } from "../ports/index.ts";

/** What the sentence of a full storage names where no single file is meant. */
const CATALOG = "the catalog";

/**
 * What callers see of an error that nothing above the ports expected: a full disk by its name, since only people can help there,
 * and of everything else no more than where the log says it. (S68)
 */
export const unexpectedFault = (error: unknown, requestId: string): FaultValue =>
  error instanceof PortError && error.kind === "full"
    ? faultOf("server.storage_full", CATALOG)
    : faultOf("server.internal", requestId);
