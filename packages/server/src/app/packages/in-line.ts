import type { Core } from "../core.ts";
import type { SessionCore } from "../update-session/access.ts";
import { loadSessionHead } from "../update-session/access.ts";
import { adoptType } from "./adopt-type.ts";
import { withForesight } from "./foresight.ts";
import type { PackageCore } from "./settle-package.ts";

/**
 * Changes of the file set of a package go one after the other: each is decided on the whole set, and many at once would only
 * clash. Files that stand for themselves need no line. `foresee` does before what takes long of it.
 */
export const inLine = async <Result>(
  core: SessionCore & PackageCore & Pick<Core, "exclusive">,
  idText: string,
  {
    change,
    foresee,
  }: {
    readonly change: () => Promise<Result>;
    readonly foresee?: () => Promise<unknown>;
  },
): Promise<Result> => {
  const loadHead = async () => (await loadSessionHead(core, idText)).value;
  return await withForesight(
    async (tries) => (tries === 0 ? null : await adoptType(core, await loadHead())),
    async () => {
      const session = await loadHead();
      if (session.package === undefined) return await change();
      await foresee?.();
      return await core.exclusive.run(session.id, change);
    },
  );
};
