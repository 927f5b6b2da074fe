import { foldName } from "@contentlib/ovf";
import type { ArchiveContents, ArchiveFinding, ArchiveMember } from "../../../domain/archive.ts";
import type { PackageFault, PackageFile, PackageJudgement } from "../../../domain/package.ts";
import { digestOfMember } from "../../../domain/planned-files.ts";
import type { TypedFiles } from "../../../ports/item-type.ts";
import { judgeFiles, type JudgingMeans } from "./judge-files.ts";
import { rolesIn } from "./roles.ts";
import { saysNothing } from "./says-nothing.ts";

/** An archive all of whose bytes are here, and what it holds. */
export type WholeArchive = PackageFile & { readonly archive: ArchiveContents };

export const isWholeArchive = (file: PackageFile): file is WholeArchive =>
  file.archive !== undefined;

const unreadableFault = (name: string, { code, text, mend }: ArchiveFinding): PackageFault => ({
  name,
  // Whoever found it did not know what the archive is called.
  text: `${name}${text}`,
  mend,
  code,
  isWrong: true,
});

/** What is wrong with a member is wrong with the archive, and mended by sending another. */
const faultOfArchive = (name: string, { text, mend, code }: PackageFault): PackageFault => ({
  name,
  text: text.startsWith(`${name}: `) ? text : `${name}: ${text}`,
  mend,
  code,
  isWrong: true,
});

/** The archive is kept beside its members, so that none can have its name. */
const sameNameFaults = ({ name, archive }: WholeArchive): readonly PackageFault[] =>
  archive.members.some((member) => foldName(member.name) === foldName(name))
    ? [
        {
          name,
          text: `${name}: It holds a file of its own name.`,
          mend: "Give the archive another name.",
          code: "name.twice",
          isWrong: true,
        },
      ]
    : [];

/** Files that came into the set while their item was of another type. */
const besideFaults = (
  { name }: WholeArchive,
  files: readonly Pick<PackageFile, "name">[],
): readonly PackageFault[] =>
  files
    .filter((file) => file.name !== name)
    .map((file) => ({
      name: file.name,
      text: `${name} brings the whole package.`,
      mend: `Remove ${file.name} or ${name} from the session.`,
      code: "archive.not_alone",
      isWrong: false,
    }));

const fileOf = (member: ArchiveMember): PackageFile => {
  const { name, sizeBytes, checksums } = member;
  return { name, digest: digestOfMember(member), sizeBytes, checksums };
};

/** The members of an archive as if each of them had come by itself. */
const membersAsFiles = (archive: WholeArchive, given: TypedFiles): TypedFiles => {
  const { members } = archive.archive;
  const places = new Map(members.map((member) => [member.name, member]));
  return {
    ...given,
    files: members.map(fileOf),
    awaited: [],
    open: ({ name, sizeBytes }) => {
      const start = places.get(name)?.offsetBytes ?? 0;
      return given.open(archive, { start, endExclusive: start + sizeBytes });
    },
  };
};

/**
 * What an archive comes to that is here whole: its members are the files of the package, and the archive itself is none. Where it could
 * not be read to its end, the members before say nothing. (S120)
 */
export const judgeArchive = async (
  archive: WholeArchive,
  given: TypedFiles,
  means: JudgingMeans,
): Promise<PackageJudgement> => {
  const { name } = archive;
  const beside = besideFaults(archive, given.files);
  const unreadable = archive.archive.findings.filter(({ isError }) => isError);
  if (unreadable.length > 0) {
    const faults = unreadable.map((finding) => unreadableFault(name, finding));
    return { ...saysNothing({ state: "PREPARING" }), faults: [...faults, ...beside] };
  }
  const inside = membersAsFiles(archive, given);
  const names = inside.files.map((file) => file.name);
  const judgement = await judgeFiles(
    {
      given: inside,
      names,
      roles: rolesIn(names),
      packageName: name,
      descriptorName: name.replace(/\.ova$/i, ".ovf"),
    },
    means,
  );
  const faults = judgement.faults.map((fault) => faultOfArchive(name, fault));
  return {
    ...judgement,
    faults: [...faults, ...sameNameFaults(archive), ...beside],
    wanted: judgement.wanted.map((one) => ({ ...one, name, member: one.name })),
    // They are made by the manifest of the archive itself, while it passes.
    algorithms: [],
  };
};
