import { z } from "zod";
import {
  CERTIFICATE_VERIFICATION_STATUSES,
  CHECKSUM_ALGORITHMS,
} from "../vocabulary/enumerations.ts";
import { storageBacking } from "./library.ts";
import {
  flag,
  instant,
  integer,
  listOf,
  of,
  oneOf,
  optional,
  structure,
  text,
  uri,
} from "./schema.ts";

const ITEM_MODEL = { canonical: "com.vmware.content.library.item_model" } as const;

/** The checksum of a file. */
export const checksumInfo = structure(
  "ChecksumInfo",
  "The checksum of a file.",
  {
    algorithm: optional(oneOf(CHECKSUM_ALGORITHMS, "The algorithm; SHA1 when absent.")),
    checksum: text("The digest in hexadecimal digits of either case."),
  },
  { canonical: "com.vmware.content.library.item.file.checksum_info", required: ["checksum"] },
);

/** What is known of the signature of an item's content. */
export const certificateVerificationInfo = structure(
  "CertificateVerificationInfo",
  "What is known of the signature of an item's content.",
  {
    status: oneOf(CERTIFICATE_VERIFICATION_STATUSES, "The outcome of the check."),
    cert_chain: optional(
      listOf(z.string(), "The certificates, the signing one first; absent when unsigned."),
    ),
  },
  {
    canonical: "com.vmware.content.library.item.certificate_verification_info",
    required: ["status"],
  },
);

/** A library item, as get answers it. */
export const itemModel = structure(
  "ItemModel",
  "A library item: a named set of files that change together.",
  {
    id: text("Id of the item."),
    library_id: text("Id of the library the item belongs to."),
    content_version: text(
      "Version of the files, a decimal number; grows by one with each completed change.",
    ),
    creation_time: instant("When the item was created."),
    description: text("What the item is; at most 2000 characters."),
    last_modified_time: instant("When a property or a file of the item last changed."),
    last_sync_time: optional(
      instant("When an item of a subscribed library last followed its publisher."),
    ),
    metadata_version: text("Version of the properties, a decimal number; files do not move it."),
    name: text("Name of the item, 1 to 80 characters, unique in its library whatever the case."),
    cached: flag("Whether every file is stored here."),
    size: optional(integer("Sum of the storage sizes of the files, in bytes.")),
    type: optional(
      text("Kind of the item, such as ovf, iso or a word of your own; empty when none was given."),
    ),
    version: text("Version of the properties, which update compares; a decimal number."),
    source_id: optional(text("Id of the item this one follows, in a subscribed library.")),
    security_compliance: flag("Whether the content keeps to the security policy of its library."),
    certificate_verification_info: optional(
      of(certificateVerificationInfo, "What is known of the signature of the content."),
    ),
  },
  ITEM_MODEL,
);

const name = "Name of the item, 1 to 80 characters, unique in its library whatever the case.";
const description = "What the item is; at most 2000 characters.";
const type = "Kind of the item, such as ovf, iso or a word of your own; empty counts as absent.";

const shownMembers = [
  "id",
  "content_version",
  "creation_time",
  "last_modified_time",
  "last_sync_time",
  "metadata_version",
  "cached",
  "size",
  "source_id",
  "security_compliance",
  "certificate_verification_info",
] as const;

/** What a new item is made of. */
export const itemCreateSpec = structure(
  "ItemCreateSpec",
  "What a new library item is made of.",
  {
    library_id: text("Id of the library the item is to belong to."),
    name: text(name),
    description: optional(text(`${description} Empty when absent.`)),
    type: optional(text(type)),
  },
  { ...ITEM_MODEL, ignored: [...shownMembers, "version"] },
);

/** What a copy of an item is made of. */
export const itemCopySpec = structure(
  "ItemCopySpec",
  "What a copy of a library item is made of; the files are those of the source.",
  {
    library_id: text("Id of the library the copy is to belong to."),
    name: text(name),
    description: optional(text(`${description} That of the source when absent.`)),
    type: optional(text(`${type} That of the source when absent.`)),
  },
  { ...ITEM_MODEL, ignored: [...shownMembers, "version"] },
);

/** What can be changed of an item. */
export const itemUpdateSpec = structure(
  "ItemUpdateSpec",
  "Changes to a library item; absent members stay as they are.",
  {
    name: optional(text(name)),
    description: optional(text(description)),
    type: optional(text(type)),
    version: optional(
      text("The version this change was made upon; another present version refuses the change."),
    ),
  },
  { ...ITEM_MODEL, ignored: [...shownMembers, "library_id"] },
);

/** What items are looked for by. */
export const itemFindSpec = structure(
  "ItemFindSpec",
  "What library items are looked for by; all that is given must fit.",
  {
    name: optional(text("The whole name, in any case.")),
    library_id: optional(text("Id of the library to look in.")),
    source_id: optional(text("Id of the item of the publisher.")),
    type: optional(text("The whole type, in any case.")),
    cached: optional(flag("Whether every file is stored here.")),
  },
  { canonical: "com.vmware.content.library.item.find_spec" },
);

const fileMembers = {
  checksum_info: optional(of(checksumInfo, "Checksum of the file; absent when it has no content.")),
  name: text("Name of the file, unique in its item."),
  size: integer("Bytes the file takes in the storage."),
  cached: flag("Whether the file is stored here."),
  version: text(
    "Version of the file, a decimal number; grows by one each time the file is replaced.",
  ),
};

const requiredFileMembers = ["name", "size", "cached", "version"] as const;

/** A file of an item. */
export const itemFileInfo = structure("ItemFileInfo", "A file of a library item.", fileMembers, {
  canonical: "com.vmware.content.library.item.file.info",
  required: requiredFileMembers,
});

/** A file of an item and where it is stored. */
export const itemStorageInfo = structure(
  "ItemStorageInfo",
  "A file of a library item and where it is stored.",
  {
    storage_backing: of(storageBacking, "The place that holds the file."),
    storage_uris: listOf(uri("An address."), "Addresses of the file in its storage; at least one."),
    ...fileMembers,
  },
  {
    canonical: "com.vmware.content.library.item.storage.info",
    required: ["storage_backing", "storage_uris", ...requiredFileMembers],
  },
);

/** A subscription that is to be served with an item. */
export const itemDestinationSpec = structure(
  "ItemDestinationSpec",
  "A subscription that is to be served with an item.",
  { subscription: text("Id of the subscription.") },
  { canonical: "com.vmware.content.library.item.destination_spec", required: ["subscription"] },
);
