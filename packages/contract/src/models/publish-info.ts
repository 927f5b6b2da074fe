import { AUTHENTICATION_METHODS } from "../vocabulary/enumerations.ts";
import { flag, oneOf, optional, secret, structure, text, uri } from "./schema.ts";

const PUBLISH_INFO = { canonical: "com.vmware.content.library.publish_info" } as const;

const publishInfoMembers = {
  publish_url: optional(uri("Address of the published library.")),
  user_name: optional(text("Name subscribers log in with; the only one there is, is vcsp.")),
  persist_json_enabled: optional(flag("Whether the index files are kept beside the content.")),
};

/** How a library is published, as it is shown. */
export const publishInfo = structure(
  "PublishInfo",
  "How a local library is published to subscribers.",
  {
    authentication_method: oneOf(AUTHENTICATION_METHODS, "How subscribers log in."),
    published: flag("Whether the library is published."),
    ...publishInfoMembers,
  },
  PUBLISH_INFO,
);

/** How a library is to be published. */
export const publishSpec = structure(
  "PublishSpec",
  "How a local library is to be published to subscribers.",
  {
    authentication_method: optional(
      oneOf(AUTHENTICATION_METHODS, "How subscribers are to log in."),
    ),
    published: optional(flag("Whether the library is to be published.")),
    ...publishInfoMembers,
    password: optional(secret("Password for subscribers; never shown again.")),
    current_password: optional(
      secret("The present password, needed to change or drop it; never shown."),
    ),
  },
  PUBLISH_INFO,
);
