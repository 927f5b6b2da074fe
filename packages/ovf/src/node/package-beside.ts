import { basename, dirname } from "node:path";
import type { Finding } from "../finding.ts";
import { BytePump } from "./byte-pump.ts";
import { findTexts } from "./neighbours.ts";
import { PackageInDirectory } from "./package-in-directory.ts";

/** The files that a descriptor brings along. */
export interface PackageBeside {
  /** Where they lie. */
  readonly directory: string;
  /** Its manifest and its certificate, as far as they are there. */
  readonly proofs: readonly string[];
  /** Files that it names and that are there, chunks by their own names; those that advanced configuration names too. */
  readonly files: readonly string[];
  /** Of each file that it names, and that is not there or leads elsewhere. */
  readonly findings: readonly Finding[];
}

/**
 * Finds what belongs to a descriptor in its directory, as `lintFile` does. Of one that can not be read nothing is known but its manifest
 * and its certificate. Rejects with what the system says of files that can not be read, and with the reason of the signal.
 */
export const packageBeside = async (
  path: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<PackageBeside> => {
  const directory = dirname(path);
  const name = basename(path);
  const { manifest, certificate } = await findTexts(directory, name);
  const found = new PackageInDirectory(path, name, new BytePump(options.signal));
  await found.readTexts({ descriptor: [name], manifest: [], certificate: [] });
  await found.findFiles();
  const proofs = [...manifest.slice(0, 1), ...certificate.slice(0, 1)];
  return { directory, proofs, ...found.named() };
};
