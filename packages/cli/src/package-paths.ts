import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

/** What is said of files before anything is sent. */
export interface CheckOptions {
  /** Goes on in spite of what is wrong with them. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

const DESCRIPTOR = /\.ovf$/i;
/** Each proof that a descriptor can bring: one that is named by hand takes its place. */
const PROOFS: readonly RegExp[] = [/\.mf$/i, /\.cert$/i];

/**
 * The paths, with the files that descriptors among them name, and with their manifests and certificates, as far as they lie beside them
 * and nobody named others. Throws Failure for a file that is named and is nowhere.
 */
export async function withPackages(
  paths: readonly string[],
  options: CheckOptions,
): Promise<readonly string[]> {
  const given = new Set(paths.map((path) => basename(path)));
  const found: (readonly string[])[] = [];
  for (const path of paths)
    found.push(
      DESCRIPTOR.test(path) && (await isPlain(path))
        ? await packageAt(path, given, options)
        : [path],
    );
  return found.flat();
}

/** Whether it can be read before it is sent, and once more then. */
export const isPlain = async (path: string): Promise<boolean> => (await stat(path)).isFile();

async function packageAt(
  path: string,
  given: Set<string>,
  { force, signal }: CheckOptions,
): Promise<readonly string[]> {
  const [{ packageBeside }, { textOf }] = await Promise.all([
    import("@contentlib/ovf/node"),
    import("@contentlib/ovf"),
  ]);
  const beside = await packageBeside(path, signal === undefined ? {} : { signal });
  const missing = beside.findings.filter(({ subject, file }) => !given.has(subject ?? file));
  if (missing.length > 0 && force !== true)
    throw new Failure(
      EXIT_CODES.notFound,
      `${toldOf(missing.map(textOf))} Looked in ${beside.directory}.`,
      "Put it beside the descriptor, or name it too; if the item has it already: --force",
    );
  const isNamed = (name: string): boolean =>
    PROOFS.some((ending) => ending.test(name) && [...given].some((one) => ending.test(one)));
  const proofs = beside.proofs.filter((name) => !isNamed(name));
  const files = beside.files.filter((name) => !given.has(name));
  for (const name of [...proofs, ...files]) given.add(name);
  const at = (name: string): string => join(beside.directory, name);
  return [...proofs.map(at), path, ...files.map(at)];
}

/** How many findings are told before the rest is only counted. */
const FINDINGS_TOLD_MAX = 5;

function toldOf(texts: readonly string[]): string {
  const more = texts.length - FINDINGS_TOLD_MAX;
  const told = texts.slice(0, FINDINGS_TOLD_MAX).join(" ");
  return more > 0 ? `${told} And ${more} more.` : told;
}
