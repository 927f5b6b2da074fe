import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, isFault, messageOf } from "@contentlib/contract/vocabulary";
import { aDownloadSessionId, anAccountId, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import { endedDownload } from "@contentlib/testkit/builders/sessions";
import fc from "fast-check";
import { createDownloadSession } from "./create.ts";
import { getDownloadFile, markDelivered, prepareFile, viewDownloadFile } from "./file.ts";
import {
  cancelDownload,
  checkGivesBytes,
  checkVisibleDownload,
  endDownloadWithItem,
  failDownload,
  keepDownloadAlive,
} from "./lifecycle.ts";

const NOW = BUILT_AT + 1000;
const TIMEOUT_MS = 300_000;
const item = anItem({
  contentVersion: 5,
  files: [anItemFile({ name: "a.iso", sizeBytes: 10 }), anItemFile({ name: "b.iso" })],
});
const [fileA] = item.files;
assert.ok(fileA);
const session = createDownloadSession({
  id: aDownloadSessionId(),
  owner: { id: anAccountId(), name: "administrator" },
  item,
  now: BUILT_AT,
  timeoutMs: TIMEOUT_MS,
});
const ended = (["CANCELED", "ERROR"] as const).map((state) => endedDownload(session, state));

describe("a new download session", () => {
  test("is ACTIVE on the content its item has now, nothing prepared", () => {
    assert.equal(session.state, "ACTIVE");
    assert.equal(session.itemContentVersion, 5);
    assert.equal(session.expiresAt, BUILT_AT + TIMEOUT_MS);
    assert.deepEqual(
      session.files.map((file) => viewDownloadFile(file, 0)),
      item.files.map(({ name, sizeBytes }) => ({
        name,
        status: "UNPREPARED",
        sizeBytes,
        bytesTransferred: 0,
      })),
    );
  });

  test("of an item without files has none", () => {
    const { id, ownerId, ownerName } = session;
    const owner = { id: ownerId, name: ownerName };
    assert.deepEqual(
      createDownloadSession({ id, owner, item: anItem(), now: NOW, timeoutMs: 1 }).files,
      [],
    );
  });
});

describe("preparing", () => {
  const prepared = prepareFile(session, { fileName: "b.iso" });
  assert.ok(!isFault(prepared));

  test("a file is PREPARED at once, and known by its position", () => {
    assert.equal(prepared.index, 1);
    assert.deepEqual(
      prepared.session.files.map((file) => file.prepared),
      [false, true],
    );
  });

  test("again changes nothing", () => {
    const again = prepareFile(prepared.session, { fileName: "b.iso", endpointType: "HTTPS" });
    assert.ok(!isFault(again));
    assert.equal(again.session, prepared.session);
  });

  test("an unknown name is refused, by get too", () => {
    const fault = faultOf("download_session.no_such_file", session.id, "B.iso");
    assert.deepEqual(prepareFile(session, { fileName: "B.iso" }), fault);
    assert.deepEqual(getDownloadFile(session, "B.iso"), fault);
  });

  test("DIRECT is refused, and the text says what to do", () => {
    const fault = prepareFile(session, { fileName: "a.iso", endpointType: "DIRECT" });
    assert.ok(isFault(fault));
    assert.match(messageOf(fault).default_message, /a\.iso .* endpoint_type HTTPS/);
  });

  test("needs an ACTIVE session", () => {
    for (const each of ended) {
      const fault = faultOf("download_session.invalid_state", "prepare", each.state);
      assert.deepEqual(prepareFile(each, { fileName: "a.iso" }), fault);
    }
  });
});

describe("reading", () => {
  test("bytes under way show; the checksum shows once the whole file was read, and stays", () => {
    assert.equal(
      viewDownloadFile({ file: fileA, prepared: true, delivered: false }, 7).bytesTransferred,
      7,
    );
    const delivered = markDelivered(session, 0);
    const [first] = delivered.files;
    assert.ok(first);
    const view = {
      name: "a.iso",
      status: "UNPREPARED",
      sizeBytes: 10,
      bytesTransferred: 10,
      checksum: fileA.checksum,
    };
    assert.deepEqual(viewDownloadFile(first, 3), view);
    assert.equal(markDelivered(delivered, 0), delivered);
  });

  test("all bytes sent are a whole file read, also before that is recorded", () => {
    const file = { file: fileA, prepared: true, delivered: false };
    assert.equal(viewDownloadFile(file, 9).checksum, undefined);
    assert.equal(viewDownloadFile(file, 10).checksum, fileA.checksum);
    const empty = { ...file, file: { ...fileA, sizeBytes: 0 } };
    assert.equal(viewDownloadFile(empty, null).checksum, undefined);
    assert.equal(viewDownloadFile(empty, 0).checksum, fileA.checksum);
  });

  test("a position that is none, or an ended session, changes nothing", () => {
    assert.equal(markDelivered(session, 9), session);
    for (const each of ended) assert.equal(markDelivered(each, 0), each);
  });

  test("many readers of one file never show more than its size", () => {
    assert.equal(
      viewDownloadFile({ file: fileA, prepared: true, delivered: false }, 25).bytesTransferred,
      10,
    );
  });

  test("an ended session gives no bytes", () => {
    assert.equal(checkGivesBytes(session), null);
    for (const each of ended)
      assert.deepEqual(checkGivesBytes(each), faultOf("transfer.unknown_endpoint"));
  });
});

describe("the course of a download session", () => {
  test("keep-alive extends it, and raises its progress only", () => {
    const alive = keepDownloadAlive(session, {
      clientProgress: 60,
      now: NOW,
      timeoutMs: TIMEOUT_MS,
    });
    assert.ok(!isFault(alive));
    assert.deepEqual(alive, { ...session, clientProgress: 60, expiresAt: NOW + TIMEOUT_MS });
    assert.deepEqual(
      keepDownloadAlive(alive, { clientProgress: "5", now: NOW, timeoutMs: TIMEOUT_MS }),
      alive,
    );
    const fault = keepDownloadAlive(session, {
      clientProgress: -1,
      now: NOW,
      timeoutMs: TIMEOUT_MS,
    });
    assert.deepEqual(fault, faultOf("client_progress.invalid", "-1"));
  });

  test("cancel, fail and the item's end", () => {
    assert.deepEqual(cancelDownload(session, NOW), { ...session, state: "CANCELED", endedAt: NOW });
    const errorMessage = {
      id: "contentlib.download_session.failed_by_client",
      default_message: "no disk",
      args: [],
    };
    assert.deepEqual(failDownload(session, "no disk", NOW), {
      ...session,
      state: "ERROR",
      endedAt: NOW,
      errorMessage,
    });
    assert.deepEqual(endDownloadWithItem(session, NOW), {
      ...session,
      state: "CANCELED",
      endedAt: NOW,
    });
  });

  test("an ended session is final", () => {
    for (const each of ended) {
      const refused = (operation: string) =>
        faultOf("download_session.invalid_state", operation, each.state);
      assert.deepEqual(cancelDownload(each, NOW), refused("cancel"));
      assert.deepEqual(failDownload(each, "x", NOW), refused("fail"));
      assert.deepEqual(
        keepDownloadAlive(each, { now: NOW, timeoutMs: TIMEOUT_MS }),
        refused("keep_alive"),
      );
      assert.equal(endDownloadWithItem(each, NOW), null);
      assert.equal(checkVisibleDownload(each), each);
    }
  });

  test("an expired session is gone for everyone", () => {
    const expired = endedDownload(session, "EXPIRED", BUILT_AT + TIMEOUT_MS);
    const fault = faultOf(
      "download_session.expired",
      session.id,
      "2024-01-01T00:05:00.000Z",
      "300",
    );
    assert.deepEqual(checkVisibleDownload(expired), fault);
    assert.deepEqual(cancelDownload(expired, NOW), fault);
    assert.deepEqual(prepareFile(expired, { fileName: "a.iso" }), fault);
  });

  test("law: no sequence of commands lowers progress or expiry, or changes the files to be read", () => {
    const names = fc.constantFrom("a.iso", "b.iso", "none");
    const steps = fc.array(
      fc.tuple(
        fc.constantFrom("prepare", "keepAlive", "deliver"),
        names,
        fc.integer({ min: -5, max: 105 }),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(steps, (sequence) => {
        let present = session;
        for (const [step, fileName, number] of sequence) {
          const next =
            step === "prepare"
              ? prepareFile(present, { fileName })
              : step === "keepAlive"
                ? keepDownloadAlive(present, {
                    clientProgress: number,
                    now: BUILT_AT + number * 1000,
                    timeoutMs: TIMEOUT_MS,
                  })
                : markDelivered(present, number);
          if (isFault(next)) continue;
          const after = "session" in next ? next.session : next;
          assert.ok(after.state === "ACTIVE");
          assert.ok(after.clientProgress >= present.clientProgress && after.clientProgress <= 100);
          assert.ok(after.expiresAt >= present.expiresAt);
          assert.deepEqual(
            after.files.map(({ file }) => file),
            item.files,
          );
          present = after;
        }
      }),
    );
  });
});
