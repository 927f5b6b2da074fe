import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AUTHENTICATION_METHODS,
  LIBRARY_TYPES,
  UPDATE_SESSION_STATES,
} from "../../vocabulary/enumerations.ts";
import { contractCatalog } from "./contract-catalog.ts";
import { enumerationName } from "./enumeration-names.ts";

test("an enumeration that several members share has one name, and others are named for their member", () => {
  const shared = "com.vmware.content.library_model.library_type";
  assert.equal(enumerationName("com.vmware.content.library_model", "type", LIBRARY_TYPES), shared);
  assert.equal(
    enumerationName("com.vmware.content.library.find_spec", "type", LIBRARY_TYPES.toReversed()),
    shared,
  );
  for (const owner of ["publish_info", "subscription_info"])
    assert.equal(
      enumerationName(owner, "authentication_method", AUTHENTICATION_METHODS),
      `${owner}.authentication_method`,
    );
  assert.equal(enumerationName("model", "state", UPDATE_SESSION_STATES), "model.state");
});

test("the enumerations of the contract have the names that the API publishes", () => {
  const item = "com.vmware.content.library.item";
  assert.deepEqual([...contractCatalog().enumerations.keys()].toSorted(), [
    `${item}.cert_verification_status`,
    `${item}.download_session_model.state`,
    `${item}.downloadsession.file.endpoint_type`,
    `${item}.downloadsession.file.prepare_status`,
    `${item}.file.checksum_algorithm`,
    `${item}.transfer_status`,
    `${item}.update_session_model.state`,
    `${item}.updatesession.file.source_type`,
    `${item}.updatesession.preview_info.state`,
    `${item}.updatesession.warning_type`,
    "com.vmware.content.library.publish_info.authentication_method",
    "com.vmware.content.library.storage_backing.type",
    "com.vmware.content.library.subscription_info.authentication_method",
    "com.vmware.content.library.subscriptions.create_spec_subscribed_library.target",
    "com.vmware.content.library.subscriptions.location",
    "com.vmware.content.library_model.library_type",
    "com.vmware.content.security_rule_type",
    "com.vmware.content.subscribed_library.probe_result.status",
    "com.vmware.vapi.std.errors.error.type",
    "com.vmware.vapi.std.localization_param.date_time_format",
  ]);
});
