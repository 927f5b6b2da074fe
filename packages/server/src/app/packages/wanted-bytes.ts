import type { ArchiveMember } from "../../domain/archive.ts";
import type { ChecksumAlgorithm } from "../../domain/checksum.ts";
import type { Sha256 } from "../../domain/ids.ts";
import type { PackageFile, WantedChecksum } from "../../domain/package.ts";
import { digestOfMember } from "../../domain/planned-files.ts";
import { packageFileOf } from "../../domain/session-file/judged.ts";
import type { SessionFile } from "../../domain/update-session.ts";

/** Bytes of a file of a session, or of a member of it, and the digests that are wanted of them. */
export interface WantedBytes {
  /** The file, which holds them. */
  readonly file: SessionFile;
  /** The part of it that they are; absent where they are all of it. */
  readonly member?: ArchiveMember;
  /** The SHA-256 by which they are known. */
  readonly digest: Sha256;
  readonly algorithms: readonly ChecksumAlgorithm[];
}

/** Finds bytes by the names that they are wanted under. */
class NamedBytes {
  readonly #files: ReadonlyMap<string, SessionFile>;
  readonly #members = new Map<string, ReadonlyMap<string, ArchiveMember>>();

  constructor(files: readonly SessionFile[]) {
    this.#files = new Map(files.map((file) => [file.name, file]));
  }

  /** Null where they are not here. */
  find({ name, member: memberName, algorithm }: WantedChecksum): WantedBytes | null {
    const file = this.#files.get(name);
    const whole = file === undefined ? null : packageFileOf(file);
    if (file === undefined || whole === null) return null;
    const algorithms = [algorithm];
    if (memberName === undefined) return { file, digest: whole.digest, algorithms };
    const member = this.#membersOf(whole).get(memberName);
    if (member === undefined) return null;
    return { file, member, digest: digestOfMember(member), algorithms };
  }

  #membersOf({ name, archive }: PackageFile): ReadonlyMap<string, ArchiveMember> {
    const known = this.#members.get(name);
    if (known !== undefined) return known;
    const members = new Map(archive?.members.map((member) => [member.name, member]));
    this.#members.set(name, members);
    return members;
  }
}

/** The bytes of which digests are wanted, each once, by what they are known by; those that are not here are left out. */
export const bytesWanted = (
  wanted: readonly WantedChecksum[],
  files: readonly SessionFile[],
): ReadonlyMap<Sha256, WantedBytes> => {
  const named = new NamedBytes(files);
  const found = new Map<Sha256, WantedBytes>();
  for (const one of wanted) {
    const bytes = named.find(one);
    if (bytes === null) continue;
    const { algorithms = [] } = found.get(bytes.digest) ?? {};
    found.set(bytes.digest, {
      ...bytes,
      algorithms: [...new Set([...algorithms, one.algorithm])],
    });
  }
  return found;
};
