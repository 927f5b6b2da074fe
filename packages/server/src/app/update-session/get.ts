import type { Handler } from "../call.ts";
import { loadTypedHead } from "../packages/adopt-type.ts";
import type { PackageCore } from "../packages/settle-package.ts";
import type { SessionCore } from "./access.ts";
import { presentSession } from "./access.ts";

export const getUpdateSession =
  (core: SessionCore & PackageCore): Handler<"updateSession.get"> =>
  async ({ update_session_id }) =>
    presentSession((await loadTypedHead(core, update_session_id)).value);
