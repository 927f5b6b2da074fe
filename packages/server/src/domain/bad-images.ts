import type { Library } from "./library.ts";
import { nameKey } from "./names.ts";

const ISO = "iso";

/** Whether a library may refuse bad images to items of the type: for all others nobody needs to look at the library. */
export const canRejectImages = (itemType: string): boolean => nameKey(itemType) === ISO;

/** Whether an item of the type takes no bad images in that library. (S132) */
export const rejectsImages = (
  { rejectsBadImages }: Pick<Library, "rejectsBadImages">,
  itemType: string,
): boolean => rejectsBadImages === true && canRejectImages(itemType);
