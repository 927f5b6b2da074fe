import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Unavailable } from "./build-once.ts";
import { clientEnvironment, installerEnvironment } from "./program-environment.ts";
import {
  FETCH_TIMEOUT_MS,
  patience,
  preparePython,
  type PythonEnvironment,
  scripts,
} from "./python-environment.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";

const collections = ["vmware.vmware", "vmware.vmware_rest"];
const bundle = "requirements-collections.txt";
const downloading = "-m pip download --quiet --no-deps --only-binary :all:".split(" ");
const VERSION_TIMEOUT_MS = 60_000;

/** Ansible, ready to run, with the two collections that know content libraries. */
export interface AnsibleEnvironment extends PythonEnvironment {
  /** Where the collections are. */
  readonly collections: string;
  /** What it is, in words. */
  readonly versions: string;
}

/**
 * Prepares Ansible. The package that bundles all collections would install tens of thousands of files; so it is only
 * downloaded, and the two are taken out of it.
 */
export async function prepareAnsible(): Promise<AnsibleEnvironment | Unavailable> {
  const inputs = [bundle, "extract_collections.py"];
  const environment = await preparePython({ name: "ansible", inputs, finish: fetchCollections });
  if ("reason" in environment) return environment;
  const folder = collectionsOf(environment);
  const core = await runProgram({
    command: environment.python,
    argv: ["-c", "from ansible.release import __version__; print(__version__)"],
    env: clientEnvironment(),
    timeoutMs: VERSION_TIMEOUT_MS,
  });
  const names = await readFile(join(folder, "versions"), "utf8");
  const versions = [`ansible-core ${core.out.trim()}`, ...names.trim().split("\n")].join(", ");
  return { ...environment, collections: folder, versions };
}

const collectionsOf = ({ folder }: PythonEnvironment): string => join(folder, "collections");

async function fetchCollections(environment: PythonEnvironment): Promise<ProgramEnd> {
  const folder = collectionsOf(environment);
  await mkdir(folder);
  const fetched = await runProgram({
    command: environment.python,
    argv: [...downloading, ...patience, "-d", folder, "-r", join(scripts, bundle)],
    env: installerEnvironment(),
    timeoutMs: FETCH_TIMEOUT_MS,
  });
  if (fetched.code !== 0) return fetched;
  const extracted = await runProgram({
    command: environment.python,
    argv: [join(scripts, "extract_collections.py"), folder, ...collections],
    env: clientEnvironment(),
    timeoutMs: FETCH_TIMEOUT_MS,
  });
  await writeFile(join(folder, "versions"), extracted.out);
  return extracted;
}
