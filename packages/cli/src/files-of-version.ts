import type { Client, ItemFileInfo } from "@contentlib/client";
import type { VersionPlace } from "./address.ts";
import { namingPlace } from "./named-refusal.ts";

/** The files of an item: those it has now, or those of a content version that is kept. */
export const filesOfVersion = async (
  client: Client,
  place: VersionPlace,
  signal: AbortSignal,
): Promise<readonly ItemFileInfo[]> =>
  await namingPlace(place, async () => {
    const { item, version } = place;
    if (version === null)
      return await client.itemFile.list({ library_item_id: item.id }, { signal });
    return (await client.itemVersion.get({ library_item: item.id, version }, { signal })).files;
  });
