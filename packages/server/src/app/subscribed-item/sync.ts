import { faultOf } from "@contentlib/contract/vocabulary";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { loadLibraryOfSubscribedItem } from "./access.ts";

export const syncSubscribedItem =
  (core: Pick<Core, "catalog">): Handler<"subscribedItem.sync"> =>
  async ({ library_item_id }) => {
    await loadLibraryOfSubscribedItem(core, library_item_id);
    throw new Fault(faultOf("library.unsupported", "fetching the files of a subscribed item"));
  };
