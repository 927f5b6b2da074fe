import { AUTHENTICATION_METHODS, PROBE_STATUSES } from "../vocabulary/enumerations.ts";
import { message } from "./message.ts";
import { flag, listOf, of, oneOf, optional, secret, structure, text, uri } from "./schema.ts";

const SOURCE_INFO = { canonical: "com.vmware.content.library.source_info" } as const;
const SUBSCRIPTION_INFO = { canonical: "com.vmware.content.library.subscription_info" } as const;

const sourceLibrary = text("Id of the published library.");
const sourceSubscription = text("Id of the subscription.");

/** The subscription a subscribed library was made by. */
export const sourceInfo = structure(
  "SourceInfo",
  "The subscription a subscribed library was made by.",
  { source_library: sourceLibrary, subscription: sourceSubscription },
  SOURCE_INFO,
);

/** The subscription a subscribed library is to belong to. */
export const sourceSpec = structure(
  "SourceSpec",
  "The subscription a subscribed library is to belong to.",
  { source_library: optional(sourceLibrary), subscription: optional(sourceSubscription) },
  SOURCE_INFO,
);

/** Where a subscribed library takes its content from. */
export const subscriptionInfo = structure(
  "SubscriptionInfo",
  "Where a subscribed library takes its content from.",
  {
    authentication_method: oneOf(AUTHENTICATION_METHODS, "How the publisher asks for a login."),
    automatic_sync_enabled: flag("Whether the library follows its publisher by itself."),
    on_demand: flag("Whether file content is fetched only when it is asked for."),
    subscription_url: uri("Address of the published library."),
    user_name: optional(text("Name to log in with at the publisher.")),
    source_info: optional(of(sourceInfo, "The subscription this library was made by.")),
  },
  SUBSCRIPTION_INFO,
);

/** Where a subscribed library is to take its content from. */
export const subscriptionSpec = structure(
  "SubscriptionSpec",
  "Where a subscribed library is to take its content from; in an update, absent members stay as they are.",
  {
    authentication_method: optional(
      oneOf(AUTHENTICATION_METHODS, "How the publisher asks for a login."),
    ),
    automatic_sync_enabled: optional(
      flag("Whether the library is to follow its publisher by itself."),
    ),
    on_demand: optional(flag("Whether file content is to be fetched only when it is asked for.")),
    password: optional(
      secret("Password to log in with at the publisher, never empty and never shown again."),
    ),
    ssl_thumbprint: optional(
      text(
        "SHA-1 print of the certificate to expect at the publisher, in place of a chain check; never shown again.",
      ),
    ),
    ssl_certificate: optional(
      text(
        "PEM text of the certificate to expect at the publisher, in place of a chain check and of ssl_thumbprint; never shown again.",
      ),
    ),
    subscription_url: optional(uri("Address of the published library.")),
    user_name: optional(text("Name to log in with at the publisher; may be empty.")),
    source_info: optional(of(sourceSpec, "The subscription this library is to belong to.")),
  },
  SUBSCRIPTION_INFO,
);

/** What trying a publisher or a source came to. */
export const probeResult = structure(
  "ProbeResult",
  "What trying a publisher or a source came to.",
  {
    status: oneOf(PROBE_STATUSES, "Whether it can be fetched from, or what is in the way."),
    ssl_thumbprint: optional(
      text("SHA-1 print of the certificate that was shown; absent without TLS."),
    ),
    error_messages: listOf(message, "What went wrong; empty for SUCCESS."),
  },
  {
    canonical: "com.vmware.content.subscribed_library.probe_result",
    required: ["status", "error_messages"],
  },
);
