import { faultOf } from "@contentlib/contract/vocabulary";
import { type Handler, LongList } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";

export const findLibraries =
  ({ catalog }: Pick<Core, "catalog">): Handler<"library.find"> =>
  async ({ spec }) => {
    const criteria = given({ name: spec.name, type: spec.type });
    if (Object.keys(criteria).length === 0)
      throw new Fault(faultOf("find.no_criterion", "name, type"));
    return new LongList(catalog.findLibraryIds(criteria));
  };
