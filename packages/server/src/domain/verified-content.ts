import type { Item } from "./item.ts";
import type { VerifiedContent } from "./package.ts";

/** The item, which says of its present content what was found out about it. (S97) */
export const withContent = (item: Item, content: VerifiedContent | undefined): Item => {
  const { verification: _former, ...others } = item;
  const verification = content?.verification ?? null;
  return verification === null ? others : { ...others, verification: verification.status };
};
