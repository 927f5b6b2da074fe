import type { SecurityRuleType } from "@contentlib/contract/vocabulary/enumerations";
import { nameKey } from "./names.ts";

/** A kind of item that the server knows by its type; items of any other type are plain files (contract I5, L26). */
export interface ItemTypeSupport {
  /** What items of the kind have as their type. */
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly vendor: string;
  readonly version: string;
  /** Rules that a security policy can hold such items to. */
  readonly supportedRules: readonly SecurityRuleType[];
}

const VENDOR = "contentlib";

/** Each moves when what the server does for the kind of item changes, not with its releases. */
const SUPPORT_VERSIONS = { ovf: "2", iso: "2" } as const;

/** The kinds, in the order in which they are listed. */
export const ITEM_TYPES: readonly ItemTypeSupport[] = [
  {
    type: "ovf",
    name: "OVF packages",
    description:
      "A virtual machine in the Open Virtualization Format: a descriptor with its disks.",
    vendor: VENDOR,
    version: SUPPORT_VERSIONS.ovf,
    supportedRules: ["OVF_STRICT_VERIFICATION"],
  },
  {
    type: "iso",
    name: "ISO images",
    description: "Images of optical discs, to be inserted into the drive of a virtual machine.",
    vendor: VENDOR,
    version: SUPPORT_VERSIONS.iso,
    supportedRules: [],
  },
];

/** The type of items that are virtual machine templates; a client may give it, and the content of such an item is not made of files. */
const VM_TEMPLATE = "vm-template";

/** Whether items of the type can have files. */
export const holdsFiles = (itemType: string): boolean => nameKey(itemType) !== VM_TEMPLATE;
