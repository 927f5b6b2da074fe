// The server for those who work on it: it starts again when a source changes, keeps its data in .dev, beside a profile of
// its own, and has two libraries to play with. Flags of `contentlib serve` may follow, save --listen and --data.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./command.ts";

const listen = "127.0.0.1:8698";
const url = `http://${listen}`;
const folder = join(root, ".dev");
const profileFile = join(folder, "profiles.json");
const command = join(root, "bin", "contentlib.mjs");
const libraries = ["images", "templates"];
const readyTimeoutMs = 30_000;
const askAgainMs = 100;

mkdirSync(folder, { recursive: true });
const environment = {
  ...process.env,
  CONTENTLIB_LISTEN: listen,
  CONTENTLIB_DATA: join(folder, "data"),
  CONTENTLIB_PROFILE_FILE: profileFile,
};
const server = start([
  "--watch",
  "--watch-preserve-output",
  command,
  "serve",
  ...process.argv.slice(2),
]);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => server.kill(signal));
server.on("exit", (code) => process.exit(code ?? 0));
if (await isReady()) {
  for (const name of libraries)
    await once(start([command, "library", "create", name], "ignore"), "exit");
  console.log(`\n  REST  ${url}/rest   API  ${url}/api   description  ${url}/openapi/api.json`);
  console.log(
    `  CONTENTLIB_PROFILE_FILE=${profileFile} npx contentlib push README.md images/readme\n`,
  );
} else {
  console.error(`the server did not become ready within ${readyTimeoutMs / 1000} s`);
}

/** A second start finds the libraries already there; the refusal is of no interest then. */
function start(args: readonly string[], output: "inherit" | "ignore" = "inherit"): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: root,
    env: environment,
    stdio: ["ignore", output, output],
  });
}

async function isReady(): Promise<boolean> {
  const deadline = performance.now() + readyTimeoutMs;
  while (performance.now() < deadline) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return true;
    await sleep(askAgainMs);
  }
  return false;
}
