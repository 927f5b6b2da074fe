// Everything that must hold before a change is taken, each once. The last line is the sum of what the scripts counted.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKLIST } from "./checklist.ts";
import { capture, root } from "./command.ts";
import { clearResults, findUnproven, readResults } from "./conformance.ts";
import { addTallies, emptyTally, findTally, formatTally, type Tally } from "./tally.ts";

interface ScriptResult {
  readonly isDone: boolean;
  readonly output: string;
}

/** How long each step of apt-get may take, in milliseconds. */
const APT_TIMEOUT_MS = 300_000;
/** Debian's packages, each with a file that shows that it is there: real bootable images, a browser, and what makes disks and images. */
const systemPackages = [
  { name: "grub-rescue-pc", place: "/usr/lib/grub-rescue/grub-rescue-cdrom.iso" },
  { name: "ipxe", place: "/usr/lib/ipxe/ipxe.iso" },
  { name: "chromium", place: "/usr/bin/chromium" },
  { name: "qemu-utils", place: "/usr/bin/qemu-img" },
  { name: "xorriso", place: "/usr/bin/xorriso" },
  { name: "genisoimage", place: "/usr/bin/genisoimage" },
  { name: "udftools", place: "/usr/sbin/mkudffs" },
];
const testScripts = ["test", "test:more", "test:interop"];
const one: Tally = { passed: 1, failed: 0, skipped: 0 };
const oneFailed: Tally = { passed: 0, failed: 1, skipped: 0 };

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
installSystemPackages();
const present = testScripts.filter((name) => name in manifest.scripts);
let sum = emptyTally;
clearResults();
for (const name of present) sum = addTallies(sum, await runTests(name));
sum = addTallies(sum, checkConformance());
if ("generate" in manifest.scripts) sum = addTallies(sum, await checkGenerated());
console.log(formatTally(sum));
process.exitCode = sum.failed > 0 ? 1 : 0;

/** What some tests need of the system is installed where that can be, each for itself; without it they are skipped, with their reason. */
function installSystemPackages(): void {
  const missing = systemPackages.filter(({ place }) => !existsSync(place));
  if (missing.length === 0 || process.platform !== "linux" || process.getuid?.() !== 0) return;
  const isUpdated = aptGet("update");
  for (const { name } of missing)
    if (!isUpdated || !aptGet("install", "-y", "--no-install-recommends", name))
      console.log(`Could not install ${name}; the tests that need it are skipped.`);
}

function aptGet(...words: readonly string[]): boolean {
  const { error, status } = spawnSync("apt-get", ["-qq", ...words], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: "ignore",
    timeout: APT_TIMEOUT_MS,
  });
  return error === undefined && status === 0;
}

/** A script that ends badly counts as a failure even where its tally says otherwise, or where it printed none. */
async function runTests(script: string): Promise<Tally> {
  const { isDone, output } = await npmRun(script);
  const tally = findTally(output);
  if (tally === undefined) return oneFailed;
  return isDone || tally.failed > 0 ? tally : addTallies(tally, oneFailed);
}

/** What the table of conformance calls passed has passed just now; a line whose tests were skipped is only told of. */
function checkConformance(): Tally {
  console.log("\n== conformance");
  const { failed, unseen } = findUnproven(CHECKLIST, readResults());
  for (const line of unseen) console.log(`unseen ${line}`);
  for (const line of failed) console.log(`FAILED ${line}`);
  if (failed.length > 0) return oneFailed;
  console.log(`ok     every line that is called passed was shown, ${unseen.length} left aside`);
  return one;
}

/** Derived files are committed; writing them again must change nothing. */
async function checkGenerated(): Promise<Tally> {
  const before = workTree();
  const { isDone } = await npmRun("generate");
  if (isDone && workTree() === before) return one;
  console.log("FAILED generate: it did not end well, or a derived file was stale");
  console.log(capture("git", ["status", "--short"]).output);
  return oneFailed;
}

function workTree(): string {
  return capture("git", ["status", "--porcelain"]).output + capture("git", ["diff"]).output;
}

/** Shows the script's output as it comes, and keeps it for the tally on its last line. */
async function npmRun(script: string): Promise<ScriptResult> {
  console.log(`\n== npm run ${script}`);
  const child = spawn("npm", ["run", "--silent", script], {
    cwd: root,
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    process.stdout.write(text);
  });
  await once(child, "close");
  return { isDone: child.exitCode === 0, output };
}
