import {
  CERTIFICATE_VERIFICATION_STATUSES,
  CHECKSUM_ALGORITHMS,
  ENDPOINT_TYPES,
  FILE_SOURCE_TYPES,
  LIBRARY_TYPES,
  PREPARE_STATUSES,
  SECURITY_RULE_TYPES,
  SUBSCRIPTION_LOCATIONS,
  TRANSFER_STATUSES,
  WARNING_TYPES,
} from "../../vocabulary/enumerations.ts";

const CONTENT = "com.vmware.content";
const ITEM = `${CONTENT}.library.item`;

/** The enumerations of the API that are not named for the one member that holds them. */
const SHARED: readonly (readonly [string, readonly string[]])[] = [
  [`${CONTENT}.library_model.library_type`, LIBRARY_TYPES],
  [`${CONTENT}.security_rule_type`, SECURITY_RULE_TYPES],
  [`${CONTENT}.library.subscriptions.location`, SUBSCRIPTION_LOCATIONS],
  [`${ITEM}.cert_verification_status`, CERTIFICATE_VERIFICATION_STATUSES],
  [`${ITEM}.file.checksum_algorithm`, CHECKSUM_ALGORITHMS],
  [`${ITEM}.transfer_status`, TRANSFER_STATUSES],
  [`${ITEM}.updatesession.file.source_type`, FILE_SOURCE_TYPES],
  [`${ITEM}.updatesession.warning_type`, WARNING_TYPES],
  [`${ITEM}.downloadsession.file.prepare_status`, PREPARE_STATUSES],
  [`${ITEM}.downloadsession.file.endpoint_type`, ENDPOINT_TYPES],
];

/** Enumerations whose last segment is more than the name of the member. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  [
    "com.vmware.vapi.std.localization_param.format",
    "com.vmware.vapi.std.localization_param.date_time_format",
  ],
]);

const keyOf = (values: readonly string[]): string => values.toSorted().join(" ");
const sharedNames: ReadonlyMap<string, string> = new Map(
  SHARED.map(([name, values]) => [keyOf(values), name]),
);

/**
 * The dotted name of the enumeration that a member holds. The contract knows enumerations by their values; the API names those
 * that several members share, and the others for the structure and the member.
 */
export const enumerationName = (
  owner: string,
  member: string,
  values: readonly string[],
): string => {
  const nested = `${owner}.${member}`;
  return sharedNames.get(keyOf(values)) ?? RENAMED.get(nested) ?? nested;
};
