import { shortMessageOf } from "../../domain/revision.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadItem } from "../item/access.ts";
import { presentTime, presentVersion } from "../present.ts";

/** One entry for each content version that is kept, newest first (contract I21). */
export const listItemChanges =
  ({ catalog }: Pick<Core, "catalog">): Handler<"itemChange.list"> =>
  async ({ library_item }) => {
    const { id } = (await loadItem(catalog, library_item)).value;
    return (await catalog.listRevisions(id)).map(({ contentVersion, at, userName, message }) => ({
      version: presentVersion(contentVersion),
      time: presentTime(at),
      ...(userName === undefined ? {} : { user: userName }),
      ...(message === undefined ? {} : { short_message: shortMessageOf(message) }),
    }));
  };
