import { SUBSCRIPTION_LOCATIONS, SUBSCRIPTION_TARGETS } from "../vocabulary/enumerations.ts";
import { storageBacking } from "./library.ts";
import { flag, integer, listOf, of, oneOf, optional, structure, text } from "./schema.ts";

/** Every structure of the service has its name behind this prefix. */
const SERVICE = "com.vmware.content.library.subscriptions";

const location = oneOf(
  SUBSCRIPTION_LOCATIONS,
  "Whether the subscribed library lives on this server or on another one.",
);
const hostName = text("Name or address of the other server.");
const port = optional(integer("Port of its HTTPS endpoint; 443 when absent."));

const placementMembers = {
  folder: optional(text("Id of the folder for virtual machine templates.")),
  cluster: optional(text("Id of the cluster for virtual machine templates.")),
  resource_pool: optional(text("Id of the resource pool for virtual machine templates.")),
  host: optional(text("Id of the host for virtual machine templates.")),
  network: optional(text("Id of the network for virtual machine templates.")),
};

/** A subscribed library that a subscription is to make. */
export const subscriptionNewLibrarySpec = structure(
  "SubscriptionNewLibrarySpec",
  "A subscribed library that a subscription is to make.",
  {
    name: text("Name of the library, 1 to 80 characters."),
    description: optional(
      text("What the library is for; at most 2000 characters. Empty when absent."),
    ),
    storage_backings: listOf(
      storageBacking,
      "Where to keep the content: at most one place; none means the default place of the server.",
    ),
    automatic_sync_enabled: flag("Whether the library is to follow its publisher by itself."),
    on_demand: flag("Whether file content is to be fetched only when it is asked for."),
  },
  {
    canonical: `${SERVICE}.create_spec_new_subscribed_library`,
    required: ["name", "storage_backings", "automatic_sync_enabled", "on_demand"],
  },
);

/** The server that the subscribed library of a new subscription lives on. */
export const subscriptionServerSpec = structure(
  "SubscriptionServerSpec",
  "The other server that a subscribed library lives on.",
  { hostname: hostName, https_port: port },
  { canonical: `${SERVICE}.create_spec_vcenter`, required: ["hostname"] },
);

/** Where a new subscription is to place virtual machine templates. */
export const subscriptionPlacementSpec = structure(
  "SubscriptionPlacementSpec",
  "Where a subscriber is to place virtual machine templates; kept as told.",
  placementMembers,
  { canonical: `${SERVICE}.create_spec_placement` },
);

/** The subscribed library of a new subscription. */
export const subscriptionLibrarySpec = structure(
  "SubscriptionLibrarySpec",
  "The subscribed library of a new subscription.",
  {
    target: oneOf(
      SUBSCRIPTION_TARGETS,
      "Whether to make a subscribed library or to take one that is there.",
    ),
    new_subscribed_library: optional(
      of(subscriptionNewLibrarySpec, "The library to make; belongs to the target CREATE_NEW."),
    ),
    subscribed_library: optional(
      text("Id of the library to take; belongs to the target USE_EXISTING."),
    ),
    location,
    vcenter: optional(
      of(subscriptionServerSpec, "The other server; belongs to the location REMOTE."),
    ),
    placement: optional(
      of(subscriptionPlacementSpec, "Where virtual machine templates are to be placed."),
    ),
  },
  {
    canonical: `${SERVICE}.create_spec_subscribed_library`,
    required: ["target", "location"],
    unions: [
      {
        tag: "target",
        cases: {
          CREATE_NEW: { required: ["new_subscribed_library"] },
          USE_EXISTING: { required: ["subscribed_library"] },
        },
      },
      { tag: "location", cases: { REMOTE: { required: ["vcenter"] }, LOCAL: {} } },
    ],
  },
);

/** What a new subscription is made of. */
export const subscriptionCreateSpec = structure(
  "SubscriptionCreateSpec",
  "What a new subscription is made of.",
  { subscribed_library: of(subscriptionLibrarySpec, "The library that is to follow this one.") },
  { canonical: `${SERVICE}.create_spec`, required: ["subscribed_library"] },
);

/** Changes to the server that a subscribed library lives on. */
export const subscriptionServerUpdateSpec = structure(
  "SubscriptionServerUpdateSpec",
  "Changes to the other server that a subscribed library lives on; absent members stay as they are.",
  {
    hostname: optional(hostName),
    https_port: optional(integer("Port of its HTTPS endpoint.")),
  },
  { canonical: `${SERVICE}.update_spec_vcenter` },
);

/** Where a subscription is to place virtual machine templates from now on. */
export const subscriptionPlacementUpdateSpec = structure(
  "SubscriptionPlacementUpdateSpec",
  "Where a subscriber is to place virtual machine templates from now on; replaces the whole placement.",
  placementMembers,
  { canonical: `${SERVICE}.update_spec_placement` },
);

/** What can be changed of a subscription. */
export const subscriptionUpdateSpec = structure(
  "SubscriptionUpdateSpec",
  "Changes to a subscription; absent members stay as they are.",
  {
    subscribed_library_vcenter: optional(
      of(subscriptionServerUpdateSpec, "Changes to the other server."),
    ),
    subscribed_library_placement: optional(
      of(subscriptionPlacementUpdateSpec, "The placement, which is replaced as a whole."),
    ),
  },
  { canonical: `${SERVICE}.update_spec` },
);

/** The server that the subscribed library of a subscription lives on. */
export const subscriptionServerInfo = structure(
  "SubscriptionServerInfo",
  "The other server that a subscribed library lives on, as it is known.",
  { hostname: hostName, https_port: port, server_guid: text("Id of the other server.") },
  { canonical: `${SERVICE}.vcenter_info`, required: ["hostname", "server_guid"] },
);

/** Where a subscription places virtual machine templates. */
export const subscriptionPlacementInfo = structure(
  "SubscriptionPlacementInfo",
  "Where a subscriber places virtual machine templates; as it was told.",
  placementMembers,
  { canonical: `${SERVICE}.placement_info` },
);

const libraryId = text("Id of the subscribed library.");
const libraryName = text("Name of the subscribed library.");

/** A subscription, as get answers it. */
export const subscriptionModel = structure(
  "SubscriptionModel",
  "A subscription: one subscribed library that a published library knows of.",
  {
    subscribed_library: libraryId,
    subscribed_library_name: libraryName,
    subscribed_library_location: location,
    subscribed_library_vcenter: optional(
      of(subscriptionServerInfo, "The other server; present for the location REMOTE only."),
    ),
    subscribed_library_placement: of(
      subscriptionPlacementInfo,
      "Where virtual machine templates are placed; may hold nothing.",
    ),
  },
  {
    canonical: `${SERVICE}.info`,
    required: [
      "subscribed_library",
      "subscribed_library_name",
      "subscribed_library_location",
      "subscribed_library_placement",
    ],
    unions: [
      {
        tag: "subscribed_library_location",
        cases: { REMOTE: { required: ["subscribed_library_vcenter"] }, LOCAL: {} },
      },
    ],
  },
);

/** A subscription, as list answers it. */
export const subscriptionSummary = structure(
  "SubscriptionSummary",
  "A subscription in short, with its id.",
  {
    subscription: text("Id of the subscription."),
    subscribed_library: libraryId,
    subscribed_library_name: libraryName,
    subscribed_library_vcenter_hostname: optional(
      text("Name or address of the other server; absent when the library lives on this one."),
    ),
  },
  {
    canonical: `${SERVICE}.summary`,
    required: ["subscription", "subscribed_library", "subscribed_library_name"],
  },
);
