import { planLibrarySettingUpdate } from "../../domain/plan-library-setting.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { loadLibrary } from "../library/access.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";

/**
 * What a smaller number no longer keeps is forgotten by the next change of each item, or by the next purge. Sessions that are open
 * take up with the next look at them that bad images are refused, or not any more. (S133)
 */
export const updateLibrarySetting =
  ({ catalog, packages }: Pick<Core, "catalog" | "packages">): Handler<"librarySetting.update"> =>
  async ({ library: idText, update_spec }) => {
    const isJudgedAnew = await commitDecision(catalog, async () => {
      const row = await loadLibrary(catalog, idText);
      const patch = given({
        revisionsKept: update_spec.revisions,
        unsetRevisionsKept: update_spec.unset_revisions,
        rejectsBadImages: update_spec.reject_bad_iso,
      });
      const library = orFault(planLibrarySettingUpdate(row.value, patch));
      return {
        changes: library === row.value ? [] : [{ kind: "library.put", library, rev: row.rev }],
        result: library.rejectsBadImages !== row.value.rejectsBadImages,
      };
    });
    if (isJudgedAnew) packages.typeChanges.changed();
  };
