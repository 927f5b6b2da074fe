import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { WIRES } from "@contentlib/contract/bindings";
import { A_CERTIFICATE } from "@contentlib/testkit/builders/certificates";
import { startLiveServer } from "../e2e/live-server.ts";
import { clientEnvironment } from "./program-environment.ts";
import { preparePython, scripts } from "./python-environment.ts";
import { ranWith } from "./ran-with.ts";
import { runProgram } from "./run-program.ts";
import { scratchDirectory } from "./scratch-directory.ts";

/** Each description gets so long; what the seed does not reach in it, no run does. */
const BUDGET_S = 60;
/** Beyond its budget Schemathesis may finish what it began, and write its report. */
const GRACE_MS = 60_000;
const EXAMPLES_MAX = 10;
const SEED = 20_261;
/** Fewer calls than these mean that it found little to do. */
const CASES_MIN = 500;

/** Its answer does not end, and a run would wait for that; it has tests of its own. */
const ENDLESS = "event.stream";

describe("Schemathesis, with all its checks", () => {
  for (const wire of WIRES) {
    const options = { timeout: BUDGET_S * 1000 + GRACE_MS + 300_000 };
    test(`finds nothing against the description of /${wire}`, options, async (t) => {
      const environment = await preparePython({ name: "schemathesis" });
      if ("reason" in environment) {
        t.skip(environment.reason);
        return;
      }
      // The description tells what a strict server takes; the others take more, which is no secret but no promise either.
      const server = await startLiveServer(t, "--strict");
      const folder = await scratchDirectory(t);
      const description = `${server.url}/openapi/${wire}.json`;
      const counted = await operationsOf(description);
      const { code, out, err } = await runProgram({
        command: join(dirname(environment.python), "schemathesis"),
        argv: argumentsFor(description, counted.all > counted.ending ? [ENDLESS] : []),
        cwd: folder,
        env: clientEnvironment({
          PYTHONPATH: scripts,
          PYTHONDONTWRITEBYTECODE: "1",
          SCHEMATHESIS_HOOKS: "schemathesis_hooks",
          CONTENTLIB_URL: server.url,
          CONTENTLIB_TOKEN: await tokenOf(server.directory),
          CONTENTLIB_CERTIFICATE: A_CERTIFICATE.pem,
        }),
        timeoutMs: BUDGET_S * 1000 + GRACE_MS,
      });
      assert.equal(code, 0, `${err}\n${findingsIn(out)}`);
      const cases = Number(/(\d+) generated/.exec(out)?.[1] ?? 0);
      assert.ok(cases >= CASES_MIN, `only ${cases} calls:\n${out}`);
      const selected = /Selected: (\d+)\/(\d+)/.exec(out);
      assert.equal(Number(selected?.[2]), counted.all);
      assert.equal(Number(selected?.[1]), counted.ending);
      const [version = "Schemathesis"] = /^Schemathesis v\S+/m.exec(out) ?? [];
      ranWith(t, `${version}: ${cases} calls over /${wire}, seed ${SEED}`);
    });
  }
});

function argumentsFor(description: string, excluded: readonly string[]): string[] {
  const settings = {
    checks: "all",
    seed: SEED,
    "max-examples": EXAMPLES_MAX,
    "max-time": BUDGET_S,
    // More workers than one make runs differ, and trip over each other in older Pythons.
    workers: 1,
    "generation-database": "none",
    "output-sanitize": false,
  };
  return [
    "run",
    description,
    ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
    "--continue-on-failure",
    "--no-shrink",
    "--no-color",
    ...excluded.map((id) => `--exclude-operation-id=${id}`),
  ];
}

/** How many operations a description has, and how many of them come to an end. */
async function operationsOf(url: string): Promise<{ all: number; ending: number }> {
  const { paths } = (await (await fetch(url)).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  const ids = Object.values(paths)
    .flatMap((verbs) => Object.values(verbs))
    .map(({ operationId }) => operationId);
  return { all: ids.length, ending: ids.filter((id) => id !== ENDLESS).length };
}

/** The token that a server leaves for its own command line. */
async function tokenOf(directory: string): Promise<string> {
  const file = join(directory, "profiles.json");
  assert.ok(existsSync(file));
  const { profiles } = JSON.parse(await readFile(file, "utf8")) as {
    profiles: { default: { token: string } };
  };
  return profiles.default.token;
}

/** The report without what it says of how much was done. */
function findingsIn(report: string): string {
  const from = report.search(/=+ (?:ERRORS|FAILURES) =+/);
  return from < 0 ? report : report.slice(from);
}
