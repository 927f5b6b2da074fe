// The structures of the content services as JSON-RPC names them, written down by hand and apart from the contract of this repository,
// so that the two hold each other.

/** The members of a structure, as `name:type`, with a question mark behind the name of an optional one. */
export type MembersText = string;

/**
 * Members by the canonical name, which is written without its beginning, `com.vmware.`. A type is `text`, `time`, `integer`,
 * `boolean`, `secret`, `nothing`, a structure's name, or one of these in brackets: `[list]`, `<set>`, `{map}`.
 */
export const STRUCTURES: Readonly<Record<string, MembersText>> = {
  "vapi.std.localizable_message": "id:text default_message:text args:[text]",
  "content.configuration_model":
    "automatic_sync_enabled?:boolean automatic_sync_start_hour?:integer automatic_sync_stop_hour?:integer maximum_concurrent_item_syncs?:integer contentlib_maximum_concurrent_pulls?:integer contentlib_maximum_concurrent_pulls_per_server?:integer",
  "content.library.find_spec": "name?:text type?:text",
  "content.library_model":
    "id?:text creation_time?:time description?:text last_modified_time?:time last_sync_time?:time name?:text storage_backings?:[content.library.storage_backing] type?:text optimization_info?:content.library.optimization_info version?:text publish_info?:content.library.publish_info subscription_info?:content.library.subscription_info server_guid?:text security_policy_id?:text unset_security_policy_id?:boolean",
  "content.local_library.destination_spec": "subscription:text",
  "content.security_policies.info": "policy:text name:text item_type_rules:{text}",
  "content.subscribed_library.probe_result":
    "status:text ssl_thumbprint?:text error_messages:[vapi.std.localizable_message]",
  "content.trusted_certificates.info": "cert_text:text",
  "content.trusted_certificates.summary": "certificate:text cert_text:text",
  "content.trusted_certificates.list_result": "certificates:[content.trusted_certificates.summary]",
  "content.trusted_certificates.create_spec": "cert_text:text",
  "content.type.info":
    "description:text name:text type:text vendor:text version:text supported_rules?:[text]",
  "content.library.item.find_spec":
    "name?:text library_id?:text source_id?:text type?:text cached?:boolean",
  "content.library.item.destination_spec": "subscription:text",
  "content.library.item_model":
    "id?:text library_id?:text content_version?:text creation_time?:time description?:text last_modified_time?:time last_sync_time?:time metadata_version?:text name?:text cached?:boolean size?:integer type?:text version?:text source_id?:text security_compliance?:boolean certificate_verification_info?:content.library.item.certificate_verification_info",
  "content.library.optimization_info": "optimize_remote_publishing?:boolean",
  "content.library.publish_info":
    "authentication_method?:text published?:boolean publish_url?:text user_name?:text password?:secret current_password?:secret persist_json_enabled?:boolean",
  "content.library.source_info": "source_library?:text subscription?:text",
  "content.library.storage_backing": "type?:text datastore_id?:text storage_uri?:text",
  "content.library.subscription_info":
    "authentication_method?:text automatic_sync_enabled?:boolean on_demand?:boolean password?:secret ssl_thumbprint?:text ssl_certificate?:text subscription_url?:text user_name?:text source_info?:content.library.source_info",
  "content.library.subscriptions.create_spec_new_subscribed_library":
    "name:text description?:text storage_backings:[content.library.storage_backing] automatic_sync_enabled:boolean on_demand:boolean",
  "content.library.subscriptions.create_spec_vcenter": "hostname:text https_port?:integer",
  "content.library.subscriptions.create_spec_placement":
    "folder?:text cluster?:text resource_pool?:text host?:text network?:text",
  "content.library.subscriptions.create_spec_subscribed_library":
    "target:text new_subscribed_library?:content.library.subscriptions.create_spec_new_subscribed_library subscribed_library?:text location:text vcenter?:content.library.subscriptions.create_spec_vcenter placement?:content.library.subscriptions.create_spec_placement",
  "content.library.subscriptions.create_spec":
    "subscribed_library:content.library.subscriptions.create_spec_subscribed_library",
  "content.library.subscriptions.summary":
    "subscription:text subscribed_library:text subscribed_library_name:text subscribed_library_vcenter_hostname?:text",
  "content.library.subscriptions.update_spec_vcenter": "hostname?:text https_port?:integer",
  "content.library.subscriptions.update_spec_placement":
    "folder?:text cluster?:text resource_pool?:text host?:text network?:text",
  "content.library.subscriptions.update_spec":
    "subscribed_library_vcenter?:content.library.subscriptions.update_spec_vcenter subscribed_library_placement?:content.library.subscriptions.update_spec_placement",
  "content.library.subscriptions.vcenter_info":
    "hostname:text https_port?:integer server_guid:text",
  "content.library.subscriptions.placement_info":
    "folder?:text cluster?:text resource_pool?:text host?:text network?:text",
  "content.library.subscriptions.info":
    "subscribed_library:text subscribed_library_name:text subscribed_library_location:text subscribed_library_vcenter?:content.library.subscriptions.vcenter_info subscribed_library_placement:content.library.subscriptions.placement_info",
  "content.library.item.certificate_verification_info": "status:text cert_chain?:[text]",
  "content.library.item.changes.summary": "version:text time:time user?:text short_message?:text",
  "content.library.item.changes.info": "time:time user?:text message?:text",
  "content.library.item.download_session_model":
    "id?:text library_item_id?:text library_item_content_version?:text error_message?:vapi.std.localizable_message client_progress?:integer state?:text expiration_time?:time",
  "content.library.item.file.checksum_info": "algorithm?:text checksum:text",
  "content.library.item.file.info":
    "checksum_info?:content.library.item.file.checksum_info name:text size:integer cached:boolean version:text",
  "content.library.item.storage.info":
    "storage_backing:content.library.storage_backing storage_uris:[text] checksum_info?:content.library.item.file.checksum_info name:text size:integer cached:boolean version:text",
  "content.library.item.transfer_endpoint":
    "uri:text ssl_certificate_thumbprint?:text ssl_certificate?:text contentlib_key_pin?:text contentlib_ca_pin?:text contentlib_secret?:text",
  "content.library.item.update_session_model":
    "id?:text library_item_id?:text library_item_content_version?:text error_message?:vapi.std.localizable_message client_progress?:integer state?:text expiration_time?:time preview_info?:content.library.item.updatesession.preview_info warning_behavior?:[content.library.item.updatesession.warning_behavior]",
  "content.library.item.updatesession.certificate_info":
    "issuer:text subject:text self_signed:boolean x509:text",
  "content.library.item.updatesession.file.add_spec":
    "name:text source_type:text source_endpoint?:content.library.item.transfer_endpoint size?:integer checksum_info?:content.library.item.file.checksum_info",
  "content.library.item.updatesession.file.info":
    "name:text source_type:text size?:integer checksum_info?:content.library.item.file.checksum_info source_endpoint?:content.library.item.transfer_endpoint upload_endpoint?:content.library.item.transfer_endpoint bytes_transferred:integer status:text error_message?:vapi.std.localizable_message keep_in_storage?:boolean",
  "content.library.item.updatesession.file.validation_error":
    "name:text error_message:vapi.std.localizable_message",
  "content.library.item.updatesession.file.validation_result":
    "has_errors:boolean missing_files:<text> invalid_files:[content.library.item.updatesession.file.validation_error]",
  "content.library.item.updatesession.preview_info":
    "state:text certificate_info?:content.library.item.updatesession.certificate_info warnings?:[content.library.item.updatesession.preview_warning_info] cert_chain?:[text]",
  "content.library.item.updatesession.preview_warning_info":
    "type:text message:vapi.std.localizable_message ignored:boolean",
  "content.library.item.updatesession.warning_behavior": "type:text ignored:boolean",
  "content.library.item.downloadsession.file.info":
    "name:text size?:integer bytes_transferred:integer status:text download_endpoint?:content.library.item.transfer_endpoint checksum_info?:content.library.item.file.checksum_info error_message?:vapi.std.localizable_message",
  "cis.session.info": "user:text created_time:time last_accessed_time:time",
};

/** What a union allows beside its tag: for each value the members that must be there, and those that may with a question mark. */
export interface Union {
  readonly tag: string;
  readonly cases: Readonly<Record<string, readonly string[]>>;
}

/** The unions of structures in answers, by the structure. */
export const UNIONS: Readonly<Record<string, Union>> = {
  "content.library.storage_backing": {
    tag: "type",
    cases: { DATASTORE: ["datastore_id?"], OTHER: ["storage_uri?"] },
  },
  "content.library.subscriptions.info": {
    tag: "subscribed_library_location",
    cases: { REMOTE: ["subscribed_library_vcenter"], LOCAL: [] },
  },
  "content.library.item.update_session_model": {
    tag: "state",
    cases: { ACTIVE: ["preview_info?"], DONE: [], ERROR: [], CANCELED: [] },
  },
  "content.library.item.updatesession.file.info": {
    tag: "source_type",
    cases: { PULL: ["source_endpoint"], PUSH: ["upload_endpoint"], NONE: [] },
  },
  "content.library.item.updatesession.preview_info": {
    tag: "state",
    cases: {
      AVAILABLE: ["certificate_info?", "warnings"],
      UNAVAILABLE: [],
      NOT_APPLICABLE: [],
      PREPARING: [],
    },
  },
};
