import { AsyncLocalStorage } from "node:async_hooks";
import type { Deed, DeedScope } from "../../ports/index.ts";

/** Deeds follow the flow of calls and promises, as the platform does for whatever goes on at the same time. */
export class AsyncDeedScope implements DeedScope {
  readonly #deeds = new AsyncLocalStorage<Deed>();

  within<Result>(deed: Deed, work: () => Result): Result {
    return this.#deeds.run(deed, work);
  }

  current(): Deed | null {
    return this.#deeds.getStore() ?? null;
  }
}
