import { faultOf } from "@contentlib/contract/vocabulary";
import type { Library } from "../../domain/library.ts";
import { checkPublished, chooseDestinations } from "../../domain/plan-subscription.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { orFault } from "../or-fault.ts";

/** Pushes content of a published library to its subscriptions (contract L14): to none there is nothing to do, to any it can not. */
export const pushTo = async (
  { catalog }: Pick<Core, "catalog">,
  library: Library,
  destinations: readonly { readonly subscription: string }[],
): Promise<void> => {
  orFault(checkPublished(library));
  const present = (await catalog.listSubscriptions(library.id)).map(({ value }) => value);
  const wanted = destinations.map(({ subscription }) => subscription);
  const chosen = orFault(chooseDestinations(library, present, wanted));
  if (chosen.length === 0) return;
  throw new Fault(
    faultOf(
      "library.unsupported",
      "pushing content to subscriptions: the library stays published, and its subscriptions are kept",
    ),
  );
};
