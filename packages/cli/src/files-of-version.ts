import type { Client, ItemFileInfo } from "@contentlib/client";
import type { VersionPlace } from "./address.ts";

/** The files of an item: those it has now, or those of a content version that is kept. */
export const filesOfVersion = async (
  client: Client,
  { item, version }: VersionPlace,
  signal: AbortSignal,
): Promise<readonly ItemFileInfo[]> =>
  version === null
    ? await client.itemFiles.list({ library_item_id: item.id }, { signal })
    : (await client.itemVersions.get({ library_item: item.id, version }, { signal })).files;
