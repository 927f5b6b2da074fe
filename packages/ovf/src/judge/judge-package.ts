import type { Finding } from "../finding.ts";
import { CHUNKS_MAX } from "../limits.ts";
import { makeFinding } from "../make-finding.ts";
import { judgeNames, judgeRequired, judgeSurplus } from "./judge-files.ts";
import { judgeManifest, type ManifestJudgement } from "./judge-manifest.ts";
import { judgeRoles } from "./judge-roles.ts";
import { NameIndex } from "./name-index.ts";
import type { PackageContents, PackageVerdict } from "./package-contents.ts";
import { rolesOf } from "./package-roles.ts";
import { type RequiredFiles, requiredFilesOf } from "./required-files.ts";

const NO_MANIFEST: ManifestJudgement = {
  findings: [],
  wanted: [],
  uncovered: [],
  covered: [],
  isCovered: false,
};
const NOTHING_REQUIRED: RequiredFiles = { files: [], beyond: [] };

/** What the number of chunks is whose sizes the descriptor does not say is known only by the files. */
const beyondFindings = (
  { descriptor }: PackageContents,
  { beyond }: RequiredFiles,
): readonly Finding[] =>
  descriptor === null
    ? []
    : beyond.map(({ reference: { line, id, href }, chunks }) =>
        makeFinding("descriptor.too_many_chunks", descriptor.fileName, {
          place: { line },
          subject: id ?? href,
          expected: CHUNKS_MAX,
          actual: chunks,
        }),
      );

/**
 * What a package comes to, at any moment of its arrival: the same contents give the same verdict, in whatever order they came.
 * It costs about as much as looking at each name, line and reference once, so it can be asked after each file.
 */
export const judgePackage = (contents: PackageContents): PackageVerdict => {
  const { descriptor, manifest } = contents;
  const index = new NameIndex(contents);
  const roles = rolesOf(index.names);
  const needed = descriptor === null ? NOTHING_REQUIRED : requiredFilesOf(descriptor, index);
  const required = needed.files;
  const held =
    manifest === null ? NO_MANIFEST : judgeManifest({ contents, manifest, roles, index, required });
  return {
    findings: [
      ...judgeNames(contents, index),
      ...judgeRoles(contents, roles),
      ...beyondFindings(contents, needed),
      ...judgeRequired(contents, required, index),
      ...held.findings,
      ...judgeSurplus(contents, { index, roles, required }),
    ],
    required: required.map(({ name }) => name),
    missing: required.filter(({ isThere }) => !isThere).map(({ name }) => name),
    wanted: held.wanted,
    uncovered: held.uncovered,
    covered: held.covered,
    isCovered: held.isCovered && needed.beyond.length === 0,
  };
};
