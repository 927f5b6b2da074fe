import { planLibrarySettingUpdate } from "../../domain/plan-library-setting.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { loadLibrary } from "../library/access.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";

/** What a smaller number no longer keeps is forgotten by the next change of each item, or by the next purge. */
export const updateLibrarySetting =
  ({ catalog }: Pick<Core, "catalog">): Handler<"librarySetting.update"> =>
  ({ library: idText, update_spec }) =>
    commitDecision(catalog, async () => {
      const row = await loadLibrary(catalog, idText);
      const patch = given({
        revisionsKept: update_spec.revisions,
        unsetRevisionsKept: update_spec.unset_revisions,
      });
      const library = orFault(planLibrarySettingUpdate(row.value, patch));
      return {
        changes: library === row.value ? [] : [{ kind: "library.put", library, rev: row.rev }],
        result: undefined,
      };
    });
