import { packageFiles, type PackageWish } from "./package-files.ts";
import { tarEnd, tarMember } from "./tar-writer.ts";

/** An archive as tools make one, with these members in their order. */
export const ovaOf = (members: Readonly<Record<string, string | Uint8Array>>): Buffer =>
  Buffer.concat([
    ...Object.entries(members).map(([name, content]) => tarMember({ name }, content)),
    tarEnd,
  ]);

/** The files of a small package in the order in which archives have them: first the descriptor. */
export const archivedFiles = (wish: PackageWish = {}): Record<string, string> => {
  const files = Object.entries(packageFiles(wish));
  const isDescriptor = ([name]: readonly [string, string]): boolean => name.endsWith(".ovf");
  return Object.fromEntries([
    ...files.filter(isDescriptor),
    ...files.filter((one) => !isDescriptor(one)),
  ]);
};
