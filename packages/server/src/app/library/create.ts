import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { Instant, LibraryId } from "../../domain/ids.ts";
import type { Library } from "../../domain/library.ts";
import type {
  LibrarySecrets,
  LibraryWish,
  SubscribedLibraryWish,
} from "../../domain/plan-library.ts";
import type { Call } from "../call.ts";
import { clientTokenKey, firstResult, rememberResult } from "../client-token.ts";
import type { Core } from "../core.ts";
import { orFault } from "../or-fault.ts";
import { commitDecision } from "../unit-of-work.ts";
import { reportUnusedPasswords, secretsOf } from "./secrets.ts";

export type CreateCore = Pick<Core, "catalog" | "clock" | "ids" | "hasher" | "seal" | "settings">;

/** What the creates of both kinds of libraries differ in. */
interface Creation<Wish extends LibraryWish & SubscribedLibraryWish> {
  readonly operation: string;
  readonly token: string | undefined;
  readonly wish: Wish;
  plan(input: {
    readonly id: LibraryId;
    readonly wish: Wish;
    readonly secrets: LibrarySecrets;
    readonly datastores: readonly string[];
    readonly now: Instant;
  }): Library | FaultValue;
}

/** Makes a library through the service of its kind, once for each client token (contract L3, U6, U7). */
export const createThrough = <Wish extends LibraryWish & SubscribedLibraryWish>(
  core: CreateCore,
  call: Call,
  { operation, token, wish, plan }: Creation<Wish>,
): Promise<string> => {
  const { catalog, clock, ids, settings } = core;
  const { datastores } = settings;
  const makeSecrets = secretsOf(core, wish);
  return commitDecision(catalog, async () => {
    const key = clientTokenKey(operation, token, call);
    const first = await firstResult(catalog, key);
    if (first !== null) return { changes: [], result: first };
    const id = ids.libraryId();
    const secrets = await makeSecrets({ id });
    const now = clock.now();
    const library = orFault(plan({ id, wish, secrets, datastores, now }));
    reportUnusedPasswords(call, wish, library);
    return {
      changes: [
        { kind: "library.put", library, rev: null },
        ...rememberResult(key, library.id, now),
      ],
      result: library.id,
    };
  });
};
