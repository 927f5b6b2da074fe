import type { Core } from "../core.ts";
import { Access } from "./access.ts";
import { Denials } from "./denials.ts";
import { Foresight } from "./foresight.ts";
import { Judge } from "./judge.ts";
import { ObjectFinder } from "./object-finder.ts";
import type { Places } from "./places.ts";
import type { StreamsOfCallers } from "./revocation.ts";
import { Revocation } from "./revocation.ts";
import type { RunningCalls } from "./running-calls.ts";
import { Standings } from "./standings.ts";

/** Puts together what says who may do what, over everything else that an application is made of. */
export const createAccess = (
  core: Omit<Core, "access" | "pulls">,
  parts: {
    readonly places: Places;
    readonly running: RunningCalls;
    readonly streams: StreamsOfCallers;
  },
): Access => {
  const { places } = parts;
  const standings = new Standings(core.catalog, core.clock);
  const denials = new Denials(core.catalog, standings);
  const finder = new ObjectFinder(places, core.catalog);
  const judge = new Judge({ standings, finder, denials });
  const foresight = new Foresight({ standings, finder, judge, denials });
  const revocation = new Revocation({
    ...parts,
    core,
    standings,
    mayFollow: async (input, caller) =>
      (await judge.refusal("event.stream", input, caller)) === null,
  });
  return new Access({ standings, places, judge, foresight, revocation });
};
