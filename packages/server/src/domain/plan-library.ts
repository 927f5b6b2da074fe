import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Instant, LibraryId } from "./ids.ts";
import type { Library } from "./library.ts";
import { checkDescription, checkName } from "./names.ts";
import { createPublishInfo, updatePublishInfo } from "./publish-info.ts";
import type { PublishInfoWish, PublishSecrets } from "./publish-info.ts";
import { securityPolicyAfter, withSecurityPolicy } from "./security-policy.ts";
import { chooseStorageBackings } from "./storage-backing.ts";
import type { StorageBackingWish } from "./storage-backing.ts";
import { createSubscriptionInfo, updateSubscriptionInfo } from "./subscription-info.ts";
import type { SubscriptionInfoWish } from "./subscription-info.ts";

/** The members of a library model that creates of both kinds read; all others are the server's to set (contract L3, L6). */
interface NewLibraryWish {
  readonly name?: string;
  readonly description?: string;
  readonly storageBackings?: readonly StorageBackingWish[];
  readonly optimizeRemotePublishing?: boolean;
  readonly securityPolicyId?: string;
}

/** What a new local library is asked to be. */
export interface LibraryWish extends NewLibraryWish {
  readonly publishInfo?: PublishInfoWish;
}

/** What a new subscribed library is asked to be. */
export interface SubscribedLibraryWish extends NewLibraryWish {
  readonly subscriptionInfo?: SubscriptionInfoWish;
}

/** What every create of a library is decided on. */
interface NewLibrary<Wish> {
  readonly id: LibraryId;
  readonly wish: Wish;
  readonly secrets?: LibrarySecrets;
  /** Ids of datastores that stand for the default place; where there are none, every id does. */
  readonly datastores: readonly string[];
  readonly now: Instant;
}

/** What ports made of the passwords of a wish, before the decision. */
export interface LibrarySecrets extends PublishSecrets {
  /** The new password for the publisher, sealed. */
  readonly sealedPassword?: string;
}

/** The members of a library model that an update reads; absent members are left as they are. */
export interface LibraryPatch {
  readonly name?: string;
  readonly description?: string;
  readonly publishInfo?: PublishInfoWish;
  readonly subscriptionInfo?: SubscriptionInfoWish;
  /** The version the client has seen; compared and otherwise unused (contract L10). */
  readonly version?: string;
  /** Null takes the policy away. */
  readonly securityPolicyId?: string | null;
}

/** Which service an update came through: they differ in what they change and in how they name a stale version. */
export type LibraryService = "Library" | "LocalLibrary" | "SubscribedLibrary";

const checkTexts = (texts: {
  readonly name?: string;
  readonly description?: string;
}): FaultValue | null => {
  const nameReason = texts.name === undefined ? null : checkName(texts.name);
  if (nameReason !== null) return faultOf("library.invalid_property", "name", nameReason);
  const descriptionReason =
    texts.description === undefined ? null : checkDescription(texts.description);
  return descriptionReason === null
    ? null
    : faultOf("library.invalid_property", "description", descriptionReason);
};

/** What new libraries of both kinds have in common. */
const planNewLibrary = (
  { id, wish, datastores, now }: NewLibrary<NewLibraryWish>,
  type: Library["type"],
): Library | FaultValue => {
  if (wish.name === undefined) return faultOf("request.missing_member", "name");
  const fault = checkTexts(wish);
  if (fault !== null) return fault;
  const securityPolicyId = securityPolicyAfter(undefined, wish.securityPolicyId);
  if (isFault(securityPolicyId)) return securityPolicyId;
  const storageBackings = chooseStorageBackings(wish.storageBackings, datastores);
  if (isFault(storageBackings)) return storageBackings;
  return {
    id,
    type,
    name: wish.name,
    description: wish.description ?? "",
    createdAt: now,
    modifiedAt: now,
    version: 1,
    storageBackings,
    ...(wish.optimizeRemotePublishing === undefined
      ? {}
      : { optimizeRemotePublishing: wish.optimizeRemotePublishing }),
    ...(securityPolicyId === undefined ? {} : { securityPolicyId }),
  };
};

/** The library that a create of a local library makes (contract L3 to L8, L11), or why there is none. */
export const planLibraryCreate = (input: NewLibrary<LibraryWish>): Library | FaultValue => {
  const { wish, secrets = {} } = input;
  const library = planNewLibrary(input, "LOCAL");
  if (isFault(library) || wish.publishInfo === undefined) return library;
  const publishInfo = createPublishInfo(wish.publishInfo, secrets);
  return isFault(publishInfo) ? publishInfo : { ...library, publishInfo };
};

/** The library that a create of a subscribed library makes (contract L3 to L8, L22), or why there is none. */
export const planSubscribedLibraryCreate = (
  input: NewLibrary<SubscribedLibraryWish>,
): Library | FaultValue => {
  const { wish, secrets = {} } = input;
  const library = planNewLibrary(input, "SUBSCRIBED");
  if (isFault(library)) return library;
  if (wish.subscriptionInfo === undefined)
    return faultOf("request.missing_member", "subscription_info");
  const subscriptionInfo = createSubscriptionInfo(wish.subscriptionInfo, secrets.sealedPassword);
  return isFault(subscriptionInfo) ? subscriptionInfo : { ...library, subscriptionInfo };
};

const checkVersion = (
  library: Library,
  service: LibraryService,
  version: string | undefined,
): FaultValue | null => {
  const present = String(library.version);
  if (version === undefined || version === present) return null;
  const code = service === "Library" ? "library.stale_version_argument" : "library.stale_version";
  return faultOf(code, library.id, present, version);
};

const checkType = (library: Library, type: Library["type"]): FaultValue | null =>
  library.type === type ? null : faultOf("library.wrong_type", library.id, library.type, type);

/** Only a local library can be asked for by its own service, published, or filled by hand (contract L2). */
export const checkLocal = (library: Library): FaultValue | null => checkType(library, "LOCAL");

/** Only a subscribed library can be asked for by its own service, synchronized or evicted (contract L2). */
export const checkSubscribed = (library: Library): FaultValue | null =>
  checkType(library, "SUBSCRIBED");

const KINDS = {
  Library: () => null,
  LocalLibrary: checkLocal,
  SubscribedLibrary: checkSubscribed,
} as const satisfies Readonly<Record<LibraryService, (library: Library) => FaultValue | null>>;

/** The part of a library that only the service of its kind changes. */
type OwnPart = Pick<Library, "publishInfo" | "subscriptionInfo">;

const updateOwnPart = (
  library: Library,
  service: LibraryService,
  told: { readonly patch: LibraryPatch; readonly secrets: LibrarySecrets },
): OwnPart | FaultValue => {
  const { patch, secrets } = told;
  if (service === "LocalLibrary" && patch.publishInfo !== undefined) {
    const publishInfo = updatePublishInfo(library.publishInfo, patch.publishInfo, secrets);
    if (publishInfo === undefined || isFault(publishInfo)) return publishInfo ?? {};
    return { publishInfo };
  }
  const { subscriptionInfo: present } = library;
  if (
    service !== "SubscribedLibrary" ||
    patch.subscriptionInfo === undefined ||
    present === undefined
  )
    return library;
  const { sealedPassword } = secrets;
  const subscriptionInfo = updateSubscriptionInfo(present, patch.subscriptionInfo, sealedPassword);
  return isFault(subscriptionInfo) ? subscriptionInfo : { subscriptionInfo };
};

/**
 * The library after an update (contract L6, L8 to L10). An update that changes nothing gives the very same value back, so its
 * version stays; `Library.update` never touches `publish_info` and `subscription_info`.
 */
export const planLibraryUpdate = (input: {
  readonly library: Library;
  readonly service: LibraryService;
  readonly patch: LibraryPatch;
  readonly secrets?: LibrarySecrets;
  readonly now: Instant;
}): Library | FaultValue => {
  const { library, service, patch, secrets = {}, now } = input;
  const fault =
    KINDS[service](library) ?? checkVersion(library, service, patch.version) ?? checkTexts(patch);
  if (fault !== null) return fault;
  const securityPolicyId = securityPolicyAfter(library.securityPolicyId, patch.securityPolicyId);
  if (isFault(securityPolicyId)) return securityPolicyId;
  const own = updateOwnPart(library, service, { patch, secrets });
  if (isFault(own)) return own;
  const { publishInfo, subscriptionInfo } = own;
  const name = patch.name ?? library.name;
  const description = patch.description ?? library.description;
  const same =
    name === library.name &&
    description === library.description &&
    publishInfo === library.publishInfo &&
    subscriptionInfo === library.subscriptionInfo &&
    securityPolicyId === library.securityPolicyId;
  if (same) return library;
  return {
    ...withSecurityPolicy(library, securityPolicyId),
    name,
    description,
    ...(publishInfo === undefined ? {} : { publishInfo }),
    ...(subscriptionInfo === undefined ? {} : { subscriptionInfo }),
    version: library.version + 1,
    modifiedAt: Math.max(library.modifiedAt, now),
  };
};
