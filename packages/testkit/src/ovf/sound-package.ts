import { createHash } from "node:crypto";
import { type EnvelopeAttributes, type EnvelopeFields, envelopeText } from "./envelope-text.ts";
import type { PackageRecipe, RecipeFile, RecipePart } from "./package-recipe.ts";
import { tarEnd, tarMember } from "./tar-writer.ts";

type Files = PackageRecipe["files"];

/** What is in a file, by its name. */
export type Contents = Readonly<Record<string, string | Uint8Array>>;

/** The disk of the small package, and how the References name it. */
export const DISK = Buffer.alloc(700, "disk");
export const DISK_FILE: EnvelopeAttributes = { id: "f", href: "disk.vmdk", size: DISK.length };
/** Another file that lies beside it. */
export const OTHER = "12345";
export const OTHER_FILE: EnvelopeAttributes = { id: "g", href: "b.bin" };

/** The descriptor of a package with one disk; fields take the place of its own. */
export const descriptorText = (fields: EnvelopeFields = {}): string =>
  envelopeText({
    files: [DISK_FILE],
    disks: [{ diskId: "d", fileRef: "f", capacity: 1, capacityAllocationUnits: "byte * 2^30" }],
    ...fields,
  });

const WORDS = { SHA1: "sha1", SHA256: "sha256", SHA512: "sha512" } as const;

/** A digest as a manifest has it. */
export const digestOf = (
  content: string | Uint8Array,
  algorithm: keyof typeof WORDS = "SHA256",
): string => createHash(WORDS[algorithm]).update(content).digest("hex");

/** The lines of a manifest over files. */
export const manifestText = (
  contents: Contents,
  algorithm: keyof typeof WORDS = "SHA256",
): string =>
  Object.entries(contents)
    .map(([name, content]) => `${algorithm}(${name})= ${digestOf(content, algorithm)}\n`)
    .join("");

const file = (name: string, content: string | Uint8Array): RecipeFile => ({
  name,
  parts: [content],
});

/** An archive of these parts. */
export const archiveOf =
  (...parts: readonly RecipePart[]): Files =>
  () => [{ name: "x.ova", parts }];

/** An archive with these members, in their order. */
export const archive = (contents: Contents): Files =>
  archiveOf(
    ...Object.entries(contents).map(([name, content]) => tarMember({ name }, content)),
    tarEnd,
  );

/** An archive with a descriptor, its disk, and what else is given; what is given wins. */
export const archiveWith = (contents: Contents): Files =>
  archive({ "x.ovf": descriptorText(), ...contents, "disk.vmdk": contents["disk.vmdk"] ?? DISK });

/** A descriptor with files beside it. */
export const folder =
  (descriptor: string | Uint8Array, contents: Contents = {}): Files =>
  () => [
    file("x.ovf", descriptor),
    ...Object.entries({ "disk.vmdk": DISK, "b.bin": OTHER, ...contents }).map(([name, content]) =>
      file(name, content),
    ),
  ];

/** The contents of a sound archive whose manifest covers everything. */
export const coveredContents = (descriptor = descriptorText()): Contents => ({
  "x.ovf": descriptor,
  "x.mf": manifestText({ "x.ovf": descriptor, "disk.vmdk": DISK }),
});
