import type { LibraryModel } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import { parseLibraryId } from "../../domain/ids.ts";
import type { Library, StorageBacking, SubscriptionInfo } from "../../domain/library.ts";
import { checkLocal, checkSubscribed } from "../../domain/plan-library.ts";
import { PUBLISH_USER_NAME, UNPUBLISHED } from "../../domain/publish-info.ts";
import type { CatalogReader, Row } from "../../ports/index.ts";
import type { Call } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { orFault } from "../or-fault.ts";
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
  orFault(checkLocal(row.value));
  return row;
};

/** A subscribed library; one of another kind is the caller's mistake, not a missing one (contract L2). */
export const loadSubscribedLibrary = async (
  catalog: Pick<CatalogReader, "findLibrary">,
  idText: string,
): Promise<Row<Library>> => {
  const row = await loadLibrary(catalog, idText);
  orFault(checkSubscribed(row.value));
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

/** Where subscribers find the library, under the address that the caller reached this server by (contract L13). */
export const publishUrlOf = (call: Pick<Call, "baseUrl">, { id }: Library): string =>
  `${call.baseUrl}/cls/vcsp/lib/${id}/lib.json`;

/** A local library always shows how it is published, and a subscribed one where it follows; passwords never come back. */
const presentOwnPart = (
  call: Pick<Call, "baseUrl">,
  library: Library,
): Pick<LibraryModel, "publish_info" | "subscription_info"> => {
  if (library.subscriptionInfo !== undefined)
    return { subscription_info: presentSubscriptionInfo(library.subscriptionInfo) };
  if (library.type !== "LOCAL") return {};
  const { authenticationMethod, published, persistJsonEnabled } =
    library.publishInfo ?? UNPUBLISHED;
  return {
    publish_info: {
      authentication_method: authenticationMethod,
      published,
      publish_url: publishUrlOf(call, library),
      user_name: PUBLISH_USER_NAME,
      persist_json_enabled: persistJsonEnabled,
    },
  };
};

const presentSubscriptionInfo = (
  info: SubscriptionInfo,
): NonNullable<LibraryModel["subscription_info"]> => ({
  authentication_method: info.authenticationMethod,
  automatic_sync_enabled: info.automaticSyncEnabled,
  on_demand: info.onDemand,
  subscription_url: info.subscriptionUrl,
  ...(info.userName === undefined ? {} : { user_name: info.userName }),
  ...(info.source === undefined
    ? {}
    : {
        source_info: {
          source_library: info.source.libraryId,
          subscription: info.source.subscriptionId,
        },
      }),
});

export const presentLibrary = (
  core: Pick<Core, "server">,
  call: Pick<Call, "baseUrl">,
  library: Library,
): LibraryModel => ({
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
  ...(library.securityPolicyId === undefined
    ? {}
    : { security_policy_id: library.securityPolicyId }),
  ...presentOwnPart(call, library),
});
