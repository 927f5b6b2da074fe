import { z } from "zod";
import { CERTIFICATE_VERIFICATION_STATUSES, WARNING_TYPES } from "../vocabulary/enumerations.ts";
import { contentFinding, discImage } from "./content-facts.ts";
import { checksumInfo } from "./item.ts";
import { instant, integer, listOf, of, oneOf, optional, structure, text } from "./schema.ts";

/** A warning that somebody took on himself. */
const ignoredWarning = structure(
  "IgnoredWarning",
  "A warning with which content came to an item all the same.",
  {
    type: oneOf(WARNING_TYPES, "The kind of warning."),
    user: text("Full name of the user who completed the change and ignored it."),
  },
  { canonical: "contentlib.items.facts.ignored_warning", required: ["type", "user"] },
);

/** What verifying the content of an item came to. */
const itemVerification = structure(
  "ItemVerification",
  "What verifying the content of an item came to.",
  {
    status: oneOf(CERTIFICATE_VERIFICATION_STATUSES, "How far the content was verified."),
    reason: optional(text("Why it is not VERIFIED, as the end of a sentence.")),
    time: instant("When that was found out."),
    cert_chain: optional(
      listOf(z.string(), "Certificates in base64, the signer's first; absent when unsigned."),
    ),
    trusted_by: optional(
      text("Whom the trusted certificate names that the path of the signer leads to."),
    ),
    ignored_warnings: listOf(ignoredWarning, "Warnings that were ignored."),
  },
  {
    canonical: "contentlib.items.facts.verification",
    required: ["status", "time", "ignored_warnings"],
  },
);

/** The product that a template installs. */
const ovfProduct = structure(
  "OvfProduct",
  "The product that a template installs, as its maker wrote it.",
  {
    name: optional(text("Name of the product.")),
    vendor: optional(text("Who makes it.")),
    release: optional(text("Its version, short.")),
    full_release: optional(text("Its version, whole.")),
    url: optional(text("An address about it; nobody has looked where it leads.")),
  },
  { canonical: "contentlib.items.facts.ovf_product" },
);

/** A machine of a template. */
const ovfSystem = structure(
  "OvfSystem",
  "What a machine of a template asks for; what the descriptor does not say is absent.",
  {
    id: text("Id of the machine in the descriptor."),
    name: optional(text("Its name.")),
    operating_system: optional(text("Its operating system, in the words of the descriptor.")),
    cpus: optional(integer("How many processors it wants.")),
    memory_bytes: optional(text("How much memory it wants, in bytes, as decimal digits.")),
    network_cards: integer("How many network cards it wants."),
    hardware_family: optional(text("For which virtual hardware it was made.")),
  },
  { canonical: "contentlib.items.facts.ovf_system", required: ["id", "network_cards"] },
);

/** A disk of a template. */
const ovfDisk = structure(
  "OvfDisk",
  "A disk of a template.",
  {
    id: text("Id of the disk in the descriptor."),
    capacity_bytes: optional(text("How large it is for its machine, in bytes, as decimal digits.")),
    format: optional(text("Address of the format of its file.")),
  },
  { canonical: "contentlib.items.facts.ovf_disk", required: ["id"] },
);

/** What an OVF package says of itself. */
const ovfFacts = structure(
  "OvfFacts",
  "What the descriptor of an OVF package says; its maker's own words, so not to be shown as markup.",
  {
    standard: text("Version of OVF that the descriptor is written in: 0.9, 1 or 2."),
    product: optional(of(ovfProduct, "The product that it installs.")),
    annotation: optional(text("What else its maker says.")),
    systems: listOf(ovfSystem, "Its machines."),
    disks: listOf(ovfDisk, "Its disks."),
    networks: listOf(z.string(), "Networks that it names."),
    licences: listOf(z.string(), "Texts of the licences that must be agreed to."),
    extra_config_keys: listOf(
      z.string(),
      "Keys of advanced configuration, which an importer should look at.",
    ),
  },
  {
    canonical: "contentlib.items.facts.ovf",
    required: ["standard", "systems", "disks", "networks", "licences", "extra_config_keys"],
  },
);

/** The archive that the files of an item came in. */
const originalArchive = structure(
  "OriginalArchive",
  "The archive that the files of an item came in. It is in no list of files, and can be prepared for download by its name.",
  {
    name: text("Name of the archive."),
    size: integer("Its size in bytes."),
    checksum_info: of(checksumInfo, "Its checksum."),
  },
  { canonical: "contentlib.items.facts.original", required: ["name", "size", "checksum_info"] },
);

/** What is known of the content of an item beyond its files. */
export const itemFacts = structure(
  "ItemFacts",
  "What was found out about the present content of a library item beyond its files.",
  {
    version: text("The content version, a decimal number."),
    verification: optional(
      of(itemVerification, "What verifying it came to; absent where nobody looks into the files."),
    ),
    ovf: optional(of(ovfFacts, "What its descriptor says, where it is an OVF package.")),
    images: optional(
      listOf(discImage, "What its images of discs say, where the item is one of them."),
    ),
    findings: optional(
      listOf(
        contentFinding,
        "What was found that did not keep the content out; absent where nobody looked for it.",
      ),
    ),
    original: optional(
      of(originalArchive, "The archive that its files came in, where they came in one, unchanged."),
    ),
  },
  { canonical: "contentlib.items.facts.info", required: ["version"] },
);
