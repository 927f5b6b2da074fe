import { boundedText } from "../bounded-text.ts";
import {
  DISK_ENTRIES_MAX,
  FACT_CHARACTERS_MAX,
  FACTS_OF_A_KIND_MAX,
  FILE_ENTRIES_MAX,
  LONG_FACT_CHARACTERS_MAX,
} from "../limits.ts";
import type { EnvelopeParts, WrittenProduct } from "./envelope-parts.ts";
import { textScope } from "./hardware-scope.ts";
import { kindOfElement, ovfAttribute } from "./namespaces.ts";
import { ReadingStopped } from "./xml-reader.ts";
import type { XmlElement, XmlScope } from "./xml-scope.ts";

const short = (text: string): string => boundedText(text, FACT_CHARACTERS_MAX);

const pushFact = (facts: string[], text: string): void => {
  if (facts.length < FACTS_OF_A_KIND_MAX) facts.push(text);
};

/** A scope that looks at children of one kind alone. */
const childScope = (kind: string, take: (element: XmlElement) => XmlScope | null): XmlScope => ({
  open: (element) => (kindOfElement(element) === kind ? take(element) : null),
});

/** The References (DSP0243 7.1). */
export const referencesScope = (parts: EnvelopeParts): XmlScope =>
  childScope("File", (element) => {
    if (parts.files.length >= FILE_ENTRIES_MAX)
      throw new ReadingStopped("descriptor.too_many_files", {
        place: element.place,
        expected: FILE_ENTRIES_MAX,
      });
    parts.files.push({
      place: element.place,
      id: ovfAttribute(element, "id"),
      href: ovfAttribute(element, "href"),
      size: ovfAttribute(element, "size"),
      compression: ovfAttribute(element, "compression"),
      chunkSize: ovfAttribute(element, "chunkSize"),
    });
    return null;
  });

const diskScope = (parts: EnvelopeParts): XmlScope =>
  childScope("Disk", (element) => {
    if (parts.disks.length >= DISK_ENTRIES_MAX)
      throw new ReadingStopped("descriptor.too_many_disks", {
        place: element.place,
        expected: DISK_ENTRIES_MAX,
      });
    parts.disks.push({
      place: element.place,
      id: ovfAttribute(element, "diskId"),
      fileRef: ovfAttribute(element, "fileRef"),
      parentRef: ovfAttribute(element, "parentRef"),
      capacity: ovfAttribute(element, "capacity"),
      units: ovfAttribute(element, "capacityAllocationUnits"),
      populatedSize: ovfAttribute(element, "populatedSize"),
      format: ovfAttribute(element, "format"),
    });
    return null;
  });

const networkScope = (parts: EnvelopeParts): XmlScope =>
  childScope("Network", (element) => {
    const name = ovfAttribute(element, "name");
    if (name !== null) pushFact(parts.networks, short(name));
    return null;
  });

const PRODUCT_MEMBERS: ReadonlyMap<string, keyof WrittenProduct> = new Map([
  ["Product", "name"],
  ["Vendor", "vendor"],
  ["Version", "version"],
  ["FullVersion", "fullVersion"],
  ["ProductUrl", "url"],
]);

/** The first ProductSection that says something tells of the template; others tell of what is installed in it. */
const productScope = (parts: EnvelopeParts): XmlScope => {
  const product: WrittenProduct = {
    name: null,
    vendor: null,
    version: null,
    fullVersion: null,
    url: null,
  };
  return {
    open: (element) => {
      const member = PRODUCT_MEMBERS.get(kindOfElement(element) ?? "");
      return member === undefined ? null : textScope((text) => (product[member] ??= short(text)));
    },
    close: () => {
      const saysSomething = Object.values(product).some((value) => value !== null);
      if (saysSomething) parts.product ??= product;
    },
  };
};

const annotationScope = (parts: EnvelopeParts): XmlScope =>
  childScope("Annotation", () =>
    textScope((text) => (parts.annotation ??= boundedText(text, LONG_FACT_CHARACTERS_MAX))),
  );

const licenceScope = (parts: EnvelopeParts): XmlScope =>
  childScope("License", () =>
    textScope((text) => pushFact(parts.licences, boundedText(text, LONG_FACT_CHARACTERS_MAX))),
  );

/** Configurations to choose from (DSP0243 9.8): the one marked as default holds, else the first. */
const configurationScope = (parts: EnvelopeParts): XmlScope =>
  childScope("Configuration", (element) => {
    const id = ovfAttribute(element, "id");
    const isDefault = ["true", "1"].includes(ovfAttribute(element, "default") ?? "");
    if (id !== null && isDefault && !parts.isConfigurationMarked) {
      parts.configuration = id;
      parts.isConfigurationMarked = true;
    }
    parts.configuration ??= id;
    return null;
  });

const SCOPES: ReadonlyMap<string, (parts: EnvelopeParts) => XmlScope> = new Map([
  ["DiskSection", diskScope],
  ["NetworkSection", networkScope],
  ["ProductSection", productScope],
  ["AnnotationSection", annotationScope],
  ["EulaSection", licenceScope],
  ["DeploymentOptionSection", configurationScope],
]);

/** What is read of a section that may stand in the envelope and in systems alike; null for one that is passed over. */
export const sectionScope = (kind: string, parts: EnvelopeParts): XmlScope | null =>
  SCOPES.get(kind)?.(parts) ?? null;
