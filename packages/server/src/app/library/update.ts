import type { OperationInput } from "@contentlib/contract";
import type { LibraryService } from "../../domain/plan-library.ts";
import { planLibraryUpdate } from "../../domain/plan-library.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import { loadLibrary } from "./access.ts";
import { libraryPatch } from "./wish.ts";

type UpdateCore = Pick<Core, "catalog" | "clock">;

/** Both services update one thing; they differ in what they may change and in how a stale version is called. */
const updateThrough =
  (service: LibraryService) =>
  ({ catalog, clock }: UpdateCore) =>
  ({ library_id, update_spec }: OperationInput<"localLibrary.update">): Promise<void> =>
    commitDecision(catalog, async () => {
      const row = await loadLibrary(catalog, library_id);
      const library = orFault(
        planLibraryUpdate({
          library: row.value,
          service,
          patch: libraryPatch(update_spec),
          now: clock.now(),
        }),
      );
      const changes =
        library === row.value ? [] : [{ kind: "library.put", library, rev: row.rev } as const];
      return { changes, result: undefined };
    });

export const updateLibrary: (core: UpdateCore) => Handler<"library.update"> =
  updateThrough("Library");
export const updateLocalLibrary: (core: UpdateCore) => Handler<"localLibrary.update"> =
  updateThrough("LocalLibrary");
