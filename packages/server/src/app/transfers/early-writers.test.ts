import assert from "node:assert/strict";
import { test } from "node:test";
import { HandSource } from "@contentlib/testkit/bytes/byte-sources";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { gatedRig } from "@contentlib/testkit/rigs/gated-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";
import type { UpdateSessionId } from "../../domain/ids.ts";
import type { AppendOptions, BlobStore } from "../../ports/index.ts";

/** A store that tells of safe bytes as the test has it: a disk tells nothing of a small file, and much of a big one while it comes. */
const telling = (store: BlobStore, how: "never" | "at each chunk"): BlobStore => {
  const toldAs = (options: AppendOptions): AppendOptions =>
    how === "never"
      ? { ...options, onDurable: () => undefined }
      : {
          ...options,
          onProgress: (receivedBytes) => {
            options.onProgress(receivedBytes);
            options.onDurable(receivedBytes);
          },
        };
  const { partials } = store;
  return {
    partials: {
      append: (stagedId, source, options) => partials.append(stagedId, source, toldAs(options)),
      finish: (...args) => partials.finish(...args),
      checksumsOf: (...args) => partials.checksumsOf(...args),
      prefixDigest: (...args) => partials.prefixDigest(...args),
      sizeOf: (stagedId) => partials.sizeOf(stagedId),
    },
    stage: (...args) => store.stage(...args),
    promote: (...args) => store.promote(...args),
    release: (...args) => store.release(...args),
    open: (...args) => store.open(...args),
    openStaged: (stagedId) => store.openStaged(stagedId),
    checksumsOf: (...args) => store.checksumsOf(...args),
    delete: (...args) => store.delete(...args),
    listStaged: () => store.listStaged(),
    list: () => store.list(),
    freeBytes: () => store.freeBytes(),
  };
};

const openTelling = (how: "never" | "at each chunk") =>
  gatedRig(undefined, (store) => telling(store, how));

test("the verdict of a whole file does not count once another has begun, of which the catalog knows nothing yet", async () => {
  // S78
  const { rig, blobs } = await openTelling("never");
  const file = await rig.add("boot.iso");
  const gate = blobs.hold("finish");
  const older = refusedWith("transfer.superseded", rig.send(file, "older"));
  await gate.reached;
  const source = new HandSource();
  const newer = rig.send(file, source);
  gate.open();
  await older;
  await source.poured;
  const waiting = await rig.file("boot.iso");
  assert.equal(waiting.status, "WAITING_FOR_TRANSFER");
  source.push(Buffer.from("newer bytes"));
  source.end();
  await newer;
  assert.equal((await rig.file("boot.iso")).size, 11);
  assert.equal((await rig.staged()).length, 1, "nothing of the older one is left");
});

test("bytes that an older writer has made safe count with the newer one's number, before the older one could say so", async () => {
  const { rig, writes } = await openTelling("at each chunk");
  const file = await rig.add("boot.iso", { size: 10 });
  const source = new HandSource();
  const advance = writes.hold("partial.advance");
  const older = refusedWith("transfer.superseded", rig.append(file, source));
  await source.poured;
  source.push(Buffer.from("0123"));
  await advance.reached;
  const taken = writes.hold("partial.put", "after");
  const asking = rig.resume(file);
  await taken.reached;
  const [partial] = await rig.storage.catalog.listPartials(rig.sessionId as UpdateSessionId);
  assert.equal(partial?.durableBytes, 4);
  taken.open();
  advance.open();
  assert.equal((await asking).offsetBytes, 4);
  await older;
});

test("a session that ends while the last word of a broken transfer is written leaves none of its bytes", async () => {
  const { rig, writes } = await openTelling("never");
  const file = await rig.add("boot.iso");
  const source = new HandSource();
  const gate = writes.hold("partial.put");
  const sending = refusedWith("transfer.session_ended", rig.send(file, source));
  await source.poured;
  source.push(Buffer.from("0123"));
  source.break(new Error("The line went dead."));
  await gate.reached;
  await rig.cancel();
  gate.open();
  await sending;
  assert.deepEqual(await rig.staged(), []);
});

test("a small whole file costs one commit", async () => {
  const commits: string[] = [];
  const rig = await SessionRig.open((storage) => ({
    ...storage,
    blobs: telling(storage.blobs, "never"),
    catalog: catalogAround(storage.catalog, async (name, proceed) => {
      commits.push(name);
      return await proceed();
    }),
  }));
  const file = await rig.add("boot.iso");
  commits.length = 0;
  await rig.send(file, "small");
  assert.equal((await rig.file("boot.iso")).status, "READY");
  assert.deepEqual(commits, ["commit of partial.expect and session-file.put and session.extend"]);
});
