import type { Message } from "@contentlib/contract/vocabulary/faults";
import type {
  DownloadFile,
  DownloadSession,
  DownloadSessionFacts,
} from "@contentlib/server/domain/download-session";
import type { Instant } from "@contentlib/server/domain/ids";
import type {
  ActiveUpdateSession,
  CompletingUpdateSession,
  KeptFile,
  PendingCompletion,
  PulledFile,
  PushedFile,
  Receipt,
  UpdateSession,
  UpdateSessionFacts,
} from "@contentlib/server/domain/update-session";
import {
  aDigest,
  aDownloadSessionId,
  anAccountId,
  anEntryId,
  anItemId,
  anUpdateSessionId,
  aStagedId,
  BUILT_AT,
  nextNumber,
} from "./ids.ts";
import { anItemFile } from "./libraries.ts";

/** How long a session that a builder made lives: five minutes, in milliseconds. */
export const BUILT_SESSION_LIFE_MS = 300_000;

/** A message as a client or the server leaves it. */
export const aMessage = (over: Partial<Message> = {}): Message => ({
  id: "test.message",
  default_message: "A test says so.",
  args: [],
  ...over,
});

/** An ACTIVE update session. Say `itemId` and `ownerId` where they matter. */
export const anUpdateSession = (over: Partial<UpdateSessionFacts> = {}): ActiveUpdateSession => ({
  id: anUpdateSessionId(),
  ownerId: anAccountId(),
  ownerName: "administrator",
  itemId: anItemId(),
  itemContentVersion: 1,
  createdAt: BUILT_AT,
  clientProgress: 0,
  expiresAt: BUILT_AT + BUILT_SESSION_LIFE_MS,
  ...over,
  state: "ACTIVE",
});

/** An update session that its owner has completed, and that waits for files to be pulled. */
export const aCompletingSession = (
  over: Partial<UpdateSessionFacts> = {},
  completing: Partial<PendingCompletion> = {},
): CompletingUpdateSession => {
  const session = anUpdateSession(over);
  return {
    ...session,
    completing: {
      at: BUILT_AT + 1,
      by: { id: session.ownerId, name: session.ownerName },
      userName: "administrator@vsphere.local",
      ...completing,
    },
  };
};

/** The same session, ended as told. */
export const endedSession = (
  session: UpdateSession,
  state: Exclude<UpdateSession["state"], "ACTIVE">,
  endedAt: Instant = BUILT_AT + 1,
): UpdateSession => {
  switch (state) {
    case "ERROR":
      return { ...session, state, endedAt, errorMessage: aMessage() };
    case "EXPIRED":
      return { ...session, state, endedAt, idleSeconds: 300 };
    case "DONE":
    case "CANCELED":
      return { ...session, state, endedAt };
  }
};

/** A file that the session leaves as the item has it. */
export const aKeptFile = (over: Partial<KeptFile> = {}): KeptFile => ({
  ...anItemFile(),
  ...over,
  source: "NONE",
});

/** A pushed file that waits for its bytes. */
export const aPushedFile = (over: Partial<PushedFile> = {}): PushedFile => ({
  name: `pushed-${String(nextNumber())}.bin`,
  entryId: anEntryId(),
  receipt: { status: "WAITING" },
  ...over,
  source: "PUSH",
});

/** A file that waits to be pulled. */
export const aPulledFile = (over: Partial<PulledFile> = {}): PulledFile => {
  const name = over.name ?? `pulled-${String(nextNumber())}.bin`;
  return {
    name,
    entryId: anEntryId(),
    from: { url: `https://example.com/files/${name}` },
    receipt: { status: "WAITING" },
    ...over,
    source: "PULL",
  };
};

/** The receipt of bytes that arrived whole. */
export const aReadyReceipt = (
  over: Partial<Extract<Receipt, { status: "READY" }>> = {},
): Extract<Receipt, { status: "READY" }> => {
  const digest = over.digest ?? aDigest();
  return {
    stagedId: aStagedId(),
    digest,
    sizeBytes: 2048,
    checksum: { algorithm: "SHA256", hex: digest },
    ...over,
    status: "READY",
  };
};

/** A file of a download session, not yet prepared. */
export const aDownloadFile = (over: Partial<DownloadFile> = {}): DownloadFile => ({
  file: anItemFile(),
  prepared: false,
  delivered: false,
  ...over,
});

/** An ACTIVE download session of no files. */
export const aDownloadSession = (
  over: Partial<DownloadSessionFacts> = {},
): DownloadSession & { state: "ACTIVE" } => ({
  id: aDownloadSessionId(),
  ownerId: anAccountId(),
  ownerName: "administrator",
  itemId: anItemId(),
  itemContentVersion: 1,
  createdAt: BUILT_AT,
  clientProgress: 0,
  expiresAt: BUILT_AT + BUILT_SESSION_LIFE_MS,
  files: [],
  ...over,
  state: "ACTIVE",
});

/** The same download session, ended as told. */
export const endedDownload = (
  session: DownloadSession,
  state: Exclude<DownloadSession["state"], "ACTIVE">,
  endedAt: Instant = BUILT_AT + 1,
): DownloadSession => {
  switch (state) {
    case "ERROR":
      return { ...session, state, endedAt, errorMessage: aMessage() };
    case "EXPIRED":
      return { ...session, state, endedAt, idleSeconds: 300 };
    case "CANCELED":
      return { ...session, state, endedAt };
  }
};
