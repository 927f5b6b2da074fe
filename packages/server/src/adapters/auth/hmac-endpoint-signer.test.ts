import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { parseDownloadSessionId, parseEntryId, parseUpdateSessionId } from "../../domain/ids.ts";
import type { EndpointSubject } from "../../ports/index.ts";
import { HmacEndpointSigner } from "./hmac-endpoint-signer.ts";

const signer = new HmacEndpointSigner(Buffer.alloc(32, 7));
const upload = (): EndpointSubject => ({
  direction: "upload",
  sessionId: parseUpdateSessionId(randomUUID())!,
  entryId: parseEntryId(randomUUID())!,
});
const download = (fileIndex: number): EndpointSubject => ({
  direction: "download",
  sessionId: parseDownloadSessionId(randomUUID())!,
  fileIndex,
});

test("what is signed is read back, and is the same after a restart under the same key", () => {
  for (const subject of [upload(), download(0), download(9999)]) {
    const segment = signer.sign(subject);
    assert.match(segment, /^[A-Za-z0-9_-]+$/);
    assert.deepEqual(signer.read(segment), subject);
    assert.equal(new HmacEndpointSigner(Buffer.alloc(32, 7)).sign(subject), segment);
  }
});

test("another key reads nothing", () => {
  assert.equal(new HmacEndpointSigner(Buffer.alloc(32, 8)).read(signer.sign(upload())), null);
});

test("one changed character anywhere makes the segment worthless", () => {
  const segment = signer.sign(upload());
  for (let at = 0; at < segment.length; at += 1) {
    const changed = segment[at] === "A" ? "B" : "A";
    assert.equal(
      signer.read(segment.slice(0, at) + changed + segment.slice(at + 1)),
      null,
      `at ${at}`,
    );
  }
});

test("other spellings of the same bytes, and made-up text, are nothing", () => {
  const segment = signer.sign(download(3));
  for (const text of [
    "",
    ".",
    `${segment}=`,
    `${segment} `,
    segment.slice(0, -1),
    "A".repeat(4000),
  ]) {
    assert.equal(signer.read(text), null);
  }
  fc.assert(fc.property(fc.string(), (text) => signer.read(text) === null));
});
