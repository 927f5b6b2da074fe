import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Sha256 } from "@contentlib/server/domain/ids";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { aDigest, BUILT_AT } from "../builders/ids.ts";
import { anItem, anItemFile } from "../builders/libraries.ts";
import {
  aDownloadFile,
  aDownloadSession,
  aKeptFile,
  aPushedFile,
  aReadyReceipt,
  endedDownload,
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

const references = async (
  catalog: Catalog,
): Promise<ReadonlyMap<Sha256, { sizeBytes: number; holder: string }>> => {
  const found = new Map<Sha256, { sizeBytes: number; holder: string }>();
  for await (const { digest, ...rest } of catalog.housekeeping.listReferences())
    found.set(digest, rest);
  return found;
};

const describeItems = (subject: CatalogSubject): void => {
  test("an item refers to its files; what it drops is unreferenced since that commit", () =>
    withCatalog(subject, async (catalog, clock) => {
      const [kept, dropped] = [anItemFile(), anItemFile()];
      const item = await storeItem(catalog, { files: [kept, dropped] });
      assert.deepEqual(await unreferenced(catalog), []);
      const row = await catalog.findItem(item.id);
      clock.now = LATER;
      await commit(catalog, {
        kind: "item.put",
        item: { ...item, files: [kept] },
        rev: row?.rev ?? 0,
      });
      assert.deepEqual(await unreferenced(catalog), [dropped.digest]);
      assert.ok(await isIdleSince(catalog, dropped.digest, LATER));
    }));

  test("a file that gets other bytes drops the old ones, and takes them up again", () =>
    withCatalog(subject, async (catalog) => {
      const file = anItemFile();
      const item = await storeItemHolding(catalog, file);
      const replaced = { ...item, files: [{ ...file, digest: aDigest() }] };
      const rev = async (): Promise<number> => (await catalog.findItem(item.id))?.rev ?? 0;
      await commit(catalog, { kind: "item.put", item: replaced, rev: await rev() });
      assert.deepEqual(await unreferenced(catalog), [file.digest]);
      await commit(catalog, { kind: "item.put", item, rev: await rev() });
      assert.deepEqual(await unreferenced(catalog), [replaced.files[0]?.digest]);
    }));

  test("bytes that two files share are referenced until the last of them goes", () =>
    withCatalog(subject, async (catalog) => {
      const digest = aDigest();
      const twins = [anItemFile({ digest }), anItemFile({ digest })];
      const item = await storeItem(catalog, { files: twins });
      const other = await storeItemHolding(catalog, anItemFile({ digest }));
      const rev = async (id: typeof item.id): Promise<number> =>
        (await catalog.findItem(id))?.rev ?? 0;
      await commit(catalog, {
        kind: "item.put",
        item: { ...item, files: twins.slice(1) },
        rev: await rev(item.id),
      });
      assert.deepEqual(await unreferenced(catalog), []);
      await commit(catalog, { kind: "item.delete", id: item.id, rev: await rev(item.id) });
      assert.deepEqual(await unreferenced(catalog), []);
      await commit(catalog, { kind: "item.delete", id: other.id, rev: await rev(other.id) });
      assert.deepEqual(await unreferenced(catalog), [digest]);
    }));

  test("a library that goes takes the references of its items along", () =>
    withCatalog(subject, async (catalog, clock) => {
      const shared = aDigest();
      const file = anItemFile();
      const item = await storeItem(catalog, { files: [file, anItemFile({ digest: shared })] });
      await storeItemHolding(catalog, anItemFile({ digest: shared }));
      const row = await catalog.findLibrary(item.libraryId);
      clock.now = LATER;
      await commit(catalog, { kind: "library.delete", id: item.libraryId, rev: row?.rev ?? 0 });
      assert.deepEqual(await unreferenced(catalog), [file.digest]);
      assert.ok(await isIdleSince(catalog, file.digest, LATER));
    }));

  test("a set that clashes leaves the references as they were", () =>
    withCatalog(subject, async (catalog) => {
      const file = anItemFile();
      const item = await storeItemHolding(catalog, file);
      const row = await catalog.findItem(item.id);
      const emptied = {
        kind: "item.put",
        item: { ...item, files: [] },
        rev: row?.rev ?? 0,
      } as const;
      await commitClashing(catalog, "row", emptied, { ...emptied, rev: 0 });
      assert.deepEqual(await unreferenced(catalog), []);
    }));
};

const describeUpdateSessions = (subject: CatalogSubject): void => {
  test("a READY file is a reference until it is removed, sent again or its session ends", () =>
    withCatalog(subject, async (catalog) => {
      const receipts = [aReadyReceipt(), aReadyReceipt(), aReadyReceipt(), aReadyReceipt()];
      const files = receipts.map((receipt, index) =>
        aPushedFile({ name: `f${String(index)}`, receipt }),
      );
      const session = await storeSession(catalog, await storeItem(catalog), files.slice(0, 1));
      const sessionId = session.id;
      for (const file of files.slice(1)) {
        await commit(catalog, { kind: "session-file.put", sessionId, file, rev: null });
      }
      assert.deepEqual(await unreferenced(catalog), []);
      const { files: rows } = await readSession(catalog, sessionId);
      const revOf = (index: number): number => rows[index]?.rev ?? 0;
      await commit(catalog, { kind: "session-file.delete", sessionId, name: "f0", rev: revOf(0) });
      assert.deepEqual(await unreferenced(catalog), [receipts[0]?.digest]);
      const waiting = { ...files[1]!, receipt: { status: "WAITING" } } as const;
      await commit(catalog, { kind: "session-file.put", sessionId, file: waiting, rev: revOf(1) });
      assert.equal((await unreferenced(catalog)).length, 2);
      const { rev } = await readSession(catalog, sessionId);
      await commit(catalog, {
        kind: "session.put",
        session: endedSession(session, "CANCELED"),
        rev,
      });
      assert.deepEqual(
        (await unreferenced(catalog)).toSorted(),
        receipts.map(({ digest }) => digest).toSorted(),
      );
    }));

  test("a session that is deleted gives its references back", () =>
    withCatalog(subject, async (catalog) => {
      const receipt = aReadyReceipt();
      const session = await storeSession(catalog, await storeItem(catalog), [
        aPushedFile({ receipt }),
      ]);
      const { rev } = await readSession(catalog, session.id);
      await commit(catalog, { kind: "session.delete", id: session.id, rev });
      assert.deepEqual(await unreferenced(catalog), [receipt.digest]);
    }));

  test("what a session keeps of its item is held by the item alone", () =>
    withCatalog(subject, async (catalog) => {
      const file = anItemFile();
      const item = await storeItemHolding(catalog, file);
      const session = await storeSession(catalog, item, [aKeptFile(file)]);
      await commit(catalog, {
        kind: "item.put",
        item: { ...item, files: [] },
        rev: (await catalog.findItem(item.id))?.rev ?? 0,
      });
      assert.equal((await readSession(catalog, session.id)).value.state, "ACTIVE");
      assert.deepEqual(await unreferenced(catalog), [file.digest]);
    }));

  test("completing hands the reference from the session to the item without a gap", () =>
    withCatalog(subject, async (catalog) => {
      const receipt = aReadyReceipt();
      const item = await storeItem(catalog);
      const session = await storeSession(catalog, item, [aPushedFile({ receipt })]);
      const { rev, filesRev } = await readSession(catalog, session.id);
      const linked = {
        ...item,
        contentVersion: 2,
        files: [anItemFile({ digest: receipt.digest })],
      };
      const itemRev = (await catalog.findItem(item.id))?.rev ?? 0;
      await commit(
        catalog,
        { kind: "session.put", session: endedSession(session, "DONE"), rev, filesRev },
        { kind: "item.put", item: linked, rev: itemRev },
      );
      assert.deepEqual(await unreferenced(catalog), []);
    }));
};

const describeDownloads = (subject: CatalogSubject): void => {
  test("an ACTIVE download session holds its files, an ended or deleted one holds none", () =>
    withCatalog(subject, async (catalog, clock) => {
      const file = anItemFile();
      const item = await storeItemHolding(catalog, file);
      const first = aDownloadSession({ itemId: item.id, files: [aDownloadFile({ file })] });
      const second = aDownloadSession({ itemId: item.id, files: [aDownloadFile({ file })] });
      await commit(catalog, { kind: "download.put", session: first, rev: null });
      await commit(catalog, { kind: "download.put", session: second, rev: null });
      const row = await catalog.findItem(item.id);
      await commit(catalog, { kind: "item.delete", id: item.id, rev: row?.rev ?? 0 });
      assert.deepEqual(await unreferenced(catalog), []);
      const revOf = async (id: typeof first.id): Promise<number> =>
        (await catalog.findDownload(id))?.rev ?? 0;
      const canceled = endedDownload(first, "CANCELED");
      await commit(catalog, {
        kind: "download.put",
        session: canceled,
        rev: await revOf(first.id),
      });
      assert.deepEqual(await unreferenced(catalog), []);
      clock.now = LATER;
      await commit(catalog, {
        kind: "download.delete",
        id: second.id,
        rev: await revOf(second.id),
      });
      assert.ok(await isIdleSince(catalog, file.digest, LATER));
    }));
};

const describeListing = (subject: CatalogSubject): void => {
  test("the references name each stored digest once, with its size and one who holds it", () =>
    withCatalog(subject, async (catalog) => {
      const shared = anItemFile({ sizeBytes: 77 });
      const item = await storeItemHolding(catalog, shared);
      await storeItem(catalog, { files: [{ ...shared, name: "again" }] });
      const gone = anItemFile({ sizeBytes: 0 });
      const download = aDownloadSession({
        itemId: item.id,
        files: [aDownloadFile({ file: gone })],
      });
      await commit(catalog, { kind: "download.put", session: download, rev: null });
      await storeSession(catalog, item, [aPushedFile({ receipt: aReadyReceipt() })]);
      const found = await references(catalog);
      assert.deepEqual([...found.keys()].toSorted(), [shared.digest, gone.digest].toSorted());
      assert.equal(found.get(shared.digest)?.sizeBytes, 77);
      assert.equal(found.get(gone.digest)?.sizeBytes, 0);
      assert.ok(found.get(gone.digest)?.holder.includes(download.id));
    }));

  test("a long list of references is whole", () =>
    withCatalog(subject, async (catalog) => {
      const files = Array.from({ length: 1_201 }, () => anItemFile());
      await storeItem(catalog, { files });
      const found = await references(catalog);
      assert.deepEqual([...found.keys()].toSorted(), files.map(({ digest }) => digest).toSorted());
    }));

  test("an item of ten thousand files keeps them all", () =>
    withCatalog(subject, async (catalog) => {
      const files = Array.from({ length: 10_000 }, (_, index) =>
        anItemFile({ name: `f${String(index)}` }),
      );
      const item = await storeItem(catalog, { files });
      const row = await catalog.findItem(item.id);
      assert.equal(row?.value.files.length, 10_000);
      await commit(catalog, {
        kind: "item.put",
        item: anItem({ ...item, files: files.slice(1) }),
        rev: row?.rev ?? 0,
      });
      assert.deepEqual(await unreferenced(catalog), [files[0]?.digest]);
    }));
};

/** A blob reference follows its holder's row in the same commit. */
export const describeBlobReferences = (subject: CatalogSubject): void => {
  describe("blob references", () => {
    describeItems(subject);
    describeUpdateSessions(subject);
    describeDownloads(subject);
    describeListing(subject);
  });
};
