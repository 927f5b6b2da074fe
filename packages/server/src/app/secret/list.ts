import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { presentTime } from "../present.ts";

export const listSecrets =
  ({ catalog }: Pick<Core, "catalog">): Handler<"secret.list"> =>
  async () =>
    (await catalog.listSecrets()).map(({ name, origin, userName, setAt, setBy }) => ({
      name,
      origin,
      user_name: userName,
      set_time: presentTime(setAt),
      set_by: setBy,
    }));
