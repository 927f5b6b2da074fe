import type { OperationId } from "@contentlib/contract";
import type { Right } from "@contentlib/contract/vocabulary";
import { OPERATION_RIGHTS } from "@contentlib/contract/vocabulary";
import { parseSubscriptionId } from "../../domain/ids.ts";
import type { Catalog } from "../../ports/index.ts";
import { parseMadeVersion } from "../item-version/made-version.ts";
import { catalogWith } from "../catalog-with.ts";
import { Fault } from "../fault.ts";
import type { Asker, Judge } from "./judge.ts";
import type { ObjectKind } from "./object-finder.ts";

/** What the operations make that answer the same again for the same `client_token`; a subscription lies in its library. */
const MADE_KINDS: ReadonlyMap<string, ObjectKind> = new Map([
  ["localLibrary.create", "library"],
  ["subscribedLibrary.create", "library"],
  ["subscription.create", "library"],
  ["item.create", "item"],
  ["item.copy", "item"],
  ["updateSession.create", "update-session"],
  ["downloadSession.create", "download-session"],
  ["itemVersion.download", "download-session"],
  ["itemVersion.rollback", "item"],
]);

/** The right to make what the operation makes, asked on that itself. */
const rightOnMade = (id: OperationId, kind: ObjectKind): Right => {
  // Of several rights the first is on where it is made: that of a copy on its destination.
  const { privilege, role } = OPERATION_RIGHTS[id];
  const isSession = kind === "update-session" || kind === "download-session";
  const on = { kind, parameter: "made" } as const;
  return { privilege, role, on, ...(isSession ? { others: "nobody" as const } : {}) };
};

/** Where the object lies that was made, by an id that the judge can look at. */
const idOfMade = async (catalog: Catalog, operation: OperationId, id: string): Promise<string> => {
  if (operation === "itemVersion.rollback") return parseMadeVersion(id)?.itemId ?? id;
  if (operation !== "subscription.create") return id;
  const subscriptionId = parseSubscriptionId(id);
  const row = subscriptionId === null ? null : await catalog.findSubscription(subscriptionId);
  return row?.value.libraryId ?? id;
};

/**
 * The catalog, which remembers what a `client_token` made only for who could make that again: naming something else in a second
 * call must not get at what the first one made under a right that is gone.
 */
export const replayingCatalog = (
  inner: Catalog,
  judge: Judge,
  { operation, asker }: { readonly operation: OperationId; readonly asker: Asker },
): Catalog =>
  catalogWith(inner, {
    findClientToken: async (key) => {
      const id = await inner.findClientToken(key);
      const kind = MADE_KINDS.get(operation);
      if (id === null || kind === undefined) return id;
      const made = await idOfMade(inner, operation, id);
      const verdict = await judge.verdictOn(rightOnMade(operation, kind), { made }, asker);
      if (verdict.kind !== "allowed") throw new Fault(verdict.fault);
      return id;
    },
  });
