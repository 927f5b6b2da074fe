import { faultOf } from "@contentlib/contract/vocabulary";
import { parseContentVersion } from "../../domain/revision.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { loadItem } from "../item/access.ts";
import { presentTime } from "../present.ts";

export const getItemChange =
  ({ catalog }: Pick<Core, "catalog">): Handler<"itemChange.get"> =>
  async ({ library_item, version }) => {
    const { id } = (await loadItem(catalog, library_item)).value;
    const number = parseContentVersion(version);
    const revision = number === null ? null : await catalog.findRevision(id, number);
    if (revision === null) throw new Fault(faultOf("item.no_such_change", id, version));
    const { at, userName, message } = revision;
    return {
      time: presentTime(at),
      ...(userName === undefined ? {} : { user: userName }),
      ...(message === undefined ? {} : { message }),
    };
  };
