import type { LibraryModel } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import { parseLibraryId } from "../../domain/ids.ts";
import type { Library, StorageBacking } from "../../domain/library.ts";
import { checkLocal } from "../../domain/plan-library.ts";
import type { CatalogReader, Row } from "../../ports/index.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { presentTime, presentVersion } from "../present.ts";

export const loadLibrary = async (
  catalog: Pick<CatalogReader, "findLibrary">,
  idText: string,
): Promise<Row<Library>> => {
  const id = parseLibraryId(idText);
  const row = id === null ? null : await catalog.findLibrary(id);
  if (row === null) throw new Fault(faultOf("library.not_found", idText));
  return row;
};

/** A local library; one of another kind is the caller's mistake, not a missing one (contract L2). */
export const loadLocalLibrary = async (
  catalog: Pick<CatalogReader, "findLibrary">,
  idText: string,
): Promise<Row<Library>> => {
  const row = await loadLibrary(catalog, idText);
  const wrongKind = checkLocal(row.value);
  if (wrongKind !== null) throw new Fault(wrongKind);
  return row;
};

export const presentStorageBacking = (
  backing: StorageBacking,
): LibraryModel["storage_backings"][number] =>
  backing.type === "DATASTORE"
    ? { type: "DATASTORE", datastore_id: backing.datastoreId }
    : {
        type: "OTHER",
        ...(backing.storageUri === undefined ? {} : { storage_uri: backing.storageUri }),
      };

export const presentLibrary = (core: Pick<Core, "server">, library: Library): LibraryModel => ({
  id: library.id,
  name: library.name,
  description: library.description,
  type: library.type,
  creation_time: presentTime(library.createdAt),
  last_modified_time: presentTime(library.modifiedAt),
  version: presentVersion(library.version),
  server_guid: core.server.guid,
  storage_backings: library.storageBackings.map(presentStorageBacking),
  ...(library.optimizeRemotePublishing === undefined
    ? {}
    : { optimization_info: { optimize_remote_publishing: library.optimizeRemotePublishing } }),
  ...(library.publishInfo === undefined
    ? {}
    : {
        publish_info: {
          authentication_method: library.publishInfo.authenticationMethod,
          published: library.publishInfo.published,
          persist_json_enabled: library.publishInfo.persistJsonEnabled,
          ...(library.publishInfo.userName === undefined
            ? {}
            : { user_name: library.publishInfo.userName }),
        },
      }),
});
