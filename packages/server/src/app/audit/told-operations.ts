import { OPERATION_RIGHTS, TRAIL_OPERATIONS } from "@contentlib/contract/vocabulary";

const TOLD: ReadonlySet<string> = new Set([...Object.keys(OPERATION_RIGHTS), ...TRAIL_OPERATIONS]);

/** Whether a row of the trail can be of that operation. */
export const isToldOperation = (operation: string): boolean => TOLD.has(operation);
