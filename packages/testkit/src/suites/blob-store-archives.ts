import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import type { ArchiveContents } from "@contentlib/server/domain/archive";
import type { StagedId } from "@contentlib/server/domain/ids";
import type { BlobStore } from "@contentlib/server/ports/blob-store";
import fc from "fast-check";
import { aStagedId } from "../builders/ids.ts";
import { appendBytes, appendOptions, finishPartial, prefixDigest } from "../bytes/append-bytes.ts";
import { cut, someBytes, sourceOf } from "../bytes/byte-sources.ts";
import { portErrorWith } from "../errors/port-error-with.ts";
import {
  archiveWithPart,
  type KnownArchive,
  knownArchive,
  type PlannedMember,
  TAR_FORMS,
} from "../ovf/archive-bytes.ts";
import { manifestText } from "../ovf/sound-package.ts";
import { tarEnd, tarMember } from "../ovf/tar-writer.ts";
import { type BlobStoreSubject, type OpenedBlobStore, withStore } from "./blob-store-subject.ts";

const KIB = 1024;
const RUNS = 12;

const DISK = someBytes(300 * KIB + 1);

/** A package whose manifest stands before one of its disks only. */
const PACKAGE: readonly PlannedMember[] = [
  { name: "x.ovf", body: "<Envelope/>" },
  { name: "early.vmdk", body: someBytes(513) },
  { name: "x.mf", body: manifestText({ "x.ovf": "<Envelope/>", "disk.vmdk": DISK }, "SHA1") },
  { name: "disk.vmdk", body: DISK, algorithms: ["SHA1"] },
  { name: "none.bin", body: "", algorithms: ["SHA1"] },
  { name: "block.bin", body: someBytes(512), algorithms: ["SHA1"] },
];

const hexOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const finishArchive = (store: BlobStore, stagedId: StagedId, sizeBytes: number) =>
  finishPartial(store, stagedId, { sizeBytes, isArchive: true });

/** What is found of bytes that come in one go. */
const contentsOf = async (store: BlobStore, bytes: Uint8Array): Promise<ArchiveContents> => {
  const stagedId = aStagedId();
  await appendBytes(store, stagedId, { bytes, isArchive: true });
  const { digest, archive } = await finishArchive(store, stagedId, bytes.byteLength);
  assert.equal(digest, hexOf(bytes));
  assert.ok(archive);
  return archive;
};

/** What a store must find out of archives while their bytes pass. */
export const describeArchives = (subject: BlobStoreSubject): void => {
  describe("archives", () => {
    areSeenThrough(subject);
    areSeenThroughHoweverTheyCome(subject);
    areJudged(subject);
    areWaitedFor(subject);
  });
};

const areSeenThrough = (subject: BlobStoreSubject): void => {
  for (const form of TAR_FORMS)
    it(`of the form ${form} have their members, with their digests`, async () => {
      await withStore(subject.open(), async (store) => {
        const { bytes, contents } = knownArchive(PACKAGE, { form });
        assert.deepEqual(await contentsOf(store, bytes), contents);
      });
    });

  it("are seen through beside other digests of the whole, and where nothing was said of it before the end", async () => {
    await withStore(subject.open(), async (store) => {
      const { bytes, contents } = knownArchive(PACKAGE);
      const wanted = {
        sizeBytes: bytes.byteLength,
        algorithms: ["MD5"],
        isArchive: true,
      } as const;
      for (const isArchive of [true, false]) {
        const stagedId = aStagedId();
        await appendBytes(store, stagedId, { bytes, isArchive, algorithms: ["MD5"] });
        const { archive, checksums } = await finishPartial(store, stagedId, wanted);
        assert.deepEqual(archive, contents);
        const hex = createHash("md5").update(bytes).digest("hex");
        assert.deepEqual(checksums, [{ algorithm: "MD5", hex }]);
        const again = await finishPartial(store, stagedId, wanted);
        assert.deepEqual(again.archive, contents);
      }
    });
  });

  it("are not looked into where nobody asks", async () => {
    await withStore(subject.open(), async (store) => {
      const { bytes } = knownArchive(PACKAGE);
      const stagedId = aStagedId();
      await appendBytes(store, stagedId, { bytes, isArchive: true });
      const blob = await finishPartial(store, stagedId, { sizeBytes: bytes.byteLength });
      assert.equal("archive" in blob, false);
    });
  });
};

/** One piece of an archive on its way: where it ends, and what happens there. */
const aStop = fc.record({
  edge: fc.nat(),
  besideEdge: fc.oneof(fc.constantFrom(-1, 0, 1, 100), fc.integer({ min: -600, max: 600 })),
  end: fc.constantFrom("whole", "broken", "checked"),
  /** Bytes that come behind it, and do not count. */
  vain: fc.constantFrom("none", "none", "too much", "misfit"),
  next: fc.constantFrom("nothing", "nothing", "restart", "ask"),
});
type Stop = typeof aStop extends fc.Arbitrary<infer S> ? S : never;

/** An archive on its way, through stores that may be restarted. */
class ArchiveJourney {
  store: BlobStore;
  readonly stagedId: StagedId = aStagedId();
  readonly #opened: OpenedBlobStore;
  readonly #archive: KnownArchive;
  #atBytes = 0;

  constructor(opened: OpenedBlobStore, archive: KnownArchive) {
    this.#opened = opened;
    this.store = opened.store;
    this.#archive = archive;
  }

  async take(stop: Stop): Promise<void> {
    const { edges, bytes } = this.#archive;
    const at = (edges[stop.edge % edges.length] ?? 0) + stop.besideEdge;
    await this.#appendTo(Math.max(this.#atBytes, Math.min(at, bytes.byteLength)), stop.end);
    await this.#appendInVain(stop.vain);
    if (stop.next === "ask") await this.#askForPrefix();
    if (stop.next === "restart") this.store = (await this.#opened.restart?.()) ?? this.store;
  }

  async arrive(): Promise<void> {
    const { bytes, contents } = this.#archive;
    await this.#appendTo(bytes.byteLength, "whole");
    const blob = await finishArchive(this.store, this.stagedId, bytes.byteLength);
    assert.equal(blob.digest, hexOf(bytes));
    assert.deepEqual(blob.archive, contents);
  }

  async #appendTo(endBytes: number, end: Stop["end"]): Promise<void> {
    const bytes = this.#archive.bytes.subarray(this.#atBytes, endBytes);
    const source = sourceOf(cut(bytes), end === "broken" ? { breakWith: new Error("gone") } : {});
    const checksum = { algorithm: "SHA256", hex: hexOf(bytes) } as const;
    const outcome = await this.store.partials.append(
      this.stagedId,
      source,
      appendOptions({
        offsetBytes: this.#atBytes,
        isArchive: true,
        ...(end === "checked" && { checksum }),
      }),
    );
    assert.equal(outcome.durableBytes, endBytes);
    this.#atBytes = endBytes;
  }

  async #appendInVain(vain: Stop["vain"]): Promise<void> {
    if (vain === "none" || this.#atBytes === 0) return;
    const bytes = someBytes(3000, this.#atBytes);
    const limit = { sizeLimitBytes: this.#atBytes + 2999 };
    const outcome = await appendBytes(this.store, this.stagedId, {
      bytes,
      offsetBytes: this.#atBytes,
      isArchive: true,
      ...(vain === "too much" ? limit : { checksum: { algorithm: "SHA1", hex: "0".repeat(40) } }),
    });
    assert.equal(outcome.durableBytes, this.#atBytes);
  }

  async #askForPrefix(): Promise<void> {
    const prefixBytes = Math.floor(this.#atBytes / 2);
    const digest = await prefixDigest(this.store, this.stagedId, { prefixBytes, isArchive: true });
    assert.equal(digest, hexOf(this.#archive.bytes.subarray(0, prefixBytes)));
  }
}

const areSeenThroughHoweverTheyCome = (subject: BlobStoreSubject): void => {
  it("are seen through however they come, through restarts and breaks", async () => {
    const opening = subject.open();
    await withStore(opening, async () => {
      const opened = await opening;
      let { store } = opened;
      const law = fc.asyncProperty(
        fc.constantFrom(...TAR_FORMS),
        fc.array(aStop, { maxLength: 5 }),
        async (form, stops) => {
          const journey = new ArchiveJourney({ ...opened, store }, knownArchive(PACKAGE, { form }));
          for (const stop of stops) await journey.take(stop);
          await journey.arrive();
          ({ store } = journey);
          await store.release(journey.stagedId);
        },
      );
      await fc.assert(law, { numRuns: RUNS });
    });
  });

  it("are seen through from where their bytes were dropped, and as far as they are kept", async () => {
    await withStore(subject.open(), async (store) => {
      const [before, after] = [knownArchive(PACKAGE), knownArchive(PACKAGE.slice(0, 3))];
      const offsetBytes = after.edges.at(-2) ?? 0;
      const stagedId = aStagedId();
      await appendBytes(store, stagedId, { bytes: before.bytes, isArchive: true });
      await appendBytes(store, stagedId, { bytes: tarEnd, offsetBytes, isArchive: true });
      // What comes behind it is dropped by the finish.
      const sizeBytes = after.bytes.byteLength;
      const bytes = someBytes(5000);
      await appendBytes(store, stagedId, { bytes, offsetBytes: sizeBytes, isArchive: true });
      const { archive } = await finishArchive(store, stagedId, sizeBytes);
      assert.deepEqual(archive, after.contents);
    });
  });

  it("are seen through where too many bytes came, which were counted before", async () => {
    await withStore(subject.open(), async (store) => {
      const { bytes, contents, edges } = knownArchive(PACKAGE);
      const offsetBytes = (edges[4] ?? 0) + 100;
      const stagedId = aStagedId();
      await appendBytes(store, stagedId, {
        bytes: bytes.subarray(0, offsetBytes),
        isArchive: true,
      });
      const tooMany = someBytes(3 * 1024 * KIB);
      const vain = { bytes: tooMany, offsetBytes, isArchive: true };
      const sizeLimitBytes = offsetBytes + tooMany.byteLength - 1;
      const outcome = await appendBytes(store, stagedId, { ...vain, sizeLimitBytes });
      assert.deepEqual([outcome.kind, outcome.durableBytes], ["too-long", offsetBytes]);
      const rest = bytes.subarray(offsetBytes);
      await appendBytes(store, stagedId, { bytes: rest, offsetBytes, isArchive: true });
      const { archive } = await finishArchive(store, stagedId, bytes.byteLength);
      assert.deepEqual(archive, contents);
    });
  });

  it("are made anew by an append from the start", async () => {
    await withStore(subject.open(), async (store) => {
      const stagedId = aStagedId();
      await appendBytes(store, stagedId, { bytes: knownArchive(PACKAGE).bytes, isArchive: true });
      const { bytes, contents } = knownArchive(PACKAGE.slice(0, 1));
      await appendBytes(store, stagedId, { bytes, isArchive: true });
      const { archive } = await finishArchive(store, stagedId, bytes.byteLength);
      assert.deepEqual(archive, contents);
    });
  });
};

const [OVF, ...OTHERS] = PACKAGE.slice(0, 2);
const FIRST = OVF === undefined ? [] : [OVF];

/** What is wrong with an archive, and how many members are told of it all the same. */
const FAULTS = [
  { what: "no archive", bytes: someBytes(2000), code: "archive.not_tar", members: 0 },
  { what: "no bytes", bytes: new Uint8Array(), code: "archive.not_tar", members: 0 },
  {
    what: "a link",
    bytes: archiveWithPart(FIRST).bytes,
    code: "archive.link",
    members: 1,
  },
  {
    what: "a member twice",
    bytes: knownArchive([...FIRST, ...OTHERS, { name: "X.OVF", body: "other" }]).bytes,
    code: "archive.member_twice",
    members: 2,
  },
  {
    what: "an end within a member",
    bytes: knownArchive([...FIRST, ...OTHERS]).bytes.subarray(0, 512 * 3 + 100),
    code: "archive.truncated",
    members: 1,
  },
] as const;

const areJudged = (subject: BlobStoreSubject): void => {
  for (const { what, bytes, code, members } of FAULTS)
    it(`with ${what} have an error, the members before it, and all their bytes`, async () => {
      await withStore(subject.open(), async (store) => {
        const found = await contentsOf(store, bytes);
        const [finding, ...others] = found.findings;
        assert.deepEqual(others, []);
        assert.deepEqual([finding?.code, finding?.isError], [code, true]);
        assert.match(finding?.text ?? "", /^@\d+: \S.*\.$/);
        assert.notEqual(finding?.mend, "");
        const before = knownArchive([...FIRST, ...OTHERS]).contents.members.slice(0, members);
        assert.deepEqual(found.members, before);
      });
    });

  it("have warnings, and no notes", async () => {
    await withStore(subject.open(), async (store) => {
      const behind = Buffer.concat([tarEnd, tarMember({ name: "evil.ovf" })]);
      const swapped = knownArchive([...OTHERS, ...FIRST], { end: behind });
      const { members, findings } = await contentsOf(store, swapped.bytes);
      assert.deepEqual(members, swapped.contents.members);
      assert.deepEqual(
        findings.map(({ code, isError }) => [code, isError]),
        [
          ["archive.descriptor_not_first", false],
          ["archive.trailing", false],
        ],
      );
      const endless = knownArchive(FIRST, { end: new Uint8Array() });
      assert.deepEqual(await contentsOf(store, endless.bytes), endless.contents);
    });
  });
};

const areWaitedFor = (subject: BlobStoreSubject): void => {
  it("are not waited for by a caller that is gone, who can come back", async () => {
    await withStore(subject.open(), async (store) => {
      const { bytes, contents } = knownArchive(PACKAGE);
      const stagedId = aStagedId();
      await appendBytes(store, stagedId, { bytes, isArchive: true });
      const sizeBytes = bytes.byteLength;
      const signal = AbortSignal.abort();
      await assert.rejects(
        finishPartial(store, stagedId, { sizeBytes, isArchive: true, signal }),
        portErrorWith("cancelled"),
      );
      const { archive } = await finishArchive(store, stagedId, sizeBytes);
      assert.deepEqual(archive, contents);
    });
  });
};
