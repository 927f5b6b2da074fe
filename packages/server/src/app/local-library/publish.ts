import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { loadLibrary } from "../library/access.ts";
import { pushTo } from "../subscription/push.ts";

export const publishLocalLibrary =
  (core: Pick<Core, "catalog">): Handler<"localLibrary.publish"> =>
  async ({ library_id, subscriptions = [] }) => {
    const { value: library } = await loadLibrary(core.catalog, library_id);
    await pushTo(core, library, subscriptions);
  };
