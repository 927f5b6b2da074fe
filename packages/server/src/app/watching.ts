import { faultOf, messageOf, METRICS_OPERATION } from "@contentlib/contract/vocabulary";
import { covers } from "../domain/access/rights.ts";
import type { Watching } from "./app.ts";
import { doerOf } from "./audit/deeds.ts";
import type { Core } from "./core.ts";
import type { EventFeed } from "./events/event-feed.ts";
import { Fault } from "./fault.ts";

/** Figures of the whole server tell of what lies in every library. */
const WATCHING = { privilege: "System.Read", role: "viewer" } as const;

/** What the server shows to those who watch it. */
export const watchingOf = (
  { access, live, refusals }: Pick<Core, "access" | "live" | "refusals">,
  feed: Pick<EventFeed, "load">,
): Watching => ({
  activity: () => {
    const { streams, waiting } = feed.load;
    return {
      transfers: live.running,
      movedBytes: live.movedBytes,
      eventStreams: streams,
      eventsWaiting: waiting,
    };
  },
  expectWatcher: async (caller, origin) => {
    const { isLetIn } = await access.standingOf(caller);
    if (!isLetIn) throw new Fault(faultOf("login.required"));
    if (covers(await access.roleOf(caller, null), WATCHING.role)) return;
    const fault = await access.missing(WATCHING, null, caller);
    const { default_message: reason } = messageOf(fault);
    refusals.denied({
      doer: doerOf(caller),
      operation: METRICS_OPERATION,
      origin,
      objects: [],
      reason,
    });
    throw new Fault(fault);
  },
});
