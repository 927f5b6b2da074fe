import {
  AUTHENTICATION_METHODS,
  LIBRARY_TYPES,
  STORAGE_BACKING_TYPES,
} from "../vocabulary/enumerations.ts";
import { flag, instant, listOf, of, oneOf, optional, structure, text, uri } from "./schema.ts";

/** Members that newer releases of the API added to its library model; taken and ignored. */
const LATER_LIBRARY_MEMBERS = ["state_info", "configuration_info"] as const;

/** A place where a library keeps its content. */
export const storageBacking = structure(
  "StorageBacking",
  "A place where a library keeps its content.",
  {
    type: oneOf(
      STORAGE_BACKING_TYPES,
      "Kind of the place: a datastore, or another one named by its URI.",
    ),
    datastore_id: optional(text("Id of the datastore; belongs to the type DATASTORE only.")),
    storage_uri: optional(
      uri(
        "URI of the place; belongs to the type OTHER, where its absence means the default place of this server.",
      ),
    ),
  },
);

/** How a library is laid out for subscribers. */
export const optimizationInfo = structure(
  "OptimizationInfo",
  "Optimizations of a library, chosen when it is created.",
  {
    optimize_remote_publishing: optional(
      flag("Whether the library serves subscribers of other servers first; false when absent."),
    ),
  },
  { ignored: ["optimize_sync_storage"] },
);

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
    password: optional(text("Password for subscribers; never shown again.")),
    current_password: optional(
      text("The present password, needed to change or drop it; never shown."),
    ),
  },
);

/** The subscription a subscribed library was made by. */
export const sourceInfo = structure(
  "SourceInfo",
  "The subscription a subscribed library was made by.",
  {
    source_library: text("Id of the published library."),
    subscription: text("Id of the subscription."),
  },
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
);

/** A library, as get answers it. */
export const libraryModel = structure(
  "LibraryModel",
  "A library: a named set of items in one place.",
  {
    id: text("Id of the library."),
    creation_time: instant("When the library was created."),
    description: text("What the library is for; at most 2000 characters."),
    last_modified_time: instant(
      "When a property of the library last changed; items and files do not count.",
    ),
    last_sync_time: optional(instant("When a subscribed library last followed its publisher.")),
    name: text("Name of the library, 1 to 80 characters; several libraries may share one."),
    storage_backings: listOf(storageBacking, "The one place where the library keeps its content."),
    type: oneOf(LIBRARY_TYPES, "Kind of the library."),
    optimization_info: optional(
      of(optimizationInfo, "Optimizations chosen when the library was created."),
    ),
    version: text("Version of the properties, a decimal number; grows by one with each change."),
    publish_info: optional(of(publishInfo, "How a local library is published.")),
    subscription_info: optional(
      of(subscriptionInfo, "Where a subscribed library takes its content from."),
    ),
    server_guid: text("Id of the server the library lives on."),
    security_policy_id: optional(
      text("Id of the security policy that guards the content; absent when there is none."),
    ),
  },
);

const name = "Name of the library, 1 to 80 characters.";
const description = "What the library is for; at most 2000 characters.";
const version =
  "The version this change was made upon; another present version refuses the change.";

/** What a new local library is made of. */
export const localLibraryCreateSpec = structure(
  "LocalLibraryCreateSpec",
  "What a new local library is made of.",
  {
    name: text(name),
    description: optional(text(`${description} Empty when absent.`)),
    storage_backings: optional(
      listOf(
        storageBacking,
        "Where to keep the content: at most one place; none means the default place of this server.",
      ),
    ),
    publish_info: optional(
      of(publishSpec, "How the library is to be published; absent means not at all."),
    ),
    optimization_info: optional(
      of(optimizationInfo, "Optimizations, which can not be changed later."),
    ),
    security_policy_id: optional(text("Id of the security policy that is to guard the content.")),
  },
  {
    ignored: [
      "id",
      "creation_time",
      "last_modified_time",
      "last_sync_time",
      "type",
      "version",
      "subscription_info",
      "server_guid",
      "unset_security_policy_id",
      ...LATER_LIBRARY_MEMBERS,
    ],
  },
);

const updateMembers = {
  name: optional(text(name)),
  description: optional(text(description)),
  version: optional(text(version)),
  security_policy_id: optional(text("Id of the security policy that is to guard the content.")),
  unset_security_policy_id: optional(
    flag("True takes the security policy away, whatever security_policy_id says."),
  ),
};

const fixedMembers = [
  "id",
  "creation_time",
  "last_modified_time",
  "last_sync_time",
  "storage_backings",
  "type",
  "optimization_info",
  "subscription_info",
  "server_guid",
  ...LATER_LIBRARY_MEMBERS,
] as const;

/** What can be changed of a library of any kind. */
export const libraryUpdateSpec = structure(
  "LibraryUpdateSpec",
  "Changes to a library of any kind; absent members stay as they are.",
  updateMembers,
  { ignored: [...fixedMembers, "publish_info"] },
);

/** What can be changed of a local library. */
export const localLibraryUpdateSpec = structure(
  "LocalLibraryUpdateSpec",
  "Changes to a local library; absent members stay as they are.",
  {
    ...updateMembers,
    publish_info: optional(of(publishSpec, "Changes to how the library is published.")),
  },
  { ignored: fixedMembers },
);

/** What libraries are looked for by. */
export const libraryFindSpec = structure(
  "LibraryFindSpec",
  "What libraries are looked for by; all that is given must fit.",
  {
    name: optional(text("The whole name, in any case.")),
    type: optional(oneOf(LIBRARY_TYPES, "The kind of library.")),
  },
);
