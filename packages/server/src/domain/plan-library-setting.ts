import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Library } from "./library.ts";
import { REVISIONS_KEPT_MAX, REVISIONS_KEPT_MIN } from "./revision.ts";

/** An update of the settings of a library; absent members are left as they are. */
export interface LibrarySettingPatch {
  readonly revisionsKept?: number;
  /** True takes the library's own number away. */
  readonly unsetRevisionsKept?: boolean;
  /** Whether items of type iso take no bad images from now on. */
  readonly rejectsBadImages?: boolean;
}

const checkRevisionsKept = (count: number): FaultValue | null =>
  count >= REVISIONS_KEPT_MIN && count <= REVISIONS_KEPT_MAX
    ? null
    : faultOf(
        "library.invalid_property",
        "number of revisions",
        `${count} is not from ${REVISIONS_KEPT_MIN} to ${REVISIONS_KEPT_MAX}`,
      );

const withRevisionsKept = (
  library: Library,
  { revisionsKept, unsetRevisionsKept = false }: LibrarySettingPatch,
): Library | FaultValue => {
  if (revisionsKept !== undefined) {
    if (unsetRevisionsKept)
      return faultOf(
        "library.invalid_property",
        "number of revisions",
        "it is given together with unset_revisions",
      );
    const fault = checkRevisionsKept(revisionsKept);
    if (fault !== null) return fault;
    return library.revisionsKept === revisionsKept ? library : { ...library, revisionsKept };
  }
  const { revisionsKept: former, ...others } = library;
  return former === undefined || !unsetRevisionsKept ? library : others;
};

const withBadImages = (
  library: Library,
  { rejectsBadImages }: Pick<LibrarySettingPatch, "rejectsBadImages">,
): Library => {
  const { rejectsBadImages: former = false, ...others } = library;
  if (rejectsBadImages === undefined || rejectsBadImages === former) return library;
  return rejectsBadImages ? { ...others, rejectsBadImages } : others;
};

/**
 * The library after an update of its settings; the very same value where nothing changes. They are none of the API's properties, so
 * that neither its version nor the time of its last change moves (contract L8).
 */
export const planLibrarySettingUpdate = (
  library: Library,
  patch: LibrarySettingPatch,
): Library | FaultValue => {
  const after = withRevisionsKept(library, patch);
  return isFault(after) ? after : withBadImages(after, patch);
};
