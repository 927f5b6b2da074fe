import type { OperationInput } from "@contentlib/contract";
import type { LibraryPatch, LibraryWish } from "../../domain/plan-library.ts";
import type { PublishInfoWish } from "../../domain/publish-info.ts";
import { given } from "../given.ts";

type CreateSpec = OperationInput<"localLibrary.create">["create_spec"];
type UpdateSpec = OperationInput<"localLibrary.update">["update_spec"];

const publishWish = (spec: NonNullable<CreateSpec["publish_info"]>): PublishInfoWish =>
  given({
    authenticationMethod: spec.authentication_method,
    published: spec.published,
    userName: spec.user_name,
    password: spec.password,
    persistJsonEnabled: spec.persist_json_enabled,
  });

/** The wire's create spec in the words of the domain. */
export const libraryWish = (spec: CreateSpec): LibraryWish =>
  given({
    name: spec.name,
    description: spec.description,
    storageBackings: spec.storage_backings?.map((backing) =>
      given({
        type: backing.type,
        datastoreId: backing.datastore_id,
        storageUri: backing.storage_uri,
      }),
    ),
    publishInfo: spec.publish_info === undefined ? undefined : publishWish(spec.publish_info),
    optimizeRemotePublishing: spec.optimization_info?.optimize_remote_publishing,
    securityPolicyId: spec.security_policy_id,
  });

/** The wire's update spec in the words of the domain; taking a policy away that no library can have is no change. */
export const libraryPatch = (spec: UpdateSpec): LibraryPatch =>
  given({
    name: spec.name,
    description: spec.description,
    version: spec.version,
    publishInfo: spec.publish_info === undefined ? undefined : publishWish(spec.publish_info),
    securityPolicyId: spec.unset_security_policy_id === true ? undefined : spec.security_policy_id,
  });
