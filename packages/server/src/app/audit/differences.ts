import type { AuditChange } from "@contentlib/contract/vocabulary";
import type { Group } from "../../domain/access/group.ts";
import type { Account } from "../../domain/account.ts";
import type { Configuration } from "../../domain/configuration.ts";
import type { DownloadSession } from "../../domain/download-session.ts";
import type { AccountId, GroupId } from "../../domain/ids.ts";
import type { Item } from "../../domain/item.ts";
import type { Library } from "../../domain/library.ts";
import type { WarningType } from "../../domain/package.ts";
import type { Revision } from "../../domain/revision.ts";
import type { Secret } from "../../domain/secret.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { Membership, ToldObject } from "./told-object.ts";

/** What a change made of one thing, for the trail: words, and never a value. */
export interface Difference {
  readonly words: readonly AuditChange[];
  /** Users who joined a group or left it. */
  readonly members: readonly ToldObject[];
}

export const NO_DIFFERENCE: Difference = { words: [], members: [] };

/** The words of those members that are not what they were. Values are compared as what they hold. */
const wordsOf = <Value extends object>(
  before: Value,
  after: Value,
  words: { readonly [Member in keyof Value]?: AuditChange },
): readonly AuditChange[] =>
  (Object.keys(words) as (keyof Value)[]).flatMap((member) => {
    const word = words[member];
    const isSame = JSON.stringify(before[member]) === JSON.stringify(after[member]);
    return word === undefined || isSame ? [] : [word];
  });

const ofWords = (...words: readonly (readonly AuditChange[])[]): Difference => ({
  words: [...new Set(words.flat())],
  members: [],
});

export const accountDifference = (before: Account, after: Account): Difference =>
  ofWords(
    wordsOf(before, after, {
      name: "name",
      description: "description",
      passwordHash: "password",
      isDisabled: after.isDisabled ? "disabled" : "enabled",
    }),
  );

const membership = (
  ids: readonly AccountId[],
  groupId: GroupId,
  relation: Membership["relation"],
): readonly ToldObject[] => ids.map((id) => ({ kind: "user", id, member: { groupId, relation } }));

/** Who joined and who left; a group that is made or deleted takes all its members with it. */
export const membersDifference = (before: Group | null, after: Group | null): Difference => {
  const groupId = (after ?? before)?.id;
  if (groupId === undefined) return NO_DIFFERENCE;
  const [were, are] = [new Set(before?.memberIds), new Set(after?.memberIds)];
  return {
    words: [],
    members: [
      ...membership([...are.difference(were)], groupId, "joined"),
      ...membership([...were.difference(are)], groupId, "left"),
    ],
  };
};

export const groupDifference = (before: Group, after: Group): Difference => {
  const { members } = membersDifference(before, after);
  const words = wordsOf(before, after, { name: "name", description: "description" });
  return { words: [...words, ...(members.length > 0 ? (["members"] as const) : [])], members };
};

const publishingWords = (
  before: Library["publishInfo"],
  after: Library["publishInfo"],
): readonly AuditChange[] => {
  const [was, is] = [before?.published === true, after?.published === true];
  const settings = ({ authenticationMethod, persistJsonEnabled }: Partial<typeof after> & object) =>
    JSON.stringify([authenticationMethod, persistJsonEnabled]);
  const isSet = before !== undefined && settings(before) !== settings(after ?? {});
  return [
    ...(was === is ? [] : [is ? ("published" as const) : ("unpublished" as const)]),
    ...(isSet ? (["publishing"] as const) : []),
    ...(before?.passwordHash === after?.passwordHash ? [] : (["password"] as const)),
  ];
};

const subscribingWords = (
  before: Library["subscriptionInfo"],
  after: Library["subscriptionInfo"],
): readonly AuditChange[] => {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isNewPassword = before?.sealedPassword !== after?.sealedPassword;
  return ["subscription", ...(isNewPassword ? (["password"] as const) : [])];
};

export const libraryDifference = (before: Library, after: Library): Difference =>
  ofWords(
    wordsOf(before, after, {
      name: "name",
      description: "description",
      storageBackings: "storage",
      optimizeRemotePublishing: "publishing",
      securityPolicyId: "security_policy",
    }),
    publishingWords(before.publishInfo, after.publishInfo),
    subscribingWords(before.subscriptionInfo, after.subscriptionInfo),
  );

/** Of a new library nothing was before; that others may read it is worth a word all the same. */
export const newLibraryDifference = ({ publishInfo }: Library): Difference =>
  publishInfo?.published === true ? ofWords(["published"]) : NO_DIFFERENCE;

export const itemDifference = (before: Item, after: Item): Difference =>
  ofWords(wordsOf(before, after, { name: "name", description: "description", type: "type" }));

export const configurationDifference = (before: Configuration, after: Configuration): Difference =>
  ofWords(
    wordsOf(before, after, {
      automaticSyncEnabled: "automatic_sync",
      automaticSyncStartHour: "sync_hours",
      automaticSyncStopHour: "sync_hours",
      maximumConcurrentItemSyncs: "sync_limit",
      maximumConcurrentPulls: "pull_limit",
      maximumConcurrentPullsPerServer: "pull_limit",
    }),
  );

/** Sealing hides whether a password is the one that was there; whoever set the secret again told one. */
export const secretDifference = (before: Secret, after: Secret): Difference =>
  ofWords(["password"], wordsOf(before, after, { origin: "origin" }));

const IGNORED_WORDS = {
  SELF_SIGNED_CERTIFICATE: "ignored_self_signed_certificate",
  EXPIRED_CERTIFICATE: "ignored_expired_certificate",
  NOT_YET_VALID_CERTIFICATE: "ignored_not_yet_valid_certificate",
  UNTRUSTED_CERTIFICATE: "ignored_untrusted_certificate",
} as const satisfies Readonly<Record<WarningType, AuditChange>>;

/** Warnings that a session which goes on is to pass over, as its user says. (S96) */
export const ignoredDifference = ({ state, warningBehavior = [] }: UpdateSession): Difference =>
  state === "ACTIVE"
    ? ofWords(
        warningBehavior.filter(({ ignored }) => ignored).map(({ type }) => IGNORED_WORDS[type]),
      )
    : NO_DIFFERENCE;

/** Warnings that content came to an item with all the same. */
export const acceptedDifference = ({ content }: Revision): Difference =>
  ofWords((content?.accepted ?? []).map(({ type }) => IGNORED_WORDS[type]));

const END_WORDS = {
  DONE: "completed",
  CANCELED: "canceled",
  ERROR: "failed",
  EXPIRED: "expired",
} as const satisfies Readonly<Record<string, AuditChange>>;

/** How a session ended; nothing of one that goes on. */
export const endDifference = ({
  state,
}: Pick<UpdateSession | DownloadSession, "state">): Difference =>
  state === "ACTIVE" ? NO_DIFFERENCE : ofWords([END_WORDS[state]]);
