import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Sha256 } from "@contentlib/server/domain/ids";
import type { ActiveUpdateSession } from "@contentlib/server/domain/update-session";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { aDigest, BUILT_AT } from "../builders/ids.ts";
import { anItem, anItemFile } from "../builders/libraries.ts";
import {
  aDownloadFile,
  aDownloadSession,
  aPushedFile,
  aReadyReceipt,
  endedSession,
} from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  isIdleSince,
  readSession,
  storeItem,
  storeItemHolding,
  storeSession,
  unreferenced,
  withCatalog,
} from "./catalog-subject.ts";

const LATER = BUILT_AT + 5_000;
const RACES = 30;

/** An ACTIVE session that pins. */
const storeHolder = async (catalog: Catalog): Promise<ActiveUpdateSession> =>
  await storeSession(catalog, await storeItem(catalog));

const storeIdle = async (catalog: Catalog): Promise<Sha256> => {
  const digest = aDigest();
  await catalog.housekeeping.noteStored([digest], BUILT_AT);
  return digest;
};

const describePins = (subject: CatalogSubject): void => {
  test("a pinned digest is not listed and can not be doomed, until it is unpinned", () =>
    withCatalog(subject, async (catalog, clock) => {
      const { id } = await storeHolder(catalog);
      const digest = await storeIdle(catalog);
      assert.deepEqual(await catalog.pin(id, [digest], BUILT_AT), { kind: "pinned" });
      assert.deepEqual(await catalog.pin(id, [digest, digest], BUILT_AT), { kind: "pinned" });
      assert.deepEqual(await unreferenced(catalog), []);
      assert.equal(await catalog.housekeeping.doom(digest), false);
      clock.now = LATER;
      await catalog.unpin(id);
      assert.ok(await isIdleSince(catalog, digest, LATER));
      assert.equal(await catalog.housekeeping.doom(digest), true);
    }));

  test("bytes that were pinned, stored and never linked are unreferenced when the pin goes", () =>
    withCatalog(subject, async (catalog, clock) => {
      const { id } = await storeHolder(catalog);
      const digest = aDigest();
      await catalog.pin(id, [digest], BUILT_AT);
      clock.now = LATER;
      await catalog.unpin(id);
      assert.ok(await isIdleSince(catalog, digest, LATER));
      await catalog.unpin(id);
    }));

  test("the pin of one holder does not go with that of another", () =>
    withCatalog(subject, async (catalog) => {
      const [one, other] = [await storeHolder(catalog), await storeHolder(catalog)];
      const digest = aDigest();
      await catalog.pin(one.id, [digest], BUILT_AT);
      await catalog.pin(other.id, [digest], BUILT_AT);
      await catalog.unpin(one.id);
      assert.deepEqual(await unreferenced(catalog), []);
      await catalog.unpin(other.id);
      assert.deepEqual(await unreferenced(catalog), [digest]);
    }));

  test("spending needs every digest pinned by that holder, and takes the pins", () =>
    withCatalog(subject, async (catalog) => {
      const { id: holder } = await storeHolder(catalog);
      const { id: other } = await storeHolder(catalog);
      const [first, second] = [aDigest(), aDigest()];
      await catalog.pin(holder, [first], BUILT_AT);
      await catalog.pin(other, [second], BUILT_AT);
      await commitClashing(catalog, "pin-lapsed", {
        kind: "pins.spend",
        holder,
        digests: [first, second],
      });
      await catalog.pin(holder, [second], BUILT_AT);
      await commit(catalog, { kind: "pins.spend", holder, digests: [first, second, first] });
      await commitClashing(catalog, "pin-lapsed", { kind: "pins.spend", holder, digests: [first] });
      assert.deepEqual(await unreferenced(catalog), [first]);
    }));

  test("pins lapse with their session, but only after its own set could spend them", () =>
    withCatalog(subject, async (catalog) => {
      const item = await storeItem(catalog);
      const session = await storeSession(catalog, item);
      const digest = aDigest();
      const link = async (): Promise<readonly Parameters<typeof commit>[1][]> => [
        {
          kind: "session.put",
          session: endedSession(session, "DONE"),
          rev: (await readSession(catalog, session.id)).rev,
        },
        {
          kind: "item.put",
          item: { ...item, files: [anItemFile({ digest })] },
          rev: (await catalog.findItem(item.id))?.rev ?? 0,
        },
        { kind: "pins.spend", holder: session.id, digests: [digest] },
      ];
      await commitClashing(catalog, "pin-lapsed", ...(await link()));
      await catalog.pin(session.id, [digest], BUILT_AT);
      await commit(catalog, ...(await link()));
      assert.deepEqual(await unreferenced(catalog), []);

      const canceled = await storeHolder(catalog);
      const left = aDigest();
      await catalog.pin(canceled.id, [left], BUILT_AT);
      const { rev } = await readSession(catalog, canceled.id);
      await commit(catalog, {
        kind: "session.put",
        session: endedSession(canceled, "CANCELED"),
        rev,
      });
      assert.deepEqual(await unreferenced(catalog), [left]);
      await commitClashing(catalog, "pin-lapsed", {
        kind: "pins.spend",
        holder: canceled.id,
        digests: [left],
      });
    }));
};

const describeDooms = (subject: CatalogSubject): void => {
  test("a doomed digest can not be pinned until it is settled, and pinning is all or nothing", () =>
    withCatalog(subject, async (catalog) => {
      const { id } = await storeHolder(catalog);
      const [digest, free] = [await storeIdle(catalog), await storeIdle(catalog)];
      assert.equal(await catalog.housekeeping.doom(digest), true);
      assert.deepEqual(await catalog.pin(id, [free, digest], BUILT_AT), {
        kind: "doomed",
        digests: [digest],
      });
      assert.deepEqual(await unreferenced(catalog), [free]);
      assert.deepEqual(await catalog.housekeeping.listDoomed(), [digest]);
      await catalog.housekeeping.settle(digest);
      assert.deepEqual(await catalog.housekeeping.listDoomed(), []);
      assert.deepEqual(await unreferenced(catalog), [free]);
      assert.deepEqual(await catalog.pin(id, [free, digest], BUILT_AT), { kind: "pinned" });
    }));

  test("what anything refers to can not be doomed", () =>
    withCatalog(subject, async (catalog) => {
      const receipt = aReadyReceipt();
      const file = anItemFile();
      const item = await storeItemHolding(catalog, file);
      await storeSession(catalog, item, [aPushedFile({ receipt })]);
      const read = anItemFile();
      const download = aDownloadSession({
        itemId: item.id,
        files: [aDownloadFile({ file: read })],
      });
      await commit(catalog, { kind: "download.put", session: download, rev: null });
      for (const digest of [receipt.digest, file.digest, read.digest]) {
        assert.equal(await catalog.housekeeping.doom(digest), false);
      }
      assert.deepEqual(await catalog.housekeeping.listDoomed(), []);
    }));

  test("a digest that nobody ever told of can be doomed", () =>
    withCatalog(subject, async (catalog) => {
      const digest = aDigest();
      assert.equal(await catalog.housekeeping.doom(digest), true);
      assert.equal(await catalog.housekeeping.doom(digest), true);
      assert.deepEqual(await catalog.housekeeping.listDoomed(), [digest]);
    }));

  test("settling what is not doomed changes nothing", () =>
    withCatalog(subject, async (catalog) => {
      const digest = await storeIdle(catalog);
      await catalog.housekeeping.settle(digest);
      assert.deepEqual(await unreferenced(catalog), [digest]);
    }));

  test("neither an item nor a download can begin to hold a blob that is being deleted", () =>
    withCatalog(subject, async (catalog) => {
      const file = anItemFile();
      const item = await storeItem(catalog);
      await catalog.housekeeping.doom(file.digest);
      const holding = anItem({ libraryId: item.libraryId, files: [file] });
      await commitClashing(catalog, "pin-lapsed", { kind: "item.put", item: holding, rev: null });
      const download = aDownloadSession({ itemId: item.id, files: [aDownloadFile({ file })] });
      await commitClashing(catalog, "pin-lapsed", {
        kind: "download.put",
        session: download,
        rev: null,
      });
      assert.equal(await catalog.findDownload(download.id), null);
    }));

  test("bytes received again while their old blob is being deleted stay referenced", () =>
    withCatalog(subject, async (catalog) => {
      const receipt = aReadyReceipt();
      await catalog.housekeeping.doom(receipt.digest);
      const session = await storeSession(catalog, await storeItem(catalog), [
        aPushedFile({ receipt }),
      ]);
      await catalog.housekeeping.settle(receipt.digest);
      assert.equal(await catalog.housekeeping.doom(receipt.digest), false);
      assert.deepEqual(await catalog.pin(session.id, [receipt.digest], BUILT_AT), {
        kind: "pinned",
      });
    }));
};

const describeRaces = (subject: CatalogSubject): void => {
  test("of a pin and a doom at the same time one wins, and each is told", () =>
    withCatalog(subject, async (catalog) => {
      const { id } = await storeHolder(catalog);
      for (let race = 0; race < RACES; race += 1) {
        const digest = await storeIdle(catalog);
        const pin = (): Promise<unknown> => catalog.pin(id, [digest], BUILT_AT);
        const doom = (): Promise<unknown> => catalog.housekeeping.doom(digest);
        const pinFirst = race % 2 === 0;
        const answers = await Promise.all(pinFirst ? [pin(), doom()] : [doom(), pin()]);
        const [pinned, doomed] = pinFirst ? answers : answers.toReversed();
        const isPinned = (pinned as { readonly kind: string }).kind === "pinned";
        assert.notEqual(isPinned, doomed);
        assert.equal((await catalog.housekeeping.listDoomed()).includes(digest), !isPinned);
      }
    }));

  test("of a link and a doom at the same time one wins, and each is told", () =>
    withCatalog(subject, async (catalog) => {
      const { libraryId } = await storeItem(catalog);
      for (let race = 0; race < RACES; race += 1) {
        const digest = await storeIdle(catalog);
        const item = anItem({ libraryId, files: [anItemFile({ digest })] });
        const [outcome, doomed] = await Promise.all([
          catalog.commit([{ kind: "item.put", item, rev: null }]),
          catalog.housekeeping.doom(digest),
        ]);
        assert.equal(outcome.kind === "committed", !doomed);
        assert.equal((await catalog.findItem(item.id)) !== null, !doomed);
      }
    }));
};

const describeLists = (subject: CatalogSubject): void => {
  test("stored blobs that nothing refers to count as unreferenced since they were told of", () =>
    withCatalog(subject, async (catalog) => {
      const file = anItemFile();
      const item = await storeItemHolding(catalog, file);
      const receipt = aReadyReceipt();
      await storeSession(catalog, item, [aPushedFile({ receipt })]);
      const orphans = Array.from({ length: 1_100 }, () => aDigest());
      await catalog.housekeeping.noteStored([file.digest, receipt.digest, ...orphans], LATER);
      await catalog.housekeeping.noteStored(orphans, LATER + 1);
      const listed = await catalog.housekeeping.listUnreferenced(LATER, 2_000);
      assert.deepEqual(listed.toSorted(), orphans.toSorted());
      assert.deepEqual(await catalog.housekeeping.listUnreferenced(LATER - 1, 2_000), []);
    }));

  test("unreferenced digests come the longest idle first, no more than asked for", () =>
    withCatalog(subject, async (catalog) => {
      const [second, first, third] = [aDigest(), aDigest(), aDigest()];
      await catalog.housekeeping.noteStored([second], 20);
      await catalog.housekeeping.noteStored([first], 10);
      await catalog.housekeeping.noteStored([third], 30);
      assert.deepEqual(await catalog.housekeeping.listUnreferenced(30, 2), [first, second]);
      assert.deepEqual(await catalog.housekeeping.listUnreferenced(10, 9), [first]);
    }));

  test("a doomed digest is no longer listed as unreferenced", () =>
    withCatalog(subject, async (catalog) => {
      const digest = await storeIdle(catalog);
      await catalog.housekeeping.doom(digest);
      assert.deepEqual(await unreferenced(catalog), []);
      await catalog.housekeeping.noteStored([digest], LATER);
      assert.deepEqual(await catalog.housekeeping.listDoomed(), [digest]);
    }));
};

/** Pins, dooms and what the collector goes by. */
export const describeCollecting = (subject: CatalogSubject): void => {
  describe("pins, dooms and unreferenced blobs", () => {
    describePins(subject);
    describeDooms(subject);
    describeRaces(subject);
    describeLists(subject);
  });
};
