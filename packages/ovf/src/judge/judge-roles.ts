import type { Finding } from "../finding.ts";
import type { FindingCode } from "../finding-codes.ts";
import { makeFinding } from "../make-finding.ts";
import type { PackageContents } from "./package-contents.ts";
import { baseNameOf, type PackageRoles } from "./package-roles.ts";

const several = (code: FindingCode, file: string, names: readonly string[]): readonly Finding[] =>
  names.length > 1 ? [makeFinding(code, file, { actual: names.join(", ") })] : [];

/** The name pairs a file with its descriptor; where there is only one of a kind it counts whatever its name is. */
const namedOtherwise = (
  code: FindingCode,
  names: readonly string[],
  descriptorName: string | undefined,
): readonly Finding[] => {
  const [name] = names;
  if (name === undefined || names.length > 1 || descriptorName === undefined) return [];
  const isPaired =
    baseNameOf(name).normalize("NFC") === baseNameOf(descriptorName).normalize("NFC");
  return isPaired ? [] : [makeFinding(code, name, { subject: descriptorName })];
};

/** Findings about which descriptors, manifests and certificates there are. */
export const judgeRoles = (
  contents: PackageContents,
  { descriptors, manifests, certificates }: PackageRoles,
): readonly Finding[] => {
  const { name } = contents;
  const descriptorName = contents.descriptor?.fileName ?? descriptors[0];
  const hasManifest = manifests.length > 0 || contents.manifest !== null;
  const hasCertificate = certificates.length > 0 || contents.certificate !== null;
  return [
    ...(descriptorName === undefined ? [makeFinding("descriptor.missing", name)] : []),
    ...several("descriptor.several", name, descriptors),
    ...several("manifest.several", name, manifests),
    ...several("certificate.several", name, certificates),
    ...(hasCertificate && !hasManifest
      ? [makeFinding("certificate.without_manifest", certificates[0] ?? name)]
      : []),
    ...namedOtherwise("manifest.named_otherwise", manifests, descriptorName),
    ...namedOtherwise("certificate.named_otherwise", certificates, descriptorName),
  ];
};
