import { isFault } from "@contentlib/contract/vocabulary";
import type { ItemId } from "../../domain/ids.ts";
import { originOf } from "../../domain/secret.ts";
import type { FileWish } from "../../domain/session-file/wish.ts";
import type { Call } from "../call.ts";
import type { Core } from "../core.ts";
import { orFault } from "../or-fault.ts";

/**
 * Refuses a source before anything is kept of it: one that names a secret which is not there or goes elsewhere, and one on this machine
 * where the caller may not see how the item is stored (S118, S119). Which server may be reached, the fetch finds out.
 */
export const checkSource = async (
  { access, secrets }: Pick<Core, "access" | "secrets">,
  { source }: FileWish,
  { itemId, call }: { readonly itemId: ItemId; readonly call: Call },
): Promise<void> => {
  if (source === undefined || isFault(source)) return;
  const { url, secret } = source;
  if (secret !== undefined) orFault(await secrets.loginFor(secret, url));
  if (originOf(url) !== null) return;
  await access.expect("itemStorage.list", { library_item_id: itemId }, call.caller);
};
