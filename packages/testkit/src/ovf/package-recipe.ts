import { mkdir, open, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { FindingCode } from "@contentlib/ovf";

/** A piece of a file; a hole is so many zeros that take no room. */
export type RecipePart = string | Uint8Array | { readonly holeBytes: number };

/** A file of a recipe: what is in it, or where it leads as a symbolic link. */
export type RecipeFile =
  | { readonly name: string; readonly parts: readonly RecipePart[] }
  | { readonly name: string; readonly linkTo: string };

/** A package, sound or crooked, that can be made at any time, and what is to be found in it. */
export interface PackageRecipe {
  readonly name: string;
  /** Every code that is raised, and no other; none where nothing is wrong. */
  readonly raises: readonly FindingCode[];
  /** The code whose limit it stays just inside of. */
  readonly insideOf?: FindingCode;
  /** Certificates that are trusted, in DER. */
  readonly trusted?: readonly Uint8Array[];
  /** The first one is what is judged; the others lie beside it. */
  readonly files: () => readonly [RecipeFile, ...RecipeFile[]];
}

/** Two packages that differ in one thing: the one raises a code, the other is just inside its limit. */
export interface RecipePair {
  readonly code: FindingCode;
  readonly crooked: PackageRecipe["files"];
  readonly inside: PackageRecipe["files"];
  /** Codes that come with it. */
  readonly also?: readonly FindingCode[];
  /** Codes that the other one raises all the same. */
  readonly insideRaises?: readonly FindingCode[];
  readonly trusted?: readonly Uint8Array[];
}

/** The two recipes of a pair. */
export const recipesOf = (pair: RecipePair): readonly PackageRecipe[] => {
  const { code, crooked, inside, also = [], insideRaises = [] } = pair;
  const trusted = pair.trusted === undefined ? {} : { trusted: pair.trusted };
  return [
    { name: code, raises: [code, ...also], ...trusted, files: crooked },
    {
      name: `just inside of ${code}`,
      raises: insideRaises,
      insideOf: code,
      ...trusted,
      files: inside,
    },
  ];
};

const bytesOf = (part: string | Uint8Array): Uint8Array =>
  typeof part === "string" ? Buffer.from(part) : part;

const isHole = (part: RecipePart): part is { readonly holeBytes: number } =>
  typeof part === "object" && "holeBytes" in part;

/** Puts the files of a recipe into a new folder, and answers the path of the one that is judged. */
export const writeRecipe = async (recipe: PackageRecipe, folder: string): Promise<string> => {
  await mkdir(folder, { recursive: true });
  const files = recipe.files();
  for (const file of files) {
    const path = join(folder, file.name);
    if ("linkTo" in file) await symlink(file.linkTo, path);
    else await writeParts(path, file.parts);
  }
  return join(folder, files[0].name);
};

const writeParts = async (path: string, parts: readonly RecipePart[]): Promise<void> => {
  const handle = await open(path, "w");
  let size = 0;
  for (const part of parts) {
    if (isHole(part)) size += part.holeBytes;
    else {
      const bytes = bytesOf(part);
      await handle.write(bytes, 0, bytes.length, size);
      size += bytes.length;
    }
  }
  await handle.truncate(size);
  await handle.close();
};

/** The bytes of the file that is judged, cut into pieces of a size. */
export function* piecesOf(recipe: PackageRecipe, pieceBytes: number): Generator<Uint8Array> {
  const [file] = recipe.files();
  if ("linkTo" in file) return;
  for (const part of file.parts) {
    if (isHole(part)) {
      const zeros = new Uint8Array(Math.min(pieceBytes, part.holeBytes));
      for (let left = part.holeBytes; left > 0; left -= zeros.length)
        yield zeros.subarray(0, Math.min(left, zeros.length));
    } else {
      const bytes = bytesOf(part);
      for (let at = 0; at < bytes.length; at += pieceBytes)
        yield bytes.subarray(at, at + pieceBytes);
    }
  }
}
