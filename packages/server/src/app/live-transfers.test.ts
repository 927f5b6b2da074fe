import assert from "node:assert/strict";
import { test } from "node:test";
import {
  aDownloadSessionId,
  anAccountId,
  anEntryId,
  anUpdateSessionId,
  BUILT_AT,
} from "@contentlib/testkit/builders/ids";
import { LiveTransfer, LiveTransfers } from "./live-transfers.ts";

const anUpload = (): LiveTransfer =>
  new LiveTransfer(anUpdateSessionId(), anAccountId(), anEntryId(), BUILT_AT);
const aDownload = (): LiveTransfer =>
  new LiveTransfer(aDownloadSessionId(), anAccountId(), null, BUILT_AT);

test("moved bytes grow while transfers run, and stay when these are over", () => {
  const live = new LiveTransfers();
  const [upload, download] = [anUpload(), aDownload()];
  live.enter(upload);
  live.enter(download);
  live.noteMoved(upload, 100, BUILT_AT + 1);
  live.noteMoved(upload, 250, BUILT_AT + 2);
  live.noteMoved(download, 30, BUILT_AT + 3);
  assert.deepEqual(live.movedBytes, { upload: 250, download: 30 });
  assert.deepEqual([upload.bytes, upload.lastByteAt], [250, BUILT_AT + 2]);
  live.leave(upload);
  live.leave(download);
  assert.deepEqual(live.movedBytes, { upload: 250, download: 30 });
});

test("bytes that were not new are not counted twice, those of a part that is read next are", () => {
  const live = new LiveTransfers();
  const download = aDownload();
  live.noteMoved(download, 50, BUILT_AT);
  live.noteMoved(download, 50, BUILT_AT);
  assert.equal(live.movedBytes.download, 50);
  live.noteMoved(download, 20, BUILT_AT);
  assert.equal(live.movedBytes.download, 70);
});

test("transfers that run are told by direction", () => {
  const live = new LiveTransfers();
  const transfers = [anUpload(), anUpload(), aDownload()];
  for (const transfer of transfers) live.enter(transfer);
  assert.deepEqual(live.running, { upload: 2, download: 1 });
  for (const transfer of transfers) live.leave(transfer);
  assert.deepEqual(live.running, { upload: 0, download: 0 });
});
