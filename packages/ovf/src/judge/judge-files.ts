import type { Finding } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { findingOfName } from "../names/file-name.ts";
import { repeatedNames } from "../names/repeated-names.ts";
import type { NameIndex } from "./name-index.ts";
import type { PackageContents, PackageFile } from "./package-contents.ts";
import type { PackageRoles } from "./package-roles.ts";
import type { RequiredFile } from "./required-files.ts";

/** Findings about the names of all files. */
export const judgeNames = ({ name }: PackageContents, index: NameIndex): readonly Finding[] => [
  ...[...index.names].map((one) => findingOfName(one, name)).filter((one) => one !== null),
  ...repeatedNames(index.names).map((one) => makeFinding("name.twice", name, { subject: one })),
];

const missingFinding = (
  { name, reference, isGap }: RequiredFile,
  index: NameIndex,
  descriptorName: string,
): Finding | null => {
  // An href that means no file beside the descriptor was found wrong when it was read.
  if (reference.name === null) return null;
  const place = { line: reference.line };
  if (isGap) return makeFinding("file.chunk_gap", descriptorName, { place, subject: name });
  const other = index.findInOtherCase(name);
  return other === null
    ? makeFinding("file.missing", descriptorName, { place, subject: name })
    : makeFinding("file.case_differs", descriptorName, { place, subject: name, actual: other });
};

const sizeFinding = ({ size, chunk }: RequiredFile, file: PackageFile): Finding | null => {
  const actual = file.sizeBytes;
  if (size.kind === "unknown") return null;
  if (size.kind === "exactly" ? actual === size.bytes : actual <= size.bytes) return null;
  const code = chunk === null ? "file.size_differs" : "file.chunk_size_differs";
  const expected = size.kind === "exactly" ? size.bytes : `at most ${size.bytes}`;
  return makeFinding(code, file.name, { expected, actual });
};

const GZIP = [0x1f, 0x8b];

const isOtherThanGzip = (head: Uint8Array | undefined): boolean =>
  head !== undefined &&
  head.length >= GZIP.length &&
  !GZIP.every((byte, index) => head[index] === byte);

const contentFindings = (
  required: RequiredFile,
  file: PackageFile,
  diskFileIds: ReadonlySet<string | null>,
): readonly Finding[] => {
  const size = sizeFinding(required, file);
  if (size !== null) return [size];
  if (file.sizeBytes === 0 && diskFileIds.has(required.reference.id))
    return [makeFinding("file.empty_disk", file.name)];
  // The stream begins in the first chunk.
  const isBeginning = required.chunk === null || required.chunk === 0;
  const isWrong =
    isBeginning && required.reference.compression === "gzip" && isOtherThanGzip(file.head);
  return isWrong ? [makeFinding("file.not_as_compressed", file.name)] : [];
};

/** Findings about the files that the descriptor needs, in its order. */
export const judgeRequired = (
  contents: PackageContents,
  required: readonly RequiredFile[],
  index: NameIndex,
): readonly Finding[] => {
  const { descriptor, files } = contents;
  if (descriptor === null) return [];
  const diskFileIds = new Set(descriptor.facts.disks.map(({ fileId }) => fileId));
  return required.flatMap((one) => {
    if (!one.isThere) return missingFinding(one, index, descriptor.fileName) ?? [];
    const file = files.get(one.name);
    return file === undefined ? [] : contentFindings(one, file, diskFileIds);
  });
};

/** Notes about files that nothing asks for; what a descriptor asks for is known only once it was read. */
export const judgeSurplus = (
  { descriptor }: PackageContents,
  {
    index,
    roles,
    required,
  }: {
    readonly index: NameIndex;
    readonly roles: PackageRoles;
    readonly required: readonly RequiredFile[];
  },
): readonly Finding[] => {
  if (descriptor === null) return [];
  const asked = new Set([
    ...required.map(({ name }) => name),
    ...roles.descriptors,
    ...roles.manifests,
    ...roles.certificates,
    descriptor.fileName,
  ]);
  // One that only differs in case was told with the one that is missing.
  for (const { name, isThere } of required)
    if (!isThere) asked.add(index.findInOtherCase(name) ?? name);
  for (const name of descriptor.alsoNamed) asked.add(index.find(name) ?? name);
  return [...index.names]
    .filter((name) => !asked.has(name))
    .map((name) => makeFinding("file.surplus", name));
};
