import { faultOf } from "@contentlib/contract/vocabulary";
import { checkOnDemand } from "../../domain/plan-subscription.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { orFault } from "../or-fault.ts";
import { loadLibraryOfSubscribedItem } from "./access.ts";

export const evictSubscribedItem =
  (core: Pick<Core, "catalog">): Handler<"subscribedItem.evict"> =>
  async ({ library_item_id }) => {
    orFault(checkOnDemand(await loadLibraryOfSubscribedItem(core, library_item_id)));
    throw new Fault(faultOf("library.unsupported", "giving up the files of a subscribed item"));
  };
