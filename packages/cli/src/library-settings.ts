import { LibraryError } from "@contentlib/client";
import type { Client, LibrarySettingInfo } from "@contentlib/client";

/** The settings of a library that are not the API's own; null from a server that has none. */
export async function librarySettings(
  client: Client,
  library: string,
  signal: AbortSignal,
): Promise<LibrarySettingInfo | null> {
  if ((await client.serverVersion(signal)) === null) return null;
  try {
    return await client.librarySetting.get({ library }, { signal });
  } catch (error) {
    const isOlder = error instanceof LibraryError && error.class === "operation_not_found";
    if (isOlder) return null;
    throw error;
  }
}
