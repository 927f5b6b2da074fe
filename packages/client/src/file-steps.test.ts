import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { UpdateSessionFileInfo } from "@contentlib/contract";
import { beginFile, stepFile } from "./file-upload.ts";
import type { FileEvent, FileRules, FileState } from "./file-state.ts";

const SIZE = 100;
const digest = "ab".repeat(32);
const base: FileRules = {
  fileName: "a.iso",
  sizeBytes: SIZE,
  canResume: true,
  isReplayable: true,
  triesMax: 3,
};
/** Rules at a server of ours, and at one of another make, for what is known of a file. */
const ours = (known: FileRules["known"]): FileRules => ({ ...base, known });
const theirs = (known: FileRules["known"]): FileRules => ({ ...base, canResume: false, known });

const info = (
  status: UpdateSessionFileInfo["status"],
  more: Partial<UpdateSessionFileInfo> = {},
): UpdateSessionFileInfo => ({
  name: "a.iso",
  source_type: "PUSH",
  status,
  bytes_transferred: 0,
  ...more,
});
const url = { upload_endpoint: { uri: "https://a/1" } };
const sum = { checksum_info: { algorithm: "SHA256", checksum: digest } } as const;
const shown = (found: UpdateSessionFileInfo): FileEvent => ({ name: "shown", info: found });
const follow = (rules: FileRules, begun: FileState, ...events: readonly FileEvent[]): FileState =>
  events.reduce((state, event) => stepFile(rules, state, event), begun);

describe("a file that is known to have changed, as by its size", () => {
  const kept = shown(info("WAITING_FOR_TRANSFER", { bytes_transferred: 40, ...url }));

  test("is added again, whatever a session has of it, and what it has is dropped without being asked for", () => {
    const rules = ours("changed");
    for (const found of [null, info("READY", url), info("WAITING_FOR_TRANSFER", url)])
      assert.equal(beginFile(rules, found).name, "adding");
    const dropping = follow(rules, beginFile(rules, null), kept);
    assert.equal(dropping.name, "dropping");
    const sending = stepFile(rules, dropping, { name: "dropped" });
    assert.ok(sending.name === "sending" && sending.offsetBytes === 0 && sending.progress.isOwn);
  });

  test("is sent whole at a server of another make", () => {
    const rules = theirs("changed");
    assert.equal(beginFile(rules, info("READY", { size: SIZE })).name, "adding");
    const sending = follow(rules, beginFile(rules, null), kept);
    assert.ok(sending.name === "sending" && sending.offsetBytes === 0);
  });
});

describe("a file that a noted session has READY at a server of another make", () => {
  const rules = theirs("same");
  const ready = info("READY", { size: SIZE });
  const begun = beginFile(rules, ready);

  test("is looked at, and counts by its digest, or by its size where none is told", () => {
    assert.equal(begun.name, "looking");
    assert.equal(stepFile(rules, begun, shown(ready)).name, "ready");
    const comparing = stepFile(rules, begun, shown({ ...ready, ...sum }));
    assert.ok(comparing.name === "comparing" && comparing.digest === digest);
    assert.equal(stepFile(rules, comparing, { name: "same" }).name, "ready");
    assert.equal(stepFile(rules, comparing, { name: "differs" }).name, "adding");
  });

  test("is added and sent again where it is another one by now, or not READY any more", () => {
    for (const found of [
      { ...ready, size: SIZE - 1 },
      info("WAITING_FOR_TRANSFER", url),
      info("ERROR"),
    ]) {
      const adding = stepFile(rules, begun, shown(found));
      assert.ok(adding.name === "adding" && adding.progress.isOwn, found.status);
      const sending = stepFile(rules, adding, shown(info("WAITING_FOR_TRANSFER", url)));
      assert.ok(sending.name === "sending" && sending.offsetBytes === 0);
    }
  });

  test("is sent again where nothing, or too little, was noted of it", () => {
    assert.equal(beginFile(theirs(undefined), ready).name, "adding");
    assert.equal(beginFile(rules, info("WAITING_FOR_TRANSFER", url)).name, "adding");
    assert.equal(beginFile(rules, { ...ready, source_type: "NONE" }).name, "adding");
  });
});

test("a file that is the same by size and time is compared all the same at a server of ours", () => {
  const rules = ours("same");
  const ready = info("READY", { size: SIZE, ...url, ...sum });
  const comparing = follow(rules, beginFile(rules, ready), shown(ready));
  assert.equal(comparing.name, "comparing");
  const { checksum_info: _, ...untold } = ready;
  assert.equal(follow(rules, beginFile(rules, ready), shown(untold)).name, "dropping");
});
