import type { ProbeResult } from "@contentlib/contract";
import { messageOf } from "@contentlib/contract/vocabulary";
import { presentMessage } from "../present.ts";
import type { Sight } from "./try-remote.ts";

/** What is in the way, as the API tells it. */
export const presentFaults = ({ faults }: Sight) =>
  faults.map((fault) => presentMessage(messageOf(fault)));

/** What trying an address came to, in the API's own structure. */
export const presentSight = (sight: Sight): ProbeResult => {
  const [leaf] = sight.peer?.chain ?? [];
  return {
    status: sight.status,
    ...(leaf === undefined ? {} : { ssl_thumbprint: leaf.sha1 }),
    error_messages: presentFaults(sight),
  };
};
