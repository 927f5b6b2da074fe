import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../e2e/live-server.ts";
import { buildOnce, builtFolder, type Unavailable } from "./build-once.ts";
import { installerEnvironment } from "./program-environment.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";

/** Scripts and requirement files of these tests. */
export const scripts = join(root, "test", "interop", "python");

/** A Python with packages of its own. */
export interface PythonEnvironment {
  /** The interpreter, which sees the packages. */
  readonly python: string;
  /** Its folder, where a test may keep what else it fetched. */
  readonly folder: string;
}

/** What goes into an environment besides installed packages. */
export interface Recipe {
  /** Names the file `requirements-NAME.txt`. */
  readonly name: string;
  /** Further files in `python` on which the environment depends. */
  readonly inputs?: readonly string[];
  /** Fetches what can not be installed as a package; the environment is thrown away if it does not end well. */
  finish?(environment: PythonEnvironment): Promise<ProgramEnd>;
}

const PROBE_TIMEOUT_MS = 60_000;
const VENV_TIMEOUT_MS = 240_000;
/** Long enough for a slow index; one that does not answer at all is given up much sooner, by the flags below. */
export const FETCH_TIMEOUT_MS = 240_000;
/** One more try, and 20 s for an answer: an index that is out of reach shall not hold the tests up. */
export const patience = ["--retries", "1", "--timeout", "20", "--disable-pip-version-check"];

const installing = "-m pip install --quiet --no-compile --only-binary :all:".split(" ");

/** Installs wheels and nothing that runs a script to be installed; `what` are pip's further arguments. */
export const installWheels = async (
  { python }: PythonEnvironment,
  ...what: readonly string[]
): Promise<ProgramEnd> =>
  await runProgram({
    command: python,
    argv: [...installing, ...patience, ...what],
    env: installerEnvironment(),
    timeoutMs: FETCH_TIMEOUT_MS,
  });

/**
 * Makes the environment once for these exact requirements, under `node_modules/.cache/interop`, and finds it there from then
 * on. Packages come from the index that the machine's pip is set up for.
 */
export async function preparePython(recipe: Recipe): Promise<PythonEnvironment | Unavailable> {
  if (process.platform === "win32") return { reason: "the clients are run on POSIX systems only" };
  const version = await runProgram({
    command: "python3",
    argv: ["-c", "import sys, venv, ensurepip; print(sys.version, sys.executable)"],
    env: installerEnvironment(),
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  if (version.code !== 0) return { reason: `no python3 with venv here: ${reasonOf(version)}` };
  const inputs = [`requirements-${recipe.name}.txt`, ...(recipe.inputs ?? [])];
  const hash = createHash("sha256").update(version.out);
  for (const input of inputs) hash.update(await readFile(join(scripts, input)));
  const folder = builtFolder(`${recipe.name}-${hash.digest("hex").slice(0, 16)}`);
  const environment = { folder, python: join(folder, "bin", "python") };
  return (await buildOnce(folder, async () => await build(recipe, environment))) ?? environment;
}

async function build(
  recipe: Recipe,
  environment: PythonEnvironment,
): Promise<Unavailable | undefined> {
  for (const step of [makeVenv, installPackages(recipe.name), recipe.finish]) {
    const end = await step?.(environment);
    if (end !== undefined && end.code !== 0) {
      return { reason: `the client could not be installed: ${reasonOf(end)}` };
    }
  }
  return undefined;
}

const makeVenv = async ({ folder }: PythonEnvironment): Promise<ProgramEnd> =>
  await runProgram({
    command: "python3",
    argv: ["-m", "venv", folder],
    env: installerEnvironment(),
    timeoutMs: VENV_TIMEOUT_MS,
  });

const installPackages =
  (name: string) =>
  async (environment: PythonEnvironment): Promise<ProgramEnd> =>
    await installWheels(environment, "-r", join(scripts, `requirements-${name}.txt`));

/** What pip says went wrong; of another program, its last line. */
function reasonOf({ code, err, out }: ProgramEnd): string {
  const lines = (err.trim() === "" ? out : err).split("\n").filter((line) => line.trim() !== "");
  const errors = lines.filter((line) => line.startsWith("ERROR: "));
  return (errors.length > 0 ? errors : lines.slice(-1)).join(" ") || `exit ${code}`;
}
