import type { OperationInput } from "@contentlib/contract";
import type {
  LibraryPatch,
  LibraryWish,
  SubscribedLibraryWish,
} from "../../domain/plan-library.ts";
import type { PublishInfoWish } from "../../domain/publish-info.ts";
import type { StorageBackingWish } from "../../domain/storage-backing.ts";
import type { SubscriptionInfoWish } from "../../domain/subscription-info.ts";
import type { Call } from "../call.ts";
import { given } from "../given.ts";

type CreateSpec = OperationInput<"localLibrary.create">["create_spec"];
type SubscribedSpec = OperationInput<"subscribedLibrary.create">["create_spec"];

/** What the updates of every service read: each has its own members, all of which may be absent. */
type UpdateSpec = OperationInput<"localLibrary.update">["update_spec"] &
  OperationInput<"subscribedLibrary.update">["update_spec"];

const publishWish = (spec: NonNullable<CreateSpec["publish_info"]>): PublishInfoWish =>
  given({
    authenticationMethod: spec.authentication_method,
    published: spec.published,
    userName: spec.user_name,
    password: spec.password,
    currentPassword: spec.current_password,
    persistJsonEnabled: spec.persist_json_enabled,
  });

/** The wire's source of a subscribed library in the words of the domain. */
export const subscriptionInfoWish = (
  spec: SubscribedSpec["subscription_info"],
): SubscriptionInfoWish =>
  given({
    authenticationMethod: spec.authentication_method,
    automaticSyncEnabled: spec.automatic_sync_enabled,
    onDemand: spec.on_demand,
    subscriptionUrl: spec.subscription_url,
    userName: spec.user_name,
    password: spec.password,
    sslThumbprint: spec.ssl_thumbprint,
    sslCertificate: spec.ssl_certificate,
    source:
      spec.source_info === undefined
        ? undefined
        : given({
            libraryId: spec.source_info.source_library,
            subscriptionId: spec.source_info.subscription,
          }),
  });

/** The wire's storage backings in the words of the domain. */
export const backingWishes = (
  specs: NonNullable<CreateSpec["storage_backings"]>,
): readonly StorageBackingWish[] =>
  specs.map((backing) =>
    given({
      type: backing.type,
      datastoreId: backing.datastore_id,
      storageUri: backing.storage_uri,
    }),
  );

const newLibraryWish = (spec: Omit<CreateSpec, "publish_info">) =>
  given({
    name: spec.name,
    description: spec.description,
    storageBackings:
      spec.storage_backings === undefined ? undefined : backingWishes(spec.storage_backings),
    optimizeRemotePublishing: spec.optimization_info?.optimize_remote_publishing,
    securityPolicyId: spec.security_policy_id,
  });

/** Names what is taken and changes nothing: the address is the server's to say, and a new library has no present password. */
export const reportUnusedPublishing = (
  call: Pick<Call, "ignored">,
  spec: CreateSpec["publish_info"],
  { isNew }: { readonly isNew: boolean },
): void => {
  if (spec?.publish_url !== undefined) call.ignored("publish_info.publish_url");
  if (isNew && spec?.current_password !== undefined) call.ignored("publish_info.current_password");
};

/** The wire's create spec of a local library in the words of the domain. */
export const libraryWish = (spec: CreateSpec): LibraryWish => ({
  ...newLibraryWish(spec),
  ...(spec.publish_info === undefined ? {} : { publishInfo: publishWish(spec.publish_info) }),
});

/** The wire's create spec of a subscribed library in the words of the domain. */
export const subscribedLibraryWish = (spec: SubscribedSpec): SubscribedLibraryWish => ({
  ...newLibraryWish(spec),
  subscriptionInfo: subscriptionInfoWish(spec.subscription_info),
});

/** The wire's update spec in the words of the domain; a policy that is taken away goes before one that is named (contract L19). */
export const libraryPatch = (spec: UpdateSpec): LibraryPatch =>
  given({
    name: spec.name,
    description: spec.description,
    version: spec.version,
    publishInfo: spec.publish_info === undefined ? undefined : publishWish(spec.publish_info),
    subscriptionInfo:
      spec.subscription_info === undefined
        ? undefined
        : subscriptionInfoWish(spec.subscription_info),
    securityPolicyId: spec.unset_security_policy_id === true ? null : spec.security_policy_id,
  });
