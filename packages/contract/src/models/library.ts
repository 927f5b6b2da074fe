import { LIBRARY_TYPES, STORAGE_BACKING_TYPES } from "../vocabulary/enumerations.ts";
import { publishInfo, publishSpec } from "./publish-info.ts";
import { flag, instant, listOf, of, oneOf, optional, structure, text, uri } from "./schema.ts";
import { subscriptionInfo, subscriptionSpec } from "./subscription-info.ts";

const LIBRARY_MODEL = { canonical: "com.vmware.content.library_model" } as const;

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
  {
    canonical: "com.vmware.content.library.storage_backing",
    unions: [
      {
        tag: "type",
        cases: { DATASTORE: { allowed: ["datastore_id"] }, OTHER: { allowed: ["storage_uri"] } },
      },
    ],
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
  {
    canonical: "com.vmware.content.library.optimization_info",
    ignored: ["optimize_sync_storage"],
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
  LIBRARY_MODEL,
);

const name = "Name of the library, 1 to 80 characters.";
const description = "What the library is for; at most 2000 characters.";
const version =
  "The version this change was made upon; another present version refuses the change.";

const createMembers = {
  name: text(name),
  description: optional(text(`${description} Empty when absent.`)),
  storage_backings: optional(
    listOf(
      storageBacking,
      "Where to keep the content: at most one place; none means the default place of this server.",
    ),
  ),
  optimization_info: optional(
    of(optimizationInfo, "Optimizations, which can not be changed later."),
  ),
  security_policy_id: optional(text("Id of the security policy that is to guard the content.")),
};

const notCreated = [
  "id",
  "creation_time",
  "last_modified_time",
  "last_sync_time",
  "type",
  "version",
  "server_guid",
  "unset_security_policy_id",
  ...LATER_LIBRARY_MEMBERS,
] as const;

/** What a new local library is made of. */
export const localLibraryCreateSpec = structure(
  "LocalLibraryCreateSpec",
  "What a new local library is made of.",
  {
    ...createMembers,
    publish_info: optional(
      of(publishSpec, "How the library is to be published; absent means not at all."),
    ),
  },
  { ...LIBRARY_MODEL, ignored: [...notCreated, "subscription_info"] },
);

/** What a new subscribed library is made of. */
export const subscribedLibraryCreateSpec = structure(
  "SubscribedLibraryCreateSpec",
  "What a new subscribed library is made of.",
  {
    ...createMembers,
    subscription_info: of(
      subscriptionSpec,
      "Where to take the content from: authentication_method, automatic_sync_enabled, on_demand and subscription_url must be given.",
    ),
  },
  { ...LIBRARY_MODEL, ignored: [...notCreated, "publish_info"] },
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

const notUpdated = [
  "id",
  "creation_time",
  "last_modified_time",
  "last_sync_time",
  "storage_backings",
  "type",
  "optimization_info",
  "server_guid",
  ...LATER_LIBRARY_MEMBERS,
] as const;

/** What can be changed of a library of any kind. */
export const libraryUpdateSpec = structure(
  "LibraryUpdateSpec",
  "Changes to a library of any kind; absent members stay as they are.",
  updateMembers,
  { ...LIBRARY_MODEL, ignored: [...notUpdated, "subscription_info", "publish_info"] },
);

/** What can be changed of a local library. */
export const localLibraryUpdateSpec = structure(
  "LocalLibraryUpdateSpec",
  "Changes to a local library; absent members stay as they are.",
  {
    ...updateMembers,
    publish_info: optional(of(publishSpec, "Changes to how the library is published.")),
  },
  { ...LIBRARY_MODEL, ignored: [...notUpdated, "subscription_info"] },
);

/** What can be changed of a subscribed library. */
export const subscribedLibraryUpdateSpec = structure(
  "SubscribedLibraryUpdateSpec",
  "Changes to a subscribed library; absent members stay as they are.",
  {
    ...updateMembers,
    subscription_info: optional(
      of(
        subscriptionSpec,
        "Changes to where the content is taken from; another source loses the items of the old one.",
      ),
    ),
  },
  { ...LIBRARY_MODEL, ignored: [...notUpdated, "publish_info"] },
);

/** What libraries are looked for by. */
export const libraryFindSpec = structure(
  "LibraryFindSpec",
  "What libraries are looked for by; all that is given must fit.",
  {
    name: optional(text("The whole name, in any case.")),
    type: optional(oneOf(LIBRARY_TYPES, "The kind of library.")),
  },
  { canonical: "com.vmware.content.library.find_spec" },
);

/** A subscription that is to be served with a library. */
export const libraryDestinationSpec = structure(
  "LibraryDestinationSpec",
  "A subscription that is to be served with a library.",
  { subscription: text("Id of the subscription.") },
  { canonical: "com.vmware.content.local_library.destination_spec", required: ["subscription"] },
);
