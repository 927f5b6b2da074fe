import type { SubscriptionSpec } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import { shortened } from "@contentlib/contract/vocabulary/echo";
import { PUBLISH_USER_NAME } from "../../domain/publish-info.ts";
import type { RemotePin } from "../../domain/remote-pin.ts";
import { parseRemotePin } from "../../domain/remote-pin.ts";
import { toldUrl } from "../../domain/remote-url.ts";
import type { UrlLogin } from "../../domain/remote-url.ts";
import { readSubscriptionUrl } from "../../domain/subscription-url.ts";
import type { Handler } from "../call.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";
import { orFault } from "../or-fault.ts";
import { presentSight } from "../probe/present-sight.ts";
import type { ProbeCore, Sight } from "../probe/try-remote.ts";
import { atPace, tryRemote } from "../probe/try-remote.ts";

const member = (name: string, text: string | undefined) =>
  text === undefined ? undefined : { member: `subscription_info.${name}`, text };

const loginOf = (info: SubscriptionSpec): UrlLogin | undefined =>
  info.authentication_method === "BASIC"
    ? { userName: info.user_name || PUBLISH_USER_NAME, password: info.password ?? "" }
    : undefined;

const pinOf = ({ certificates }: ProbeCore, info: SubscriptionSpec): RemotePin | null =>
  orFault(
    parseRemotePin(
      given({
        certificate: member("ssl_certificate", info.ssl_certificate),
        thumbprint: member("ssl_thumbprint", info.ssl_thumbprint),
      }),
      certificates,
    ),
  );

const invalidUrl = (text: string, reason: string): Sight => ({
  status: "INVALID_URL",
  faults: [
    faultOf("subscription.invalid_url", shortened(toldUrl(text))),
    faultOf("library.invalid_property", "subscription_info.subscription_url", reason),
  ],
  facts: null,
  peer: null,
});

/** Tries the publisher that is told. What is wrong with it is an answer, not an error (contract L22). */
export const probeSubscribedLibrary =
  (core: ProbeCore): Handler<"subscribedLibrary.probe"> =>
  async ({ subscription_info: info }, call) => {
    const { subscription_url } = info;
    if (subscription_url === undefined)
      throw new Fault(faultOf("request.missing_member", "subscription_info.subscription_url"));
    const url = readSubscriptionUrl(subscription_url);
    if (url.kind === "storage")
      throw new Fault(faultOf("library.unsupported", `subscriptions by ${url.scheme}`));
    const sight = await atPace(core, call, async () => {
      if (url.kind === "invalid") return invalidUrl(subscription_url, url.reason);
      const pin = pinOf(core, info);
      return await tryRemote(
        core,
        given({ uri: subscription_url, pin, login: loginOf(info) }),
        call,
      );
    });
    return presentSight(sight);
  };
