import type { OvfVersion } from "./descriptor.ts";
import type { XmlElement } from "./xml-scope.ts";

/** Namespaces of the envelope (DSP0243 5.1); that of 0.9 is VMware's draft. */
export const ENVELOPE_VERSIONS: ReadonlyMap<string, OvfVersion> = new Map([
  ["http://www.vmware.com/schema/ovf/1/envelope", "0.9"],
  ["http://schemas.dmtf.org/ovf/envelope/1", "1"],
  ["http://schemas.dmtf.org/ovf/envelope/2", "2"],
]);

/** VMware's additions to OVF. */
export const VMWARE_NAMESPACE = "http://www.vmware.com/schema/ovf";

const INSTANCE_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance";

const OVF_NAMESPACES = [...ENVELOPE_VERSIONS.keys(), ""];

/** An attribute of OVF by its local name. It should be in the envelope's namespace; writers also leave that out. */
export const ovfAttribute = (element: XmlElement, local: string): string | null => {
  for (const uri of OVF_NAMESPACES) {
    const value = element.attribute(uri, local);
    if (value !== null) return value;
  }
  return null;
};

/**
 * What an element of the envelope is: its name, and for the general elements of 0.9 (`Section`, `Content`) the name that their
 * `xsi:type` gives. Null for an element of another namespace; in 0.9 those within the envelope have none.
 */
export const kindOfElement = (element: XmlElement): string | null => {
  if (element.uri !== "" && !ENVELOPE_VERSIONS.has(element.uri)) return null;
  if (element.local !== "Section" && element.local !== "Content") return element.local;
  const type = element.attribute(INSTANCE_NAMESPACE, "type") ?? "";
  return /^(?:[^:]*:)?([^:]*)_Type$/.exec(type)?.[1] ?? element.local;
};
