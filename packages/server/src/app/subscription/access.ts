import type { SubscriptionModel } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import { parseSubscriptionId } from "../../domain/ids.ts";
import type { Library } from "../../domain/library.ts";
import { checkPublished } from "../../domain/plan-subscription.ts";
import type { Placement, Subscription } from "../../domain/subscription.ts";
import type { CatalogReader, Row } from "../../ports/index.ts";
import type { Call } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { loadLibrary } from "../library/access.ts";
import { orFault } from "../or-fault.ts";

/** A library that has subscriptions, or could have some: local and published (contract L23). */
export const loadPublishedLibrary = async (
  catalog: Pick<CatalogReader, "findLibrary">,
  idText: string,
): Promise<Row<Library>> => {
  const row = await loadLibrary(catalog, idText);
  orFault(checkPublished(row.value));
  return row;
};

/** A subscription by its library and its own id: one of another library is not there. */
export const loadSubscription = async (
  catalog: Pick<CatalogReader, "findLibrary" | "findSubscription">,
  {
    library: libraryText,
    subscription: idText,
  }: { readonly library: string; readonly subscription: string },
): Promise<Row<Subscription>> => {
  const { value: library } = await loadPublishedLibrary(catalog, libraryText);
  const id = parseSubscriptionId(idText);
  const row = id === null ? null : await catalog.findSubscription(id);
  if (row?.value.libraryId !== library.id)
    throw new Fault(faultOf("subscription.not_found", library.id, idText));
  return row;
};

/** The name of a subscribed library as the caller may know it: empty for one that he does not see, since the API requires a name. */
export const shownName = async (
  { access }: Pick<Core, "access">,
  { id, name }: Pick<Library, "id" | "name">,
  { caller }: Call,
): Promise<string> => ((await access.roleOf(caller, id)) === null ? "" : name);

/** The wire's placement in the words of the domain. */
export const placementWish = (spec: SubscriptionModel["subscribed_library_placement"]): Placement =>
  given({
    folder: spec.folder,
    cluster: spec.cluster,
    resourcePool: spec.resource_pool,
    host: spec.host,
    network: spec.network,
  });

export const presentPlacement = (
  placement: Placement,
): SubscriptionModel["subscribed_library_placement"] =>
  given({
    folder: placement.folder,
    cluster: placement.cluster,
    resource_pool: placement.resourcePool,
    host: placement.host,
    network: placement.network,
  });
