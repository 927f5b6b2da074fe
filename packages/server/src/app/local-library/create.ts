import { planLibraryCreate } from "../../domain/plan-library.ts";
import type { Handler } from "../call.ts";
import { createThrough } from "../library/create.ts";
import type { CreateCore } from "../library/create.ts";
import { libraryWish, reportUnusedPublishing } from "../library/wish.ts";

export const createLocalLibrary =
  (core: CreateCore): Handler<"localLibrary.create"> =>
  ({ client_token, create_spec }, call) => {
    reportUnusedPublishing(call, create_spec.publish_info, { isNew: true });
    return createThrough(core, call, {
      operation: "localLibrary.create",
      token: client_token,
      wish: libraryWish(create_spec),
      plan: planLibraryCreate,
    });
  };
