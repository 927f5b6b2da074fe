import { shownFiles } from "../../domain/item.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { loadItem } from "../item/access.ts";
import { presentItemFile } from "../item-file/access.ts";
import { presentTime, presentVersion } from "../present.ts";
import { loadRevision } from "./access.ts";

export const getItemVersion =
  ({ catalog }: Pick<Core, "catalog">): Handler<"itemVersion.get"> =>
  async ({ library_item, version }) => {
    const item = (await loadItem(catalog, library_item)).value;
    const revision = await loadRevision(catalog, item, version);
    return {
      version: presentVersion(revision.contentVersion),
      current: revision.contentVersion === item.contentVersion,
      time: presentTime(revision.at),
      ...given({ user: revision.userName, message: revision.message }),
      files: shownFiles(revision.files).map(presentItemFile),
    };
  };
