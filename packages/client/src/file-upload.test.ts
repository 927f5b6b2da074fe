import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { UpdateSessionFileInfo } from "@contentlib/contract";
import { AbortedError, ConnectionError, LibraryError, ProtocolError } from "./errors.ts";
import { beginFile, stepFile } from "./file-upload.ts";
import type { FileEvent, FileProgress, FileRules, FileState } from "./file-state.ts";

const SIZE = 100;
const ours: FileRules = {
  fileName: "a.iso",
  sizeBytes: SIZE,
  canResume: true,
  isReplayable: true,
  triesMax: 3,
};
const theirs: FileRules = { ...ours, canResume: false };

const broken = new ConnectionError("It broke.", {});
const progress: FileProgress = {
  tries: 0,
  reachedBytes: 0,
  url: "https://a/1",
  isOwn: true,
  lastError: null,
};
const digest = "ab".repeat(32);

const info = (
  status: UpdateSessionFileInfo["status"],
  more: Partial<UpdateSessionFileInfo> = {},
): UpdateSessionFileInfo => ({
  name: "a.iso",
  source_type: "PUSH",
  status,
  bytes_transferred: 0,
  upload_endpoint: { uri: "https://a/1" },
  ...more,
});
const shown = (
  status: UpdateSessionFileInfo["status"],
  more: Partial<UpdateSessionFileInfo> = {},
): FileEvent => ({ name: "shown", info: info(status, more) });
const told = (offsetBytes: number, more: Partial<Extract<FileEvent, { name: "told" }>> = {}) =>
  ({
    name: "told",
    offsetBytes,
    lengthBytes: undefined,
    digest: undefined,
    ...more,
  }) as const satisfies FileEvent;
const ready = info("READY", {
  size: SIZE,
  checksum_info: { algorithm: "SHA256", checksum: digest },
});

const looking = (more: Partial<Extract<FileState, { name: "looking" }>> = {}): FileState => ({
  name: "looking",
  progress,
  isSent: false,
  isGone: false,
  ...more,
});

const STATES: { readonly [S in FileState["name"]]: Extract<FileState, { readonly name: S }> } = {
  adding: { name: "adding", progress },
  asking: { name: "asking", progress },
  comparing: { name: "comparing", progress, offsetBytes: 40, digest, whole: null },
  dropping: { name: "dropping", progress },
  sending: { name: "sending", progress, offsetBytes: 0 },
  looking: { name: "looking", progress, isSent: true, isGone: false },
  pausing: { name: "pausing", progress, next: { name: "asking", progress } },
  ready: { name: "ready", progress, info: ready },
  failed: { name: "failed", progress, error: broken },
};
const EVENTS: { readonly [E in FileEvent["name"]]: Extract<FileEvent, { readonly name: E }> } = {
  shown: { name: "shown", info: info("WAITING_FOR_TRANSFER") },
  told: told(40),
  same: { name: "same" },
  differs: { name: "differs" },
  dropped: { name: "dropped" },
  taken: { name: "taken" },
  broke: { name: "broke", error: broken },
  moved: { name: "moved", error: broken },
  gone: { name: "gone", error: broken },
  superseded: { name: "superseded", error: broken },
  refused: { name: "refused", error: broken },
  rested: { name: "rested" },
};

type Names = { readonly [E in FileEvent["name"]]: FileState["name"] };
const otherwise = (names: Partial<Names>): Names => ({
  shown: "failed",
  told: "failed",
  same: "failed",
  differs: "failed",
  dropped: "failed",
  taken: "failed",
  broke: "failed",
  moved: "failed",
  gone: "failed",
  superseded: "failed",
  refused: "failed",
  rested: "failed",
  ...names,
});
const always = (name: FileState["name"]): Names =>
  Object.fromEntries(Object.keys(EVENTS).map((event) => [event, name])) as unknown as Names;

/** Where each event leads from each state, on a server of ours. */
const EXPECTED: { readonly [S in FileState["name"]]: Names } = {
  adding: otherwise({ shown: "sending", broke: "pausing" }),
  asking: otherwise({ told: "sending", broke: "pausing", moved: "pausing", gone: "looking" }),
  comparing: otherwise({ same: "sending", differs: "dropping" }),
  dropping: otherwise({ dropped: "sending", broke: "pausing", moved: "pausing", gone: "looking" }),
  sending: otherwise({ taken: "looking", broke: "looking", moved: "looking", gone: "looking" }),
  looking: otherwise({ broke: "pausing" }),
  pausing: otherwise({ rested: "asking" }),
  ready: always("ready"),
  failed: always("failed"),
};

describe("a file on its way", () => {
  for (const [name, state] of Object.entries(STATES)) {
    test(`goes on from ${name} at every event as the table says`, () => {
      const found = Object.entries(EVENTS).map(([event, value]) => [
        event,
        stepFile(ours, state, value).name,
      ]);
      assert.deepEqual(Object.fromEntries(found), EXPECTED[state.name]);
    });
  }

  test("what can not happen is told as the bug it is, and what failed keeps its own reason", () => {
    const odd = stepFile(ours, STATES.adding, { name: "rested" });
    assert.ok(odd.name === "failed");
    assert.equal(odd.error.message, "A file that is adding was told rested.");
    for (const event of ["superseded", "refused"] as const) {
      const end = stepFile(ours, STATES.sending, EVENTS[event]);
      assert.ok(end.name === "failed");
      assert.equal(end.error, broken);
    }
  });
});

describe("a file that is added", () => {
  test("is sent from 0, unless bytes of an earlier session are there: those are asked for with their digest", () => {
    const fresh = stepFile(ours, STATES.adding, shown("WAITING_FOR_TRANSFER"));
    assert.ok(fresh.name === "sending" && fresh.offsetBytes === 0);
    const kept = stepFile(
      ours,
      STATES.adding,
      shown("WAITING_FOR_TRANSFER", { bytes_transferred: 40 }),
    );
    assert.ok(kept.name === "asking" && !kept.progress.isOwn);
    const other = stepFile(
      theirs,
      STATES.adding,
      shown("WAITING_FOR_TRANSFER", { bytes_transferred: 40 }),
    );
    assert.ok(other.name === "sending" && other.offsetBytes === 0);
  });

  test("and is READY at once is not sent", () => {
    assert.equal(stepFile(ours, STATES.adding, { name: "shown", info: ready }).name, "ready");
  });

  test("without an endpoint is an answer that the API does not have", () => {
    const { upload_endpoint: _, ...without } = info("WAITING_FOR_TRANSFER");
    const end = stepFile(ours, STATES.adding, { name: "shown", info: without });
    assert.ok(end.name === "failed" && end.error instanceof ProtocolError);
  });
});

describe("bytes that are there already", () => {
  const unknown: FileState = { name: "asking", progress: { ...progress, isOwn: false } };

  test("are compared before they count, and go on behind them where they are the same", () => {
    const comparing = stepFile(ours, unknown, told(40, { digest }));
    assert.ok(comparing.name === "comparing" && comparing.offsetBytes === 40);
    const same = stepFile(ours, comparing, { name: "same" });
    assert.ok(same.name === "sending" && same.offsetBytes === 40 && same.progress.isOwn);
    assert.equal(stepFile(ours, comparing, { name: "differs" }).name, "dropping");
  });

  test("are dropped where they can not be compared, and begin again where there are none", () => {
    assert.equal(stepFile(ours, unknown, told(40)).name, "dropping");
    const none = stepFile(ours, unknown, told(0, { digest }));
    assert.ok(none.name === "sending" && none.offsetBytes === 0);
  });

  test("are dropped where they are more than the file has", () => {
    assert.equal(stepFile(ours, STATES.asking, told(SIZE + 1)).name, "dropping");
  });

  test("that were declared with another length are declared again", () => {
    assert.equal(stepFile(ours, unknown, told(40, { lengthBytes: 41, digest })).name, "adding");
  });

  test("and are all of them end the upload without another byte", () => {
    assert.equal(stepFile(ours, STATES.asking, told(SIZE)).name, "looking");
    const comparing = stepFile(ours, unknown, told(SIZE, { digest }));
    assert.equal(stepFile(ours, comparing, { name: "same" }).name, "looking");
  });

  test("and are READY in a session that is taken over are compared whole", () => {
    const taken = stepFile(ours, beginFile(ours, ready), { name: "shown", info: ready });
    assert.ok(taken.name === "comparing" && taken.whole === ready && taken.digest === digest);
    assert.equal(stepFile(ours, taken, { name: "same" }).name, "ready");
    assert.equal(stepFile(ours, taken, { name: "differs" }).name, "dropping");
    const shorter = { ...ready, size: SIZE - 1 };
    const other = stepFile(ours, beginFile(ours, ready), { name: "shown", info: shorter });
    assert.equal(other.name, "dropping");
  });

  test("begin with a look in a session that is taken over, and with add where that does not help", () => {
    assert.equal(beginFile(ours, info("WAITING_FOR_TRANSFER")).name, "looking");
    assert.equal(beginFile(ours, null).name, "adding");
    assert.equal(beginFile(ours, info("ERROR")).name, "adding");
    assert.equal(beginFile(theirs, ready).name, "adding");
    assert.equal(beginFile(ours, { ...ready, source_type: "NONE" }).name, "adding");
    const waiting = stepFile(ours, beginFile(ours, ready), shown("WAITING_FOR_TRANSFER"));
    assert.equal(waiting.name, "asking");
  });
});

describe("a line that breaks", () => {
  const after = (error: Error, tries = 0): FileState =>
    looking({ progress: { ...progress, lastError: error, tries } });

  test("is followed by the server's reason, where it has one", () => {
    const message = { id: "x", default_message: "Too short.", args: [] };
    const end = stepFile(ours, after(broken), shown("ERROR", { error_message: message }));
    assert.ok(end.name === "failed" && end.error instanceof LibraryError);
    assert.equal(end.error.message, "Too short.");
  });

  test("is followed by a pause, and by the offset on a server of ours, by the whole file elsewhere", () => {
    const here = stepFile(ours, after(broken), shown("WAITING_FOR_TRANSFER"));
    assert.ok(here.name === "pausing" && here.next.name === "asking" && here.progress.tries === 1);
    const there = stepFile(theirs, after(broken), shown("WAITING_FOR_TRANSFER"));
    assert.ok(there.name === "pausing" && there.next.name === "sending");
    assert.equal(there.next.name === "sending" && there.next.offsetBytes, 0);
  });

  test("ends the file after too many times in a row, and new bytes at the server begin a new row", () => {
    const end = stepFile(ours, after(broken, 3), shown("WAITING_FOR_TRANSFER"));
    assert.ok(end.name === "failed" && end.error === broken);
    const tired: FileState = {
      name: "asking",
      progress: { ...progress, tries: 3, reachedBytes: 40 },
    };
    assert.equal(stepFile(ours, tired, told(40)).progress.tries, 3);
    assert.equal(stepFile(ours, tired, told(41)).progress.tries, 0);
    assert.equal(stepFile(ours, tired, EVENTS.broke).name, "failed");
  });

  test("ends a source that can not be read twice", () => {
    const rules = { ...theirs, isReplayable: false };
    const end = stepFile(rules, after(broken), shown("WAITING_FOR_TRANSFER"));
    assert.ok(end.name === "failed" && end.error === broken);
  });

  test("does not matter where the server has all bytes by then", () => {
    assert.equal(stepFile(ours, after(broken), { name: "shown", info: ready }).name, "ready");
  });
});

describe("an endpoint that is there no more", () => {
  const gone = looking({ isGone: true, progress: { ...progress, lastError: broken } });

  test("is replaced by the one that get shows, and ends the file where that is the same", () => {
    const moved = shown("WAITING_FOR_TRANSFER", { upload_endpoint: { uri: "https://a/2" } });
    const next = stepFile(ours, gone, moved);
    assert.ok(next.name === "pausing" && next.progress.url === "https://a/2");
    const same = stepFile(ours, gone, shown("WAITING_FOR_TRANSFER"));
    assert.ok(same.name === "failed" && same.error === broken);
  });

  test("ends the file with the session's reason where the session is gone as well", () => {
    const reason = new AbortedError("It expired.", {});
    const end = stepFile(ours, gone, { name: "gone", error: reason });
    assert.ok(end.name === "failed" && end.error === reason);
  });
});

test("a file that was sent is waited for while the server checks it", () => {
  const sent = looking({ isSent: true });
  for (const status of ["TRANSFERRING", "VALIDATING"] as const) {
    const next = stepFile(ours, sent, shown(status));
    assert.ok(next.name === "pausing" && next.next.name === "looking" && next.progress.tries === 0);
  }
  const end = stepFile(ours, sent, shown("WAITING_FOR_TRANSFER"));
  assert.ok(end.name === "failed" && end.error instanceof ProtocolError);
});
