/** Files of a package that say something of others, told by how their names end, in any case of letters; sorted. */
export interface PackageRoles {
  readonly descriptors: readonly string[];
  readonly manifests: readonly string[];
  readonly certificates: readonly string[];
}

/** A name without the ending that tells its role: what descriptor, manifest and certificate have in common. */
export const baseNameOf = (name: string): string => name.replace(/\.[^.]*$/, "");

/** Sorts out which names of a package are those of descriptors, manifests and certificates. */
export const rolesOf = (names: Iterable<string>): PackageRoles => {
  const descriptors: string[] = [];
  const manifests: string[] = [];
  const certificates: string[] = [];
  for (const name of names) {
    const ending = name.slice(name.lastIndexOf(".") + 1);
    // Most names are longer, and need no lowering.
    if (ending.length > 4 || ending.length === name.length) continue;
    const lower = ending.toLowerCase();
    if (lower === "ovf") descriptors.push(name);
    else if (lower === "mf") manifests.push(name);
    else if (lower === "cert") certificates.push(name);
  }
  return {
    descriptors: descriptors.sort(),
    manifests: manifests.sort(),
    certificates: certificates.sort(),
  };
};
