import { planSubscribedLibraryCreate } from "../../domain/plan-library.ts";
import type { Handler } from "../call.ts";
import { createThrough } from "../library/create.ts";
import type { CreateCore } from "../library/create.ts";
import { subscribedLibraryWish } from "../library/wish.ts";

/** The library is kept as told; its publisher is not asked (contract L22). */
export const createSubscribedLibrary =
  (core: CreateCore): Handler<"subscribedLibrary.create"> =>
  ({ client_token, create_spec }, call) =>
    createThrough(core, call, {
      operation: "subscribedLibrary.create",
      token: client_token,
      wish: subscribedLibraryWish(create_spec),
      plan: planSubscribedLibraryCreate,
    });
