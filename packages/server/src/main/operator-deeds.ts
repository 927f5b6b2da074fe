import type { Deed, DeedScope } from "../ports/index.ts";

/**
 * What is done on a data directory that no server holds. Whoever may open the files gave no name and came from nowhere: the
 * account that operations run as there has done nothing, so that the trail must not say it had.
 */
export const operatorDeeds = (inner: DeedScope): DeedScope => ({
  within: ({ operation }: Deed, work) =>
    inner.within({ doer: { kind: "server" }, operation }, work),
  current: () => inner.current(),
});
