import { faultOf } from "@contentlib/contract/vocabulary";
import type { UploadEntry } from "../../domain/partial-upload.ts";
import { Fault } from "../fault.ts";
import type { UploadCore } from "./upload-target.ts";

/** How many requests of one file may wait for their turn, with the one whose turn it is. */
export const WAITING_MAX = 32;
const RETRY_SECONDS = "1";

const tooMany = (): Fault =>
  new Fault(faultOf("server.unavailable", "too many requests to this address wait", RETRY_SECONDS));

/**
 * Lets a request to an upload endpoint do what only one of its session may do at a time. Each of them costs a commit, whoever has
 * the address can send thousands and go away, and what ends the session waits in the same line: so the line is kept short.
 */
export const inTurn = <Result>(
  { exclusive }: Pick<UploadCore, "exclusive">,
  { sessionId, entryId }: UploadEntry,
  work: () => Promise<Result>,
): Promise<Result> =>
  exclusive.runFew(sessionId, { name: entryId, most: WAITING_MAX, refuse: tooMany }, work);
