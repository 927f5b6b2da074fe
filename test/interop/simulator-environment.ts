import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../e2e/live-server.ts";
import { buildOnce, builtFolder, type Unavailable } from "./build-once.ts";
import { installerEnvironment } from "./program-environment.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";

/** The vCenter simulator, ready to run. */
export interface SimulatorProgram {
  readonly program: string;
  /** What it is, in words. */
  readonly version: string;
}

const source = join(root, "test", "interop", "simulator");
const inputs = ["main.go", "go.mod", "go.sum"] as const;
const PROBE_TIMEOUT_MS = 60_000;
/** Some hundred packages are compiled, on a machine that does other things besides. */
const BUILD_TIMEOUT_MS = 480_000;

/**
 * The Go that is there has to do: one that it would fetch for itself is no module. Sources come from the proxy that the machine's
 * Go is set up for, and are those whose sums `go.sum` has.
 */
const goEnvironment = (): NodeJS.ProcessEnv => ({
  ...installerEnvironment(),
  GOTOOLCHAIN: "local",
  GOFLAGS: "-mod=readonly -buildvcs=false",
  GOWORK: "off",
  CGO_ENABLED: "0",
});

const go = async (argv: readonly string[], timeoutMs: number): Promise<ProgramEnd> =>
  await runProgram({ command: "go", argv, env: goEnvironment(), cwd: source, timeoutMs });

/** Builds the simulator once for these sources and this Go, under `node_modules/.cache/interop`. */
export async function prepareSimulator(): Promise<SimulatorProgram | Unavailable> {
  if (process.platform === "win32") return { reason: "the simulator is run on POSIX systems only" };
  const found = await go(["version"], PROBE_TIMEOUT_MS);
  if (found.code !== 0) return { reason: `no Go here: ${reasonOf(found)}` };
  const hash = createHash("sha256").update(found.out);
  const texts = await Promise.all(inputs.map(async (name) => await readFile(join(source, name))));
  for (const text of texts) hash.update(text);
  const folder = builtFolder(`simulator-${hash.digest("hex").slice(0, 16)}`);
  const program = join(folder, "simulator");
  const failure = await buildOnce(folder, async () => {
    const built = await go(["build", "-trimpath", "-o", program, "."], BUILD_TIMEOUT_MS);
    return built.code === 0
      ? undefined
      : { reason: `the simulator could not be built: ${reasonOf(built)}` };
  });
  return failure ?? { program, version: versionIn(texts.join("\n")) };
}

const versionIn = (text: string): string =>
  /^require github\.com\/vmware\/(govmomi v\S+)$/m.exec(text)?.[1] ?? "govmomi";

/** The last thing it said. */
const reasonOf = ({ code, err, out }: ProgramEnd): string =>
  `${err}\n${out}`.trim().split("\n").at(-1) || `exit ${code}`;
