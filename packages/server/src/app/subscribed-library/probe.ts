import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import { shortened } from "@contentlib/contract/vocabulary/echo";
import { readSubscriptionUrl, withoutLogin } from "../../domain/subscription-url.ts";
import type { Handler } from "../call.ts";
import { Fault } from "../fault.ts";
import { presentMessage } from "../present.ts";

const refused = (what: string): Fault => new Fault(faultOf("library.unsupported", what));

/** An address that can not be one is an answer, not an error (contract L22); any other would have to be tried. */
export const probeSubscribedLibrary =
  (_core: object): Handler<"subscribedLibrary.probe"> =>
  async ({ subscription_info: { subscription_url } }) => {
    if (subscription_url === undefined)
      throw new Fault(faultOf("request.missing_member", "subscription_info.subscription_url"));
    const url = readSubscriptionUrl(subscription_url);
    if (url.kind === "http")
      throw refused("asking a publisher: the form of its address is right, more is not known");
    if (url.kind === "storage") throw refused(`subscriptions by ${url.scheme}`);
    const told = shortened(withoutLogin(subscription_url));
    const faults = [
      faultOf("subscription.invalid_url", told),
      faultOf("library.invalid_property", "subscription_info.subscription_url", url.reason),
    ];
    return {
      status: "INVALID_URL",
      error_messages: faults.map((fault) => presentMessage(messageOf(fault))),
    };
  };
