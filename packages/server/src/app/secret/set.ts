import { checkSecret } from "../../domain/secret.ts";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { given } from "../given.ts";
import { orFault } from "../or-fault.ts";
import { secretPlace } from "../secrets/secrets.ts";
import { commitDecision } from "../unit-of-work.ts";

/** The password is sealed for its name and its origin, and is told to nobody but that origin from then on. */
export const setSecret =
  ({ catalog, clock, seal }: Pick<Core, "catalog" | "clock" | "seal">): Handler<"secret.set"> =>
  async ({ set_spec: spec }, { caller }) => {
    const { name, origin, password } = spec;
    const checked = orFault(
      checkSecret({ name, origin, password, ...given({ userName: spec.user_name }) }),
    );
    const sealedPassword = seal.seal(password, secretPlace(checked));
    await commitDecision(catalog, async () => ({
      changes: [
        {
          kind: "secret.put",
          secret: { ...checked, sealedPassword, setAt: clock.now(), setBy: caller.userName },
        },
      ],
      result: undefined,
    }));
  };
