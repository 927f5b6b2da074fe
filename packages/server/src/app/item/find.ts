import { faultOf } from "@contentlib/contract/vocabulary";
import { parseLibraryId } from "../../domain/ids.ts";
import { type Handler, LongList } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";

const CRITERIA = "name, library_id, source_id, type, cached";

/** Every item here is a local one: it is cached, and follows no source (contract I6, I7, I17). */
export const findItems =
  ({ catalog }: Pick<Core, "catalog">): Handler<"item.find"> =>
  async ({ spec }) => {
    // An empty type is one that is unset, as it is of an item.
    const type = spec.type === "" ? undefined : spec.type;
    if (Object.values({ ...spec, type }).every((criterion) => criterion === undefined)) {
      throw new Fault(faultOf("find.no_criterion", CRITERIA));
    }
    if (spec.source_id !== undefined || spec.cached === false) return [];
    const libraryId = spec.library_id === undefined ? undefined : parseLibraryId(spec.library_id);
    if (libraryId === null) return [];
    return new LongList(catalog.findItemIds(given({ name: spec.name, libraryId, type })));
  };
