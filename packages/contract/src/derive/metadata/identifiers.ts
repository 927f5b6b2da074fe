/** Members and parameters that name an object of the API without saying so by their ending. */
const NAMES: ReadonlySet<string> = new Set([
  "id",
  "certificate",
  "cluster",
  "folder",
  "host",
  "library",
  "library_item",
  "network",
  "policy",
  "resource_pool",
  "source_library",
  "subscribed_library",
  "subscription",
]);

const CONTENT = "com.vmware.content";

/** Members that are identifiers in one place only. */
const PLACES: ReadonlySet<string> = new Set([
  `${CONTENT}.library_model.server_guid`,
  `${CONTENT}.library.item_model.content_version`,
  `${CONTENT}.library.item.changes.summary.version`,
  `${CONTENT}.library.item.changes.get.version`,
]);

/** Texts for people have an id too, of another kind: it names a text and no object. */
const TEXTS = "com.vmware.vapi.std.";

/**
 * Whether the API's type system calls a string an identifier. On the wire both are strings, and this contract makes no
 * difference; clients that build objects from the metadata do.
 */
export const isIdentifier = (owner: string, member: string): boolean =>
  !owner.startsWith(TEXTS) &&
  (NAMES.has(member) || member.endsWith("_id") || PLACES.has(`${owner}.${member}`));
