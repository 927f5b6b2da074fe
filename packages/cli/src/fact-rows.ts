import type { ItemFacts } from "@contentlib/client";
import { formatBytes } from "./output.ts";

type Row = readonly [string, string];
type Ovf = NonNullable<ItemFacts["ovf"]>;

/** A row, where there is something to say. */
const row = (name: string, value: string | undefined): readonly Row[] =>
  value === undefined || value === "" ? [] : [[name, value]];

const bytesText = (digits: string | undefined): string | undefined => {
  if (digits === undefined) return undefined;
  const bytes = Number(digits);
  return Number.isSafeInteger(bytes) ? formatBytes(bytes) : `${digits} bytes`;
};

const systemText = (system: Ovf["systems"][number]): string =>
  [
    system.name ?? system.id,
    system.operating_system,
    system.cpus === undefined ? undefined : `${system.cpus} CPUs`,
    bytesText(system.memory_bytes),
    `${system.network_cards} network cards`,
  ]
    .filter((part) => part !== undefined)
    .join(", ");

const productText = ({ name, release, full_release, vendor }: NonNullable<Ovf["product"]>) =>
  [name, full_release ?? release, vendor === undefined ? undefined : `by ${vendor}`]
    .filter((part) => part !== undefined)
    .join(" ");

const licencesText = ({ length }: readonly string[]): string | undefined =>
  length === 0 ? undefined : `${length}, to be agreed to`;

const ovfRows = (ovf: Ovf): readonly Row[] => [
  ...row("product", ovf.product === undefined ? undefined : productText(ovf.product)),
  ...ovf.systems.flatMap((system) => row("machine", systemText(system))),
  ...ovf.disks.flatMap(({ id, capacity_bytes }) =>
    row("disk", [id, bytesText(capacity_bytes)].filter((part) => part !== undefined).join(", ")),
  ),
  ...row("networks", ovf.networks.join(", ")),
  ...row("licences", licencesText(ovf.licences)),
  ...row("advanced", ovf.extra_config_keys.join(", ")),
];

const verificationRows = (found: NonNullable<ItemFacts["verification"]>): readonly Row[] => [
  ["signature", found.reason === undefined ? found.status : `${found.status}: ${found.reason}`],
  ...row("trusted by", found.trusted_by),
  ...found.ignored_warnings.map(({ type, user }): Row => ["ignored", `${type} by ${user}`]),
];

const imageText = (image: NonNullable<ItemFacts["images"]>[number]): string =>
  [
    image.file,
    image.formats.join(" and ") || "no volume",
    image.volume_label === undefined ? undefined : `labelled ${image.volume_label}`,
    image.volume_size === undefined ? undefined : `volume of ${formatBytes(image.volume_size)}`,
    image.boots.length === 0 ? undefined : `boots by ${image.boots.join(" and ")}`,
    image.hybrid ? "from a stick too" : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(", ");

const originalText = ({ name, size }: NonNullable<ItemFacts["original"]>): string =>
  `${name} (${formatBytes(size)}), as it was pushed: pull --as ova`;

/** What was found out about the content of an item, as rows of a table. */
export const factRows = ({
  verification,
  ovf,
  images = [],
  findings = [],
  original,
}: ItemFacts): readonly Row[] => [
  ...(verification === undefined ? [] : verificationRows(verification)),
  ...(ovf === undefined ? [] : ovfRows(ovf)),
  ...images.map((image): Row => ["image", imageText(image)]),
  ...findings.map(({ severity, text, code }): Row => [severity.toLowerCase(), `${text} [${code}]`]),
  ...row("archive", original === undefined ? undefined : originalText(original)),
];
