import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../adapters/clock/manual-clock.ts";
import { RandomIdSource } from "../../adapters/ids/random-id-source.ts";
import type { Sha256 } from "../../domain/ids.ts";
import type { PushedFile, Receipt } from "../../domain/update-session.ts";
import { LiveTransfer, LiveTransfers } from "../live-transfers.ts";
import { ChangeTeller } from "./change-teller.ts";
import { ObservedSession, ObservedSessions } from "./observed-sessions.ts";
import { ProgressWatch } from "./progress-watch.ts";

const ids = new RandomIdSource();

/** One session with one file, whose transfer is there as long as the test wants. */
const aWorld = () => {
  const clock = new ManualClock();
  const live = new LiveTransfers();
  const told: string[] = [];
  const target = {
    publish: (_subject: unknown, event: { kind: string; file_status?: string }) =>
      void told.push(`${event.kind} ${event.file_status ?? ""}`),
  };
  const nothing = { findSession: async () => null, findItem: async () => null };
  const observed = new ObservedSessions(nothing, () => Promise.resolve());
  const watch = new ProgressWatch({ live, clock, observed, target });
  const libraryGone = (): void => undefined;
  const teller = new ChangeTeller({ observed, watch, clock, target, libraryGone });
  const session = { id: ids.updateSessionId(), ownerId: ids.accountId(), itemId: ids.itemId() };
  const entryId = ids.entryId();
  const fileWith = (receipt: Receipt): PushedFile => ({
    source: "PUSH",
    name: "a.iso",
    entryId,
    receipt,
  });
  observed.add(new ObservedSession(session, null, [fileWith({ status: "WAITING" })]));
  const aTransfer = (): LiveTransfer =>
    new LiveTransfer(session.id, session.ownerId, entryId, clock.now());
  const put = (receipt: Receipt): void =>
    teller.tell(
      [{ kind: "session-file.put", sessionId: session.id, file: fileWith(receipt), rev: 1 }],
      null,
    );
  return { live, told, look: () => watch.look(() => true), aTransfer, put };
};

const READY: Receipt = {
  status: "READY",
  stagedId: ids.stagedId(),
  digest: "0" as string as Sha256,
  sizeBytes: 1,
  checksum: { algorithm: "SHA256", hex: "0" },
};

test("a transfer whose outcome is told is not told of again while it is still there, nor as lost", () => {
  const { live, told, look, aTransfer, put } = aWorld();
  const transfer = aTransfer();
  live.enter(transfer);
  look();
  assert.deepEqual(told, [], "no byte has come");
  transfer.phase = "validating";
  look();
  put(READY);
  look();
  live.leave(transfer);
  look();
  assert.deepEqual(told, ["FILE_STATUS VALIDATING", "FILE_STATUS READY"]);
});

test("a file that waits again waits for a transfer that is still to be told of", () => {
  const { live, told, look, aTransfer, put } = aWorld();
  put(READY);
  const transfer = aTransfer();
  live.enter(transfer);
  put({ status: "WAITING" });
  transfer.phase = "moving";
  look();
  assert.deepEqual(told, [
    "FILE_STATUS READY",
    "FILE_STATUS WAITING_FOR_TRANSFER",
    "FILE_STATUS TRANSFERRING",
  ]);
});
