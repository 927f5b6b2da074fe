import { baseNameOf, rolesOf } from "@contentlib/ovf";

/** The files of a set that tell of others: at most one of each kind counts. */
export interface Roles {
  readonly descriptor: string | null;
  readonly manifest: string | null;
  readonly certificate: string | null;
  /** Whether there is an archive that is a plain file, and no descriptor: then the package lies in it, where nobody looks. */
  readonly isArchive: boolean;
}

const ARCHIVE = /\.ova$/i;

/** Whether a file of that name is an archive of a package. */
export const isArchiveName = (name: string): boolean => ARCHIVE.test(name);

/** The one that is named as the descriptor, else the first. */
const pick = (names: readonly string[], descriptor: string | null): string | null => {
  const base = descriptor === null ? null : baseNameOf(descriptor);
  return names.find((name) => baseNameOf(name) === base) ?? names[0] ?? null;
};

/** Which files of a set tell of others. */
export const rolesIn = (names: readonly string[]): Roles => {
  const { descriptors, manifests, certificates } = rolesOf(names);
  const descriptor = descriptors[0] ?? null;
  return {
    descriptor,
    manifest: pick(manifests, descriptor),
    certificate: pick(certificates, descriptor),
    isArchive: descriptor === null && names.some(isArchiveName),
  };
};

const KEPT_NOT = /\.(mf|cert)$/i;

/** Whether a file of that name proves something of others: checked, and then not kept. */
export const isProof = (name: string): boolean => KEPT_NOT.test(name);

const DESCRIPTOR = /\.ovf$/i;

/** Whether a file of that name describes a package. */
export const isDescriptor = (name: string): boolean => DESCRIPTOR.test(name);
