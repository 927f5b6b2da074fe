import type { OperationInput } from "@contentlib/contract";
import type { LibraryService } from "../../domain/plan-library.ts";
import { planLibraryUpdate } from "../../domain/plan-library.ts";
import type { Call, Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import { loadLibrary } from "./access.ts";
import { reportUnusedPasswords, secretsOf } from "./secrets.ts";
import { libraryPatch, reportUnusedPublishing } from "./wish.ts";

type UpdateCore = Pick<Core, "catalog" | "clock" | "hasher" | "seal">;
type UpdateInput = OperationInput<"localLibrary.update"> &
  OperationInput<"subscribedLibrary.update">;

/** All three services update one thing; they differ in what they may change and in how a stale version is called. */
const updateThrough =
  (service: LibraryService) =>
  (core: UpdateCore) =>
  async ({ library_id, update_spec }: UpdateInput, call: Call): Promise<void> => {
    const patch = libraryPatch(update_spec);
    const makeSecrets = secretsOf(core, patch);
    const updated = await commitDecision(core.catalog, async () => {
      const row = await loadLibrary(core.catalog, library_id);
      const secrets = await makeSecrets({ id: row.value.id, present: row.value });
      const now = core.clock.now();
      const library = orFault(
        planLibraryUpdate({ library: row.value, service, patch, secrets, now }),
      );
      const changes =
        library === row.value ? [] : [{ kind: "library.put", library, rev: row.rev } as const];
      return { changes, result: library };
    });
    reportUnusedPublishing(call, update_spec.publish_info, { isNew: false });
    reportUnusedPasswords(call, patch, updated);
  };

export const updateLibrary: (core: UpdateCore) => Handler<"library.update"> =
  updateThrough("Library");
export const updateLocalLibrary: (core: UpdateCore) => Handler<"localLibrary.update"> =
  updateThrough("LocalLibrary");
export const updateSubscribedLibrary: (core: UpdateCore) => Handler<"subscribedLibrary.update"> =
  updateThrough("SubscribedLibrary");
