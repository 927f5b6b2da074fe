import { faultOf } from "@contentlib/contract/vocabulary";
import type { Handler } from "../call.ts";
import type { Core } from "../core.ts";
import { commitDecision } from "../unit-of-work.ts";

export const deleteSecret =
  ({ catalog }: Pick<Core, "catalog">): Handler<"secret.delete"> =>
  ({ name }) =>
    commitDecision(catalog, () =>
      Promise.resolve({
        changes: [{ kind: "secret.delete", name }],
        result: undefined,
        refusals: { row: faultOf("secret.not_found", name) },
      }),
    );
