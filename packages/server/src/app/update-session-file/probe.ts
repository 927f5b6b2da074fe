import { parseRemotePin } from "../../domain/remote-pin.ts";
import type { Handler } from "../call.ts";
import { given } from "../given.ts";
import { orFault } from "../or-fault.ts";
import { presentSight } from "../probe/present-sight.ts";
import type { ProbeCore } from "../probe/try-remote.ts";
import { atPace, tryRemote } from "../probe/try-remote.ts";

const member = (name: string, text: string | undefined) =>
  text === undefined ? undefined : { member: `source_endpoint.${name}`, text };

/** Tries the source of a file to come (contract F23). */
export const probeUpdateSessionFile =
  (core: ProbeCore): Handler<"updateSessionFile.probe"> =>
  async ({ source_endpoint: source }, call) => {
    const pin = orFault(
      parseRemotePin(
        given({
          certificate: member("ssl_certificate", source.ssl_certificate),
          thumbprint: member("ssl_certificate_thumbprint", source.ssl_certificate_thumbprint),
          key: member("contentlib_key_pin", source.contentlib_key_pin),
          authority: member("contentlib_ca_pin", source.contentlib_ca_pin),
        }),
        core.certificates,
      ),
    );
    const wish = { uri: source.uri, pin };
    return presentSight(await atPace(core, call, async () => await tryRemote(core, wish, call)));
  };
