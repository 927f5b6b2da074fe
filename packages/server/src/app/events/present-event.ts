import type { EventKind, ServerEvent } from "@contentlib/contract";
import type { FaultValue, Message } from "@contentlib/contract/vocabulary";
import { isFault, messageOf } from "@contentlib/contract/vocabulary";
import type { Instant } from "../../domain/ids.ts";
import type { TransferStatus } from "../../domain/session-file/view.ts";
import { checkVisible } from "../../domain/update-session/guard.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import { presentMessage, presentTime } from "../present.ts";
import type { ObservedSession } from "./observed-sessions.ts";

/** What an event says of a file. */
export interface FileNews {
  readonly name: string;
  readonly status?: TransferStatus;
  readonly bytesTransferred?: number;
  readonly sizeBytes?: number | null;
  readonly bytesPerSecond?: number | null;
  readonly stalledSeconds?: number;
  readonly errorMessage?: Message | undefined;
}

/** The event that stands for events that are lost. */
export const gapEvent = (at: Instant): ServerEvent => ({ kind: "GAP", time: presentTime(at) });

type Place = Pick<ObservedSession, "subject" | "itemId">;

const about = ({ subject, itemId }: Place, kind: EventKind, at: Instant): ServerEvent => ({
  kind,
  time: presentTime(at),
  update_session_id: subject.sessionId,
  library_item_id: itemId,
  ...(subject.libraryId === null ? {} : { library_id: subject.libraryId }),
});

const gone = (place: Place, reason: FaultValue, at: Instant): ServerEvent => ({
  ...about(place, "SESSION_GONE", at),
  error_message: presentMessage(messageOf(reason)),
});

/** A session as it is now: SESSION_STATE, or SESSION_GONE for one that clients do not find any more. */
export const sessionEvent = (place: Place, session: UpdateSession, at: Instant): ServerEvent => {
  const visible = checkVisible(session);
  if (isFault(visible)) return gone(place, visible, at);
  return {
    ...about(place, "SESSION_STATE", at),
    state: visible.state,
    ...(visible.state === "ERROR" ? { error_message: presentMessage(visible.errorMessage) } : {}),
  };
};

export const createdEvent = (place: Place, at: Instant): ServerEvent => ({
  ...about(place, "SESSION_CREATED", at),
  state: "ACTIVE",
});

/** Whether nothing can come of the session after this event. */
export const isFinal = ({ kind, state }: ServerEvent): boolean =>
  kind === "SESSION_GONE" || (kind === "SESSION_STATE" && state !== "ACTIVE");

/**
 * Bytes as events show them: all of a file only once its bytes are verified. Who watches a bar must not see it full while the
 * file can still turn out to be wrong.
 */
export const shownBytes = (bytes: number, news: Pick<FileNews, "status" | "sizeBytes">): number => {
  const isVerified = news.status !== "TRANSFERRING" && news.status !== "VALIDATING";
  const sizeBytes = news.sizeBytes ?? null;
  return isVerified || sizeBytes === null ? bytes : Math.max(0, Math.min(bytes, sizeBytes - 1));
};

export const fileEvent = (
  place: Place,
  { kind, at }: { readonly kind: EventKind; readonly at: Instant },
  news: FileNews,
): ServerEvent => ({
  ...about(place, kind, at),
  file_name: news.name,
  ...(news.status === undefined ? {} : { file_status: news.status }),
  ...(news.bytesTransferred === undefined
    ? {}
    : { bytes_transferred: shownBytes(news.bytesTransferred, news) }),
  ...(typeof news.sizeBytes === "number" ? { size: news.sizeBytes } : {}),
  ...(typeof news.bytesPerSecond === "number" ? { bytes_per_second: news.bytesPerSecond } : {}),
  ...(news.stalledSeconds === undefined ? {} : { stalled_seconds: news.stalledSeconds }),
  ...(news.errorMessage === undefined ? {} : { error_message: presentMessage(news.errorMessage) }),
});
