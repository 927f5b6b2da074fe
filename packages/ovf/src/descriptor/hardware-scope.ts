import { boundedText } from "../bounded-text.ts";
import { FACT_CHARACTERS_MAX, FACTS_OF_A_KIND_MAX } from "../limits.ts";
import type { EnvelopeParts, WrittenItem, WrittenSystem } from "./envelope-parts.ts";
import { kindOfElement, ovfAttribute, VMWARE_NAMESPACE } from "./namespaces.ts";
import type { XmlElement, XmlScope } from "./xml-scope.ts";

/** The text directly inside an element, trimmed; nothing is said where it is empty. */
export const textScope = (take: (text: string) => void): XmlScope => ({
  text: (text) => {
    const trimmed = text.trim();
    if (trimmed !== "") take(trimmed);
  },
});

/** Numbers of CIM_ResourceAllocationSettingData.ResourceType for what facts are made of. */
const KINDS: ReadonlyMap<string, WrittenItem["kind"]> = new Map([
  ["3", "cpu"],
  ["4", "memory"],
  ["10", "network"],
]);

const ITEMS = new Set(["Item", "EthernetPortItem"]);

/** Members of an item that facts are made of; their namespaces differ between versions, their names hardly do. */
const itemScope = (element: XmlElement, items: WrittenItem[]): XmlScope => {
  let kind: WrittenItem["kind"] | null = null;
  let instance = "";
  let quantity: string | null = null;
  let units: string | null = null;
  const takers = new Map<string, (text: string) => void>([
    ["ResourceType", (text) => (kind = KINDS.get(text) ?? null)],
    ["InstanceID", (text) => (instance = boundedText(text, FACT_CHARACTERS_MAX))],
    ["InstanceId", (text) => (instance = boundedText(text, FACT_CHARACTERS_MAX))],
    ["VirtualQuantity", (text) => (quantity = boundedText(text, FACT_CHARACTERS_MAX))],
    ["AllocationUnits", (text) => (units = boundedText(text, FACT_CHARACTERS_MAX))],
  ]);
  const configurations = ovfAttribute(element, "configuration");
  return {
    open: (child) => {
      const take = takers.get(child.local);
      return take === undefined ? null : textScope(take);
    },
    close: () => {
      if (kind !== null)
        items.push({ place: element.place, kind, instance, quantity, units, configurations });
    },
  };
};

const familyScope = (system: WrittenSystem): XmlScope => ({
  open: (child) =>
    child.local === "VirtualSystemType"
      ? textScope((text) => (system.hardwareFamily ??= boundedText(text, FACT_CHARACTERS_MAX)))
      : null,
});

const vmwareAttribute = (element: XmlElement, local: string): string | null =>
  element.attribute(VMWARE_NAMESPACE, local) ?? element.attribute("", local);

const takeExtraConfig = (element: XmlElement, parts: EnvelopeParts): void => {
  const key = vmwareAttribute(element, "key");
  if (key !== null && parts.extraConfigKeys.size < FACTS_OF_A_KIND_MAX)
    parts.extraConfigKeys.add(boundedText(key, FACT_CHARACTERS_MAX));
  const value = vmwareAttribute(element, "value") ?? "";
  if (key === "nvram" && value !== "" && parts.nvrams.length < FACTS_OF_A_KIND_MAX)
    parts.nvrams.push({
      place: element.place,
      value: boundedText(value, FACT_CHARACTERS_MAX),
    });
};

/** A VirtualHardwareSection (DSP0243 8.1). What it asks for that is not understood is passed over: it can be stored. */
export const hardwareScope = (parts: EnvelopeParts, system: WrittenSystem): XmlScope => ({
  open: (element) => {
    if (element.uri === VMWARE_NAMESPACE && element.local === "ExtraConfig")
      takeExtraConfig(element, parts);
    const kind = kindOfElement(element);
    if (kind === "System") return familyScope(system);
    // Items with a bound tell of a range around another item.
    const isNormal = ["normal", null].includes(ovfAttribute(element, "bound"));
    return kind !== null && ITEMS.has(kind) && isNormal ? itemScope(element, system.items) : null;
  },
});
