import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { runJob } from "./child.ts";

const TRANSFER_TIMEOUT_S = 600;
const run = promisify(execFile);

/** The client of all transfers: `curl` where it is installed. */
export const transferClient: "curl" | "node" =
  spawnSync("curl", ["--version"]).status === 0 ? "curl" : "node";

/** Sends the file and returns the seconds until the answer. Anything but 200 is an error. `ca` is the path of a certificate, for https. */
export async function sendFile(path: string, url: string, ca?: string): Promise<number> {
  if (transferClient === "curl") return await curl(["-T", path, ...trusting(ca), url]);
  const job = { path, url, ...(ca === undefined ? {} : { ca }) };
  return await runJob<number>("transfer-job", job, TRANSFER_TIMEOUT_S * 1000);
}

/** Reads the address to its end, keeps nothing, and returns the seconds that took. `ca` is the path of a certificate, for https. */
export async function fetchAway(url: string, ca?: string): Promise<number> {
  if (transferClient === "curl") return await curl([...trusting(ca), url]);
  const job = { url, ...(ca === undefined ? {} : { ca }) };
  return await runJob<number>("transfer-job", job, TRANSFER_TIMEOUT_S * 1000);
}

const trusting = (ca: string | undefined): readonly string[] =>
  ca === undefined ? [] : ["--cacert", ca];

async function curl(args: readonly string[]): Promise<number> {
  const report = "%{stderr}%{http_code} %{time_total}";
  const fixed = ["-sS", "-o", "/dev/null", "-w", report, "--max-time", String(TRANSFER_TIMEOUT_S)];
  const { stderr } = await run("curl", [...fixed, ...args]);
  const [status, seconds] = stderr.trim().split(" ");
  if (status !== "200") throw new Error(`A transfer was answered ${stderr}.`);
  return Number(seconds);
}

/** Waits until what was written and removed before has reached the disk, so that no round pays for the one before it. */
export async function settleDisk(): Promise<void> {
  if (process.platform !== "win32") await run("sync");
}
