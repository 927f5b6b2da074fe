import { FAULTS } from "@contentlib/contract/vocabulary";

/** How a transfer ends that no fault ended, by its direction: an upload is ready or failed, a download is closed or cut. */
export const PLAIN_OUTCOMES = {
  upload: ["ready", "failed"],
  download: ["closed", "cut"],
} as const;

/** How a transfer may end. */
export const TRANSFER_OUTCOMES: ReadonlySet<string> = new Set([
  ...PLAIN_OUTCOMES.upload,
  ...PLAIN_OUTCOMES.download,
  ...Object.keys(FAULTS),
]);

/** States in which sessions end. */
export const END_STATES: ReadonlySet<string> = new Set(["DONE", "CANCELED", "ERROR", "EXPIRED"]);

/** What stands for the state of a session that was deleted while it was ACTIVE. */
export const DELETED = "DELETED";
