import { opendir } from "node:fs/promises";
import { parseChunkName } from "../descriptor/chunk-names.ts";
import type { Descriptor } from "../descriptor/descriptor.ts";
import { baseNameOf } from "../judge/package-roles.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { foldName } from "../names/fold-name.ts";
import { type TextRole, textRoleOf } from "./package-texts.ts";

/** Names in a directory that fit; it is walked through, so that it may be of any size. */
const namesIn = async (
  directory: string,
  fits: (name: string) => boolean,
): Promise<readonly string[]> => {
  const names: string[] = [];
  for await (const { name } of await opendir(directory)) if (fits(name)) names.push(name);
  return names.sort();
};

type NamesByRole = Readonly<Record<TextRole, readonly string[]>>;

const paired = (one: string, other: string): boolean =>
  baseNameOf(one).normalize("NFC") === baseNameOf(other).normalize("NFC");

/** The only one of a role that could be meant although its name says nothing: none where there is a choice. */
const onlyOne = (names: readonly string[]): readonly string[] => (names.length === 1 ? names : []);

/**
 * The descriptor that a file belongs to: one of its name, else the only one of the directory if that has no other of this role.
 */
const descriptorsFor = (name: string, all: NamesByRole): readonly string[] => {
  const own = all.descriptor.filter((one) => paired(one, name));
  const role = textRoleOf(name);
  if (own.length > 0 || role === null || role === "descriptor") return own;
  const [only] = onlyOne(all.descriptor);
  const isTaken = only !== undefined && all[role].some((one) => one !== name && paired(one, only));
  return only === undefined || isTaken ? [] : [only];
};

/**
 * Descriptors, manifests and certificates that belong together: they have one name but for its end. Where a directory has one
 * descriptor alone, and a role that none has its name in, the only one of that role belongs to it.
 */
export const findTexts = async (directory: string, name: string): Promise<NamesByRole> => {
  const all: Record<TextRole, string[]> = { descriptor: [], manifest: [], certificate: [] };
  for (const one of await namesIn(directory, (each) => textRoleOf(each) !== null)) {
    const role = textRoleOf(one);
    if (role !== null) all[role].push(one);
  }
  const descriptor = descriptorsFor(name, all);
  const leader = descriptor[0] ?? name;
  const belonging = (role: TextRole): readonly string[] => {
    if (textRoleOf(name) === role && !paired(name, leader)) return [name];
    const own = all[role].filter((one) => paired(one, leader));
    const isAlone = descriptor.length === 1 && all.descriptor.length === 1;
    return own.length === 0 && isAlone ? onlyOne(all[role]) : own;
  };
  return {
    descriptor,
    manifest: belonging("manifest"),
    certificate: belonging("certificate"),
  };
};

const composed = (name: string): string => name.normalize("NFC");

/**
 * The files of a directory that a descriptor or its manifest means; everything else there is none of the package's affair. A
 * name in another case of letters is taken only where the right one is not there.
 */
export const findNamedFiles = async (
  directory: string,
  descriptor: Descriptor | null,
  manifest: Manifest | null,
): Promise<readonly string[]> => {
  const files = descriptor?.files ?? [];
  const meant = new Set(
    [
      ...files.flatMap(({ name, href }) => (name === null ? [] : [name, href])),
      ...(descriptor?.alsoNamed ?? []),
      ...(manifest?.lines ?? []).map(({ name }) => name),
    ].map(composed),
  );
  const inPieces = new Set(
    files
      .filter(({ chunkBytes, name }) => chunkBytes !== null && name !== null)
      .flatMap(({ name, href }) => [composed(name ?? href), composed(href)]),
  );
  const folded = new Set([...meant].map(foldName));
  const isChunk = (name: string): boolean =>
    inPieces.has(composed(parseChunkName(name)?.name ?? ""));
  const names = await namesIn(directory, (name) => isChunk(name) || folded.has(foldName(name)));
  const right = new Set(names.filter((name) => meant.has(composed(name))).map(foldName));
  return names.filter(
    (name) => isChunk(name) || meant.has(composed(name)) || !right.has(foldName(name)),
  );
};
