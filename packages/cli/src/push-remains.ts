import type { Client, UploadEvent } from "@contentlib/client";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure, isUnauthenticated } from "./failure.ts";
import type { OutgoingFile } from "./outgoing-files.ts";
import type { PushStory } from "./push-story.ts";

/** How long the last look at a session may take, in milliseconds. */
const LOOK_TIMEOUT_MS = 5_000;

/** How a push failed. */
export type PushEnd = Extract<UploadEvent, { readonly type: "failed" }>;

/** What there is to say of a push that failed. */
interface Remains {
  /** The line that goes on with it. */
  readonly line: string;
  /** Whether its session is open still. */
  readonly isOpen: boolean;
  /** Whether its user ended it; then the line is told with that. */
  readonly isInterrupted: boolean;
}

const KEPT = "What has arrived is kept for a while. This goes on with it:";

/** Whether what has arrived is kept, and some of it can be gone on with. */
export const canGoOn = (end: PushEnd | undefined, files: readonly OutgoingFile[]): boolean =>
  end?.isKept === true && files.some(({ source }) => source.resumable !== undefined);

/** What a user who interrupted a push is told: the line that goes on with it, or what there is to be sent again. */
export function interruptedPush(
  line: string,
  files: readonly OutgoingFile[],
  { end, hasSession }: Pick<PushStory, "end" | "hasSession">,
): Failure {
  const told = (hint: string): Failure => new Failure(EXIT_CODES.interrupted, "Interrupted.", hint);
  // Where nobody has waited for the end, the session is open, and the next push takes it over.
  const isResumable = files.some(({ source }) => source.resumable !== undefined);
  const isLeft = end === undefined && hasSession && isResumable;
  if (canGoOn(end, files) || isLeft) return told(`${KEPT}\n  ${line}`);
  return files.some(({ path }) => path === null)
    ? told("Nothing is kept of what came from the standard input: send it again from its beginning")
    : told("Go on: run the same line again");
}

/** What is left of a push that failed. */
export function remarksOn(
  end: PushEnd | undefined,
  files: readonly OutgoingFile[],
  { line, isOpen, isInterrupted }: Remains,
): readonly string[] {
  if (end === undefined) return [];
  const isGoing = canGoOn(end, files);
  const next = isGoing ? "goes on with it" : "ends it";
  const open = isOpen
    ? [`Update session ${end.sessionId} could not be ended; the next push ${next}.`]
    : [];
  return [...open, ...(isGoing && !isInterrupted ? [KEPT, `  ${line}`] : [])];
}

/** Whether a session that could not be ended may be there still: not for whoever was shut out, nor where it is over. */
export async function mayLive(client: Client, sessionId: string): Promise<boolean> {
  const options = { timeoutMs: LOOK_TIMEOUT_MS, retriesMax: 0 };
  const asked = client.updateSession.get({ update_session_id: sessionId }, options);
  return await asked.then(
    ({ state }) => state === "ACTIVE",
    (error: unknown) => !isUnauthenticated(error) && !isGone(error),
  );
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && "class" in error && error.class === "not_found";
