import type { OperationId } from "@contentlib/contract";
import { OPERATION_METHODS } from "@contentlib/contract/vocabulary";

const IDS = Object.keys(OPERATION_METHODS) as OperationId[];

/** Services whose full name need not be written out: `library.item.create` will do. */
const PREFIXES = ["", "com.vmware.content.", "com.vmware."] as const;

const BY_NAME: ReadonlyMap<string, OperationId> = new Map([
  ...IDS.map((id) => [OPERATION_METHODS[id], id] as const),
  // An operation's own id wins over a shortened name.
  ...IDS.map((id) => [id, id] as const),
]);

/** The operation of this id, e.g. `item.create`, or of this service and method, e.g. `library.item.create`; null where there is none. */
export const operationOf = (name: string): OperationId | null => {
  for (const prefix of PREFIXES) {
    const id = BY_NAME.get(`${prefix}${name}`);
    if (id !== undefined) return id;
  }
  return null;
};
