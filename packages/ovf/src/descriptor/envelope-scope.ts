import { boundedText } from "../bounded-text.ts";
import { FACT_CHARACTERS_MAX, FACTS_OF_A_KIND_MAX } from "../limits.ts";
import type { FindingCode } from "../finding-codes.ts";
import type { FindingDetails } from "../make-finding.ts";
import type { EnvelopeParts, WrittenSystem } from "./envelope-parts.ts";
import { hardwareScope, textScope } from "./hardware-scope.ts";
import { ENVELOPE_VERSIONS, kindOfElement, ovfAttribute, VMWARE_NAMESPACE } from "./namespaces.ts";
import { referencesScope, sectionScope } from "./section-scopes.ts";
import { ReadingStopped } from "./xml-reader.ts";
import type { XmlElement, XmlScope } from "./xml-scope.ts";

/** Takes what is found while elements pass. */
type Tell = (code: FindingCode, details: FindingDetails) => void;

const osScope = (element: XmlElement, system: WrittenSystem): XmlScope => {
  const osType = element.attribute(VMWARE_NAMESPACE, "osType");
  if (osType !== null) system.osType ??= boundedText(osType, FACT_CHARACTERS_MAX);
  return {
    open: (child) =>
      kindOfElement(child) === "Description"
        ? textScope((text) => (system.osDescription ??= boundedText(text, FACT_CHARACTERS_MAX)))
        : null,
  };
};

const isSection = (kind: string): boolean => kind.endsWith("Section");

/** Reads an envelope, its systems and their sections into parts. */
class EnvelopeScope {
  readonly #parts: EnvelopeParts;
  readonly #tell: Tell;

  constructor(parts: EnvelopeParts, tell: Tell) {
    this.#parts = parts;
    this.#tell = tell;
  }

  open(element: XmlElement): XmlScope {
    const version = ENVELOPE_VERSIONS.get(element.uri);
    if (version === undefined || element.local !== "Envelope")
      throw new ReadingStopped("descriptor.namespace", {
        place: element.place,
        actual: element.uri === "" ? element.local : `${element.local} of ${element.uri}`,
      });
    this.#parts.version = version;
    return { open: (child) => this.#inEnvelope(child) };
  }

  #inEnvelope(element: XmlElement): XmlScope | null {
    const kind = kindOfElement(element);
    if (kind === "References") {
      this.#parts.references += 1;
      if (this.#parts.references === 2)
        this.#tell("descriptor.references_twice", { place: element.place });
      return referencesScope(this.#parts);
    }
    return kind === null ? null : this.#inAny(kind, element);
  }

  /** What the envelope and collections of systems have in common. */
  #inAny(kind: string, element: XmlElement): XmlScope | null {
    switch (kind) {
      case "VirtualSystem":
      case "Content":
        return this.#system(element);
      case "VirtualSystemCollection":
        this.#parts.systemCount += 1;
        return {
          open: (child) => {
            const inner = kindOfElement(child);
            return inner === null ? null : this.#inAny(inner, child);
          },
        };
      default:
        return isSection(kind)
          ? this.#section(kind, element, sectionScope(kind, this.#parts))
          : null;
    }
  }

  #system(element: XmlElement): XmlScope {
    this.#parts.systemCount += 1;
    const system: WrittenSystem = {
      id: boundedText(ovfAttribute(element, "id") ?? "", FACT_CHARACTERS_MAX),
      name: null,
      osType: null,
      osDescription: null,
      hardwareFamily: null,
      items: [],
    };
    if (this.#parts.systems.length < FACTS_OF_A_KIND_MAX) this.#parts.systems.push(system);
    return { open: (child) => this.#inSystem(kindOfElement(child), child, system) };
  }

  #inSystem(kind: string | null, element: XmlElement, system: WrittenSystem): XmlScope | null {
    switch (kind) {
      case null:
        return null;
      case "Name":
        return textScope((text) => (system.name ??= boundedText(text, FACT_CHARACTERS_MAX)));
      case "OperatingSystemSection":
        return this.#section(kind, element, osScope(element, system));
      case "VirtualHardwareSection":
        return this.#section(kind, element, hardwareScope(this.#parts, system));
      default:
        return this.#inAny(kind, element);
    }
  }

  /** Watches for the Info that each section begins with, and leaves the rest to the section's own scope. */
  #section(kind: string, element: XmlElement, inner: XmlScope | null): XmlScope {
    let hasInfo = false;
    return {
      open: (child) => {
        if (kindOfElement(child) === "Info") hasInfo = true;
        return inner?.open?.(child) ?? null;
      },
      close: () => {
        if (!hasInfo)
          this.#tell("descriptor.section_without_info", { place: element.place, subject: kind });
        inner?.close?.();
      },
    };
  }
}

/** What is done with a document that should be a descriptor: fills parts, and tells what is found on the way. */
export const documentScope = (parts: EnvelopeParts, tell: Tell): XmlScope =>
  new EnvelopeScope(parts, tell);
