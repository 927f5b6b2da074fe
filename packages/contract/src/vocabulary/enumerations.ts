/** The enumerations of the API: upper case on the wire, and never a value the published descriptions do not know. Those at the end are ours. */

/** States of an update session; all but `ACTIVE` are final. */
export const UPDATE_SESSION_STATES = ["ACTIVE", "DONE", "ERROR", "CANCELED"] as const;
/** How an update session stands. */
export type UpdateSessionState = (typeof UPDATE_SESSION_STATES)[number];

/** States of a download session; all but `ACTIVE` are final. */
export const DOWNLOAD_SESSION_STATES = ["ACTIVE", "CANCELED", "ERROR"] as const;
/** How a download session stands. */
export type DownloadSessionState = (typeof DOWNLOAD_SESSION_STATES)[number];

/** Where the bytes of a file in an update session come from; `NONE` is a file that stays as it is. */
export const FILE_SOURCE_TYPES = ["NONE", "PUSH", "PULL"] as const;
/** Where the bytes of one file come from. */
export type FileSourceType = (typeof FILE_SOURCE_TYPES)[number];

/** How far the transfer of one file of an update session is. */
export const TRANSFER_STATUSES = [
  "WAITING_FOR_TRANSFER",
  "TRANSFERRING",
  "VALIDATING",
  "READY",
  "ERROR",
] as const;
/** How far one file of an update session is. */
export type TransferStatus = (typeof TRANSFER_STATUSES)[number];

/** How far the preparation of one file of a download session is. */
export const PREPARE_STATUSES = [
  "UNPREPARED",
  "PREPARE_REQUESTED",
  "PREPARING",
  "PREPARED",
  "ERROR",
] as const;
/** How far one file of a download session is. */
export type PrepareStatus = (typeof PREPARE_STATUSES)[number];

/** How a prepared file is fetched: over HTTP(S) from this server, or from the storage itself. */
export const ENDPOINT_TYPES = ["HTTPS", "DIRECT"] as const;
/** How one prepared file is fetched. */
export type EndpointType = (typeof ENDPOINT_TYPES)[number];

/** Digest algorithms of file checksums; an absent one means SHA1. */
export const CHECKSUM_ALGORITHMS = ["SHA1", "MD5", "SHA256", "SHA512"] as const;
/** The algorithm of a checksum. */
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** How far the preview of a session's metadata files is. */
export const PREVIEW_STATES = ["UNAVAILABLE", "NOT_APPLICABLE", "PREPARING", "AVAILABLE"] as const;
/** How far a preview is. */
export type PreviewState = (typeof PREVIEW_STATES)[number];

/** Warnings that signed content can raise, and that `warning_behavior` can tell the server to ignore. */
export const WARNING_TYPES = [
  "SELF_SIGNED_CERTIFICATE",
  "EXPIRED_CERTIFICATE",
  "NOT_YET_VALID_CERTIFICATE",
  "UNTRUSTED_CERTIFICATE",
] as const;
/** A warning of signed content. */
export type WarningType = (typeof WARNING_TYPES)[number];

/** Outcomes of checking the signature of an item's content. */
export const CERTIFICATE_VERIFICATION_STATUSES = [
  "NOT_AVAILABLE",
  "VERIFIED",
  "INTERNAL",
  "VERIFICATION_FAILURE",
  "VERIFICATION_IN_PROGRESS",
  "UNTRUSTED",
] as const;
/** What came of checking a signature. */
export type CertificateVerificationStatus = (typeof CERTIFICATE_VERIFICATION_STATUSES)[number];

/** Kinds of libraries. */
export const LIBRARY_TYPES = ["LOCAL", "SUBSCRIBED"] as const;
/** The kind of a library. */
export type LibraryType = (typeof LIBRARY_TYPES)[number];

/** Kinds of places a library keeps its content in. */
export const STORAGE_BACKING_TYPES = ["DATASTORE", "OTHER"] as const;
/** The kind of a place for content. */
export type StorageBackingType = (typeof STORAGE_BACKING_TYPES)[number];

/** How subscribers log in at a published library. */
export const AUTHENTICATION_METHODS = ["BASIC", "NONE"] as const;
/** How a subscriber logs in. */
export type AuthenticationMethod = (typeof AUTHENTICATION_METHODS)[number];

/** Rules that a security policy can hold the items of a type to. */
export const SECURITY_RULE_TYPES = ["OVF_STRICT_VERIFICATION"] as const;
/** A rule of a security policy. */
export type SecurityRuleType = (typeof SECURITY_RULE_TYPES)[number];

/** What trying a subscription can come to; all but `SUCCESS` say what stands in its way. */
export const PROBE_STATUSES = [
  "SUCCESS",
  "INVALID_URL",
  "TIMED_OUT",
  "HOST_NOT_FOUND",
  "RESOURCE_NOT_FOUND",
  "INVALID_CREDENTIALS",
  "CERTIFICATE_ERROR",
  "UNKNOWN_ERROR",
] as const;
/** What came of trying a subscription. */
export type ProbeStatus = (typeof PROBE_STATUSES)[number];

/** Whether a subscription makes its subscribed library or takes one that is there. */
export const SUBSCRIPTION_TARGETS = ["CREATE_NEW", "USE_EXISTING"] as const;
/** What a subscription does about its library. */
export type SubscriptionTarget = (typeof SUBSCRIPTION_TARGETS)[number];

/** Where a subscribed library lives as seen from its publisher: on the same server or on another one. */
export const SUBSCRIPTION_LOCATIONS = ["LOCAL", "REMOTE"] as const;
/** Where a subscribed library lives. */
export type SubscriptionLocation = (typeof SUBSCRIPTION_LOCATIONS)[number];

/** How a date inside a localizable message is to be shown. */
export const DATE_TIME_FORMATS = [
  "SHORT_DATE",
  "MED_DATE",
  "LONG_DATE",
  "FULL_DATE",
  "SHORT_TIME",
  "MED_TIME",
  "LONG_TIME",
  "FULL_TIME",
  "SHORT_DATE_TIME",
  "MED_DATE_TIME",
  "LONG_DATE_TIME",
  "FULL_DATE_TIME",
] as const;

/** Kinds of events a server tells of; ours, for the API has none. `GAP` stands for events that were lost. */
export const EVENT_KINDS = [
  "SESSION_CREATED",
  "SESSION_STATE",
  "SESSION_GONE",
  "FILE_ADDED",
  "FILE_STATUS",
  "FILE_REMOVED",
  "PROGRESS",
  "STALLED",
  "RESUMED",
  "GAP",
] as const;
/** The kind of an event. */
export type EventKind = (typeof EVENT_KINDS)[number];

/** What a grant lets do, each including the one before; ours. */
export const GRANT_ROLES = ["VIEWER", "EDITOR", "ADMINISTRATOR"] as const;
/** What one grant lets do. */
export type GrantRole = (typeof GRANT_ROLES)[number];

/** Kinds of sessions, where those of both kinds are told of together; ours. */
export const SESSION_KINDS = ["UPDATE", "DOWNLOAD"] as const;
/** The kind of a session. */
export type SessionKind = (typeof SESSION_KINDS)[number];

/** What an entry of the audit trail tells: a change, a login or its end, a login that was refused, or a call that was denied; ours. */
export const AUDIT_EVENTS = ["CHANGE", "LOGIN", "LOGIN_REFUSED", "DENIED"] as const;
/** What one entry of the audit trail tells. */
export type AuditEventKind = (typeof AUDIT_EVENTS)[number];

/** Who an entry of the audit trail is about: a user, somebody whom nobody knows, or the server by itself; ours. */
export const AUDIT_ACTORS = ["USER", "UNKNOWN", "SERVER"] as const;

/** Kinds of objects that the audit trail names; ours. */
export const AUDIT_OBJECT_KINDS = [
  "LIBRARY",
  "ITEM",
  "UPDATE_SESSION",
  "DOWNLOAD_SESSION",
  "FILE",
  "SUBSCRIPTION",
  "TRUSTED_CERTIFICATE",
  "SECRET",
  "CONFIGURATION",
  "USER",
  "GROUP",
  "TOKEN",
  "GRANT",
] as const;
/** The kind of an object in the audit trail. */
export type AuditObjectKindName = (typeof AUDIT_OBJECT_KINDS)[number];

/**
 * What an entry of the audit trail says was changed, or came of it; ours. The first are properties of things, then warnings that
 * somebody took on himself, then what a switch was turned to, then how sessions ended.
 */
export const AUDIT_CHANGES = [
  "name",
  "description",
  "type",
  "password",
  "members",
  "files",
  "storage",
  "publishing",
  "subscription",
  "security_policy",
  "placement",
  "automatic_sync",
  "sync_hours",
  "sync_limit",
  "pull_limit",
  "origin",
  "ignored_self_signed_certificate",
  "ignored_expired_certificate",
  "ignored_not_yet_valid_certificate",
  "ignored_untrusted_certificate",
  "enabled",
  "disabled",
  "published",
  "unpublished",
  "completed",
  "canceled",
  "failed",
  "expired",
] as const;
/** One thing that an entry of the audit trail says. */
export type AuditChange = (typeof AUDIT_CHANGES)[number];

/** What became of an object towards the first one of its entry of the audit trail; ours. */
export const AUDIT_RELATIONS = ["joined", "left"] as const;
/** What became of one object. */
export type AuditRelation = (typeof AUDIT_RELATIONS)[number];

/** File systems that an image of a disc can have; ours. */
export const IMAGE_FORMATS = ["ISO9660", "UDF"] as const;

/** Firmware that can start from an image of a disc; ours. */
export const IMAGE_BOOTS = ["BIOS", "UEFI"] as const;

/** How grave something is that was found in content; ours. */
export const FINDING_SEVERITIES = ["ERROR", "WARNING", "NOTE"] as const;
/** One of these. */
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number];
