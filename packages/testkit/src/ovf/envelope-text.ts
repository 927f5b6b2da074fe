/** Attributes of an element by name; those that are undefined are left out. */
export type EnvelopeAttributes = Readonly<Record<string, string | number | undefined>>;

/** What an envelope is made of; what is left out is as a small sound template has it. */
export interface EnvelopeFields {
  readonly files?: readonly EnvelopeAttributes[];
  readonly disks?: readonly EnvelopeAttributes[];
  /** Text between the sections above and the systems, and the systems themselves. */
  readonly sections?: string;
  readonly systems?: string;
}

/** The namespace of OVF 1. */
export const OVF_1 = "http://schemas.dmtf.org/ovf/envelope/1";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const attributesText = (attributes: EnvelopeAttributes): string =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ovf:${name}="${escaped(String(value))}"`)
    .join("");

const elements = (name: string, all: readonly EnvelopeAttributes[]): string =>
  all.map((one) => `    <${name}${attributesText(one)}/>\n`).join("");

/** A virtual system that asks for nothing. */
export const PLAIN_SYSTEM = '<VirtualSystem ovf:id="vm"><Info>A machine</Info></VirtualSystem>';

/** An envelope around a text, on its second line. */
export const envelopeAround = (inside: string, namespace: string = OVF_1): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Envelope xmlns="${namespace}" xmlns:ovf="${namespace}"` +
  ` xmlns:vmw="http://www.vmware.com/schema/ovf" xmlns:rasd="urn:rasd">\n${inside}</Envelope>\n`;

/** A descriptor of OVF 1, with files from line 4 on. */
export const envelopeText = (fields: EnvelopeFields = {}): string => {
  const disks = elements("Disk", fields.disks ?? []);
  const diskSection =
    disks === "" ? "" : `  <DiskSection>\n    <Info>Disks</Info>\n${disks}  </DiskSection>\n`;
  return envelopeAround(
    `  <References>\n${elements("File", fields.files ?? [])}  </References>\n${diskSection}` +
      `${fields.sections ?? ""}  ${fields.systems ?? PLAIN_SYSTEM}\n`,
  );
};
