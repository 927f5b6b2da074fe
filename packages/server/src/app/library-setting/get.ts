import { revisionsKeptIn } from "../../domain/revision.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { loadLibrary } from "../library/access.ts";

export const getLibrarySetting =
  ({ catalog, settings }: Pick<Core, "catalog" | "settings">): Handler<"librarySetting.get"> =>
  async (input) => {
    const library = (await loadLibrary(catalog, input.library)).value;
    return {
      ...given({ revisions: library.revisionsKept }),
      revisions_in_effect: revisionsKeptIn(library, settings),
      reject_bad_iso: library.rejectsBadImages ?? false,
    };
  };
