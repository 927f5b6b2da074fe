// Installs the dependencies when the lockfile asks for something that is not there. Plain JavaScript that Node 18 runs,
// because it is what fetches the newer Node the rest of the repository needs.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const lockfile = join(root, "package-lock.json");
const installed = join(root, "node_modules", ".package-lock.json");
const stamp = join(root, "node_modules", ".cache", "contentlib", "lockfile.sha256");

/** True once this clone has been prepared, for whatever lockfile it had then. */
export function isPrepared() {
  return readOrEmpty(stamp) !== "";
}

/**
 * Brings node_modules in line with the lockfile and remembers its hash, so that the next call only compares two
 * hashes. Npm's output goes to standard error: the caller's standard output may be read by a program.
 */
export function prepare() {
  const wanted = createHash("sha256").update(readFileSync(lockfile)).digest("hex");
  if (readOrEmpty(stamp) === wanted) return;
  if (!agreesWithLockfile()) install();
  remember(wanted);
}

/** Where another account installed the dependencies there is nothing to write; then each start compares anew. */
function remember(hash) {
  try {
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, hash);
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes(error.code)) throw error;
  }
}

/** Npm leaves a list of what it installed; a person who ran it by hand does not need it run again. */
function agreesWithLockfile() {
  const present = packagesOf(readOrEmpty(installed));
  const wanted = packagesOf(readFileSync(lockfile, "utf8"));
  if (present === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    const found = present[path];
    if (path === "" || (found === undefined && entry.optional)) return true;
    return found?.version === entry.version && found?.integrity === entry.integrity;
  });
}

function packagesOf(text) {
  return text === "" ? undefined : JSON.parse(text).packages;
}

function install() {
  process.stderr.write("contentlib: installing dependencies (once)\n");
  const args = ["ci", "--engine-strict=false", "--loglevel=error", "--no-fund", "--no-audit"];
  // Nothing that is installed needs a script of its own to work, and one of them would report the installation elsewhere.
  args.push("--include=dev", "--include=optional", "--ignore-scripts");
  const npm = process.env.npm_execpath;
  const [command, prefix] = npm?.endsWith("npm-cli.js") ? [process.execPath, [npm]] : ["npm", []];
  const { status } = spawnSync(command, [...prefix, ...args], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: command === "npm" && process.platform === "win32",
  });
  if (status !== 0) {
    process.stderr.write("contentlib: `npm ci` failed; mend what it says above and try again\n");
    process.exit(1);
  }
}

function readOrEmpty(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) prepare();
