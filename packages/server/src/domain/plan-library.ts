import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Instant, LibraryId } from "./ids.ts";
import type { Library } from "./library.ts";
import { checkDescription, checkName } from "./names.ts";
import { createPublishInfo, updatePublishInfo } from "./publish-info.ts";
import type { PublishInfoWish } from "./publish-info.ts";
import { chooseStorageBackings } from "./storage-backing.ts";
import type { StorageBackingWish } from "./storage-backing.ts";

/** The members of a library model that a create reads; all others are the server's to set (contract L3, L6). */
export interface LibraryWish {
  readonly name?: string;
  readonly description?: string;
  readonly storageBackings?: readonly StorageBackingWish[];
  readonly publishInfo?: PublishInfoWish;
  readonly optimizeRemotePublishing?: boolean;
  readonly securityPolicyId?: string;
}

/** The members of a library model that an update reads; absent members are left as they are. */
export interface LibraryPatch {
  readonly name?: string;
  readonly description?: string;
  readonly publishInfo?: PublishInfoWish;
  /** The version the client has seen; compared and otherwise unused (contract L10). */
  readonly version?: string;
  readonly securityPolicyId?: string;
}

/** Which service an update came through: they differ in what they change and in how they name a stale version. */
export type LibraryService = "Library" | "LocalLibrary";

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

const refuseSecurityPolicy = (securityPolicyId: string | undefined): FaultValue | null =>
  securityPolicyId === undefined ? null : faultOf("library.unsupported", "security policies");

/** The library that a create of a local library makes (contract L3 to L8, L11), or why there is none. */
export const planLibraryCreate = (input: {
  readonly id: LibraryId;
  readonly wish: LibraryWish;
  readonly now: Instant;
}): Library | FaultValue => {
  const { id, wish, now } = input;
  if (wish.name === undefined) return faultOf("request.missing_member", "name");
  const fault = checkTexts(wish) ?? refuseSecurityPolicy(wish.securityPolicyId);
  if (fault !== null) return fault;
  const storageBackings = chooseStorageBackings(wish.storageBackings);
  if (isFault(storageBackings)) return storageBackings;
  const publishInfo =
    wish.publishInfo === undefined ? undefined : createPublishInfo(wish.publishInfo);
  if (isFault(publishInfo)) return publishInfo;
  return {
    id,
    type: "LOCAL",
    name: wish.name,
    description: wish.description ?? "",
    createdAt: now,
    modifiedAt: now,
    version: 1,
    storageBackings,
    ...(publishInfo === undefined ? {} : { publishInfo }),
    ...(wish.optimizeRemotePublishing === undefined
      ? {}
      : { optimizeRemotePublishing: wish.optimizeRemotePublishing }),
  };
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

/** Only a local library, through its own service, can be asked for by these operations (contract L2). */
export const checkLocal = (library: Library): FaultValue | null =>
  library.type === "LOCAL"
    ? null
    : faultOf("library.wrong_type", library.id, library.type, "LOCAL");

/**
 * The library after an update (contract L6, L8 to L10). An update that changes nothing gives the very same value back, so its
 * version stays; `Library.update` never touches `publish_info`.
 */
export const planLibraryUpdate = (input: {
  readonly library: Library;
  readonly service: LibraryService;
  readonly patch: LibraryPatch;
  readonly now: Instant;
}): Library | FaultValue => {
  const { library, service, patch, now } = input;
  const fault =
    (service === "LocalLibrary" ? checkLocal(library) : null) ??
    checkVersion(library, service, patch.version) ??
    checkTexts(patch) ??
    refuseSecurityPolicy(patch.securityPolicyId);
  if (fault !== null) return fault;
  const publishInfo =
    patch.publishInfo === undefined || service === "Library"
      ? library.publishInfo
      : updatePublishInfo(library.publishInfo, patch.publishInfo);
  if (isFault(publishInfo)) return publishInfo;
  const name = patch.name ?? library.name;
  const description = patch.description ?? library.description;
  const same =
    name === library.name &&
    description === library.description &&
    publishInfo === library.publishInfo;
  if (same) return library;
  return {
    ...library,
    name,
    description,
    ...(publishInfo === undefined ? {} : { publishInfo }),
    version: library.version + 1,
    modifiedAt: Math.max(library.modifiedAt, now),
  };
};
