import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import type { CheckOptions } from "./package-paths.ts";
import { isPlain } from "./package-paths.ts";

const IMAGE = /\.iso$/i;

/** Findings of an image that nobody can use: half of it is missing, or it is none. */
const USELESS: ReadonlySet<string> = new Set(["iso.no_volume", "iso.shorter_than_volume"]);

/**
 * Reads the heads of the images of discs among the files, before any of them is sent. Throws Failure for one that is shorter than its own
 * volume says, and for one without a volume.
 */
export async function requireWholeImages(
  paths: readonly string[],
  { force, signal }: CheckOptions,
): Promise<void> {
  if (force === true) return;
  for (const path of paths) {
    if (!IMAGE.test(path) || !(await isPlain(path))) continue;
    const [{ lintFile }, { mendOf, textOf }] = await Promise.all([
      import("@contentlib/ovf/node"),
      import("@contentlib/ovf"),
    ]);
    const { findings } = await lintFile(path, signal === undefined ? {} : { signal });
    const [wrong] = findings.filter(({ code }) => USELESS.has(code));
    if (wrong !== undefined)
      throw new Failure(
        EXIT_CODES.refused,
        textOf(wrong),
        `${mendOf(wrong)} To send it as it is: --force`,
      );
  }
}
