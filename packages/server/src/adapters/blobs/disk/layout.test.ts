import assert from "node:assert/strict";
import { it } from "node:test";
import { aDigest, aStagedId } from "@contentlib/testkit/builders/ids";

import { layoutIn } from "./layout.ts";

it("spreads blobs over two levels of folders by the first digits of their digest", () => {
  const digest = aDigest("an image");
  const [first, second] = [digest.slice(0, 2), digest.slice(2, 4)];
  const layout = layoutIn("/data");
  assert.equal(layout.blobFile(digest), `/data/blobs/sha256/${first}/${second}/${digest}`);
  assert.deepEqual(layout.blobFolders(digest), [
    `/data/blobs/sha256/${first}`,
    `/data/blobs/sha256/${first}/${second}`,
  ]);
});

it("keeps finished and unfinished transfers apart", () => {
  const stagedId = aStagedId();
  const layout = layoutIn("/data");
  assert.equal(layout.incomingFile(stagedId), `/data/staging/incoming/${stagedId}`);
  assert.equal(layout.readyFile(stagedId), `/data/staging/ready/${stagedId}`);
});
