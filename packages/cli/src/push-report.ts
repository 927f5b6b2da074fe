import type { ChecksumInfo, ItemFileInfo } from "@contentlib/client";
import type { OutgoingFile } from "./outgoing-files.ts";
import { isArchive } from "./unchanged-files.ts";
import { countOf, formatBytes, formatDuration, shellWord } from "./output.ts";

/** What `push --json` prints. */
export interface PushReport {
  readonly changed: boolean;
  readonly address: string;
  readonly library: { readonly id: string; readonly name: string };
  readonly item: {
    readonly id: string;
    readonly name: string;
    readonly created: boolean;
    readonly content_version: string;
  };
  readonly session_id: string | null;
  readonly files: readonly {
    readonly name: string;
    readonly size: number;
    readonly checksum_info: ChecksumInfo | null;
    readonly changed: boolean;
  }[];
  /** Names of the other files that stay as they were. */
  readonly kept: readonly string[];
  /** Names of the files that came in an archive. */
  readonly unpacked: readonly string[];
  readonly removed: readonly string[];
  /** Warnings of the signature that were accepted. */
  readonly warnings: readonly { readonly type: string; readonly message: string }[];
}

/** What is told of one file of the push. */
export function fileReport(
  file: OutgoingFile,
  stored: readonly ItemFileInfo[],
  changed: boolean,
): PushReport["files"][number] {
  const info = stored.find(({ name }) => name === file.name);
  return {
    name: file.name,
    // What is checked and not kept has a size here alone.
    size: info?.size ?? file.source.sizeBytes ?? 0,
    checksum_info: info?.checksum_info ?? null,
    changed,
  };
}

/** What the item has besides what was pushed: what stayed, or what an archive brought. */
export function othersIn(
  stored: readonly ItemFileInfo[],
  files: readonly Pick<OutgoingFile, "name">[],
): Pick<PushReport, "kept" | "unpacked"> {
  const names = stored.map(({ name }) => name);
  const others = names.filter((name) => !files.some((file) => file.name === name));
  const isUnpacked = files.some((file) => isArchive(file) && !names.includes(file.name));
  return isUnpacked ? { kept: [], unpacked: others } : { kept: others, unpacked: [] };
}

/** How a push went: what it took and what it sent. */
interface PushCost {
  readonly elapsedMs: number;
  /** Less than the size of the files where some of it was there already. */
  readonly sentBytes: number;
}

/** The report for people. */
export function linesOf(report: PushReport, cost: PushCost): readonly string[] {
  const { changed, address, item, files, removed, session_id: sessionId } = report;
  const place = shellWord(address);
  const others = othersOf(report);
  if (!changed || sessionId === null)
    return [`${place} is up to date: content version ${item.content_version}.`, ...others];
  const sent = files.filter((file) => file.changed);
  const gone = removed.length === 0 ? "" : `${countOf(removed.length, "file")} removed`;
  const deeds = [pushedOf(sent, cost), gone].filter((deed) => deed !== "").join(", ");
  return [
    `${place}: ${deeds}; now content version ${item.content_version}.`,
    ...sent.map(
      ({ name, checksum_info: sum }) =>
        // What is checked and not kept has no digest there.
        `  ${name}  ${sum === null ? "checked" : `${(sum.algorithm ?? "SHA1").toLowerCase()}:${sum.checksum}`}`,
    ),
    ...others,
  ];
}

function pushedOf(sent: PushReport["files"], { elapsedMs, sentBytes }: PushCost): string {
  if (sent.length === 0) return "";
  const sizeBytes = sent.reduce((sum, { size }) => sum + size, 0);
  const what = sent.length === 1 ? sent[0]?.name : countOf(sent.length, "file");
  const now = sentBytes === sizeBytes ? "" : `, ${formatBytes(sentBytes)} of it sent now`;
  return `${what} (${formatBytes(sizeBytes)}${now}) in ${formatDuration(elapsedMs)}`;
}

/** How many names are told before the rest is only counted; `--json` has all. */
const NAMES_MAX = 20;

const othersOf = ({ kept, removed, unpacked }: PushReport): readonly string[] => [
  ...namesLine("unpacked", unpacked),
  ...namesLine("kept", kept),
  ...namesLine("removed", removed),
];

/** A line for some names; none where there are none. */
export function namesLine(deed: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, NAMES_MAX).map(shellWord).join(", ");
  const more = names.length - NAMES_MAX;
  return [`  ${deed}: ${shown}${more > 0 ? ` and ${countOf(more, "more file")}` : ""}`];
}
