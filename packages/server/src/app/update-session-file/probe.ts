import { parseRemotePin } from "../../domain/remote-pin.ts";
import type { Handler } from "../call.ts";
import { given } from "../given.ts";
import { orFault } from "../or-fault.ts";
import { presentSight } from "../probe/present-sight.ts";
import type { ProbeCore } from "../probe/try-remote.ts";
import { atPace, tryRemote } from "../probe/try-remote.ts";
import { pinWishOf } from "./source-endpoint.ts";

/** Tries the source of a file to come (contract F23). */
export const probeUpdateSessionFile =
  (core: ProbeCore): Handler<"updateSessionFile.probe"> =>
  async ({ source_endpoint: source }, call) => {
    const pin = orFault(parseRemotePin(pinWishOf(source), core.certificates));
    const wish = { uri: source.uri, pin, ...given({ secret: source.contentlib_secret }) };
    return presentSight(await atPace(core, call, async () => await tryRemote(core, wish, call)));
  };
