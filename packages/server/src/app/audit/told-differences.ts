import { AUDIT_CHANGES } from "@contentlib/contract/vocabulary";
import { DEFAULT_CONFIGURATION } from "../../domain/configuration.ts";
import type { CatalogReader, Change, ChangeSet, Rev, Row } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import type { Difference } from "./differences.ts";
import {
  acceptedDifference,
  accountDifference,
  configurationDifference,
  endDifference,
  groupDifference,
  ignoredDifference,
  itemDifference,
  libraryDifference,
  membersDifference,
  newLibraryDifference,
  NO_DIFFERENCE,
  secretDifference,
} from "./differences.ts";

/** What is read to tell what a change changes. */
export type BeforeReader = Pick<
  CatalogReader,
  "findAccount" | "findGroup" | "findLibrary" | "findItem" | "findSecret" | "findConfiguration"
>;

/**
 * The row that a change replaces. It is compared only where it is the one the change was decided on: else the commit clashes, and
 * what is told of it is told to nobody.
 */
const replaced = async <Value>(
  rev: Rev | null,
  read: () => Promise<Row<Value> | null>,
): Promise<Value | null> => {
  if (rev === null) return null;
  const row = await read();
  return row?.rev === rev ? row.value : null;
};

const against = <Value>(before: Value | null, compare: (before: Value) => Difference): Difference =>
  before === null ? NO_DIFFERENCE : compare(before);

/** Whoever fills an item leaves all else of it alone, so that its files need not be read, of which there may be thousands. */
const isFilled = (changes: ChangeSet): boolean =>
  changes.some(({ kind }) => kind === "revision.put");

const FILLED: Difference = { words: ["files"], members: [] };

/** What one change of a set makes of what was there before. Nothing is read for the bytes of files and for keeping alive. */
const differenceOf = async (
  change: Change,
  changes: ChangeSet,
  reader: BeforeReader,
): Promise<Difference> => {
  switch (change.kind) {
    case "account.put": {
      const { account, rev } = change;
      const before = await replaced(rev, () => reader.findAccount(account.id));
      return against(before, (was) => accountDifference(was, account));
    }
    case "group.put": {
      const { group, rev } = change;
      if (rev === null) return membersDifference(null, group);
      const before = await replaced(rev, () => reader.findGroup(group.id));
      return against(before, (was) => groupDifference(was, group));
    }
    case "group.delete": {
      const before = await replaced(change.rev, () => reader.findGroup(change.id));
      return membersDifference(before, null);
    }
    case "library.put": {
      const { library, rev } = change;
      if (rev === null) return newLibraryDifference(library);
      const before = await replaced(rev, () => reader.findLibrary(library.id));
      return against(before, (was) => libraryDifference(was, library));
    }
    case "item.put": {
      const { item, rev } = change;
      if (rev === null) return NO_DIFFERENCE;
      if (isFilled(changes)) return FILLED;
      const before = await replaced(rev, () => reader.findItem(item.id));
      return against(before, (was) => itemDifference(was, item));
    }
    case "configuration.put": {
      const before = (await reader.findConfiguration())?.value ?? DEFAULT_CONFIGURATION;
      return configurationDifference(before, change.configuration);
    }
    case "secret.put": {
      const { secret } = change;
      return against(await reader.findSecret(secret.name), (was) => secretDifference(was, secret));
    }
    case "subscription.put":
      return change.rev === null ? NO_DIFFERENCE : { words: ["placement"], members: [] };
    case "session.create":
      return ignoredDifference(change.session);
    case "session.put": {
      const { session } = change;
      return session.state === "ACTIVE" ? ignoredDifference(session) : endDifference(session);
    }
    case "download.put":
      return endDifference(change.session);
    case "revision.put":
      return acceptedDifference(change.revision);
    default:
      return NO_DIFFERENCE;
  }
};

/**
 * What a change set changes of things, each word once and in the order of the vocabulary. What can not be read is not told: nobody's
 * change is to fail for it.
 */
export const toldDifferences = async (
  changes: ChangeSet,
  reader: BeforeReader,
): Promise<Difference> => {
  const found: Difference[] = [];
  for (const change of changes)
    try {
      found.push(await differenceOf(change, changes, reader));
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
    }
  const words = new Set(found.flatMap((difference) => difference.words));
  return {
    words: AUDIT_CHANGES.filter((word) => words.has(word)),
    members: found.flatMap((difference) => difference.members),
  };
};
