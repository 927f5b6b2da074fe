import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Sha256 } from "@contentlib/server/domain/ids";
import type { Item, ItemFile } from "@contentlib/server/domain/item";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { aDigest } from "../builders/ids.ts";
import { anArchiveMember } from "../builders/archives.ts";
import { anItemFile, aRevision } from "../builders/libraries.ts";
import {
  aDownloadFile,
  aDownloadSession,
  aPushedFile,
  aReadyReceipt,
} from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  deleteItem,
  endSession,
  readSession,
  storeItem,
  storeSession,
  unreferenced,
  withCatalog,
} from "./catalog-subject.ts";

const ARCHIVE_BYTES = 5_120;

/** Two files that lie in an archive, and the archive. */
const archived = (): { readonly archive: Sha256; readonly files: readonly ItemFile[] } => {
  const archive = aDigest();
  const within = { archive, archiveBytes: ARCHIVE_BYTES };
  const member = (offsetBytes: number): ItemFile =>
    anItemFile({ within: { ...within, offsetBytes } });
  const original = anItemFile({ digest: archive, sizeBytes: ARCHIVE_BYTES, isOriginal: true });
  return { archive, files: [member(512), member(2_048), original] };
};

const putFiles = async (
  catalog: Catalog,
  item: Item,
  files: readonly ItemFile[],
): Promise<void> => {
  const rev = (await catalog.findItem(item.id))?.rev ?? 0;
  await commit(catalog, { kind: "item.put", item: { ...item, files }, rev });
};

const describeHolding = (subject: CatalogSubject): void => {
  test("is held as long as an item has one of them, by its digest and not by theirs", () =>
    withCatalog(subject, async (catalog) => {
      const { archive, files } = archived();
      const item = await storeItem(catalog, { files });
      assert.deepEqual((await catalog.findItem(item.id))?.value.files, files);
      for (const rest of [files.slice(0, 2), files.slice(0, 1)]) {
        await putFiles(catalog, item, rest);
        assert.deepEqual(await unreferenced(catalog), []);
        for await (const { digest, sizeBytes } of catalog.housekeeping.listReferences())
          assert.deepEqual([digest, sizeBytes], [archive, ARCHIVE_BYTES]);
      }
      await putFiles(catalog, item, []);
      assert.deepEqual(await unreferenced(catalog), [archive]);
    }));

  test("can not be taken while they are there", () =>
    withCatalog(subject, async (catalog) => {
      const { archive, files } = archived();
      const item = await storeItem(catalog, { files: files.slice(0, 1) });
      assert.equal(await catalog.housekeeping.doom(archive), false);
      await deleteItem(catalog, item.id);
      assert.equal(await catalog.housekeeping.doom(archive), true);
    }));

  test("is held by a kept content version, and by a download session that reads one of them", () =>
    withCatalog(subject, async (catalog) => {
      const { archive, files } = archived();
      const item = await storeItem(catalog, { contentVersion: 2, files });
      const revision = aRevision(item);
      await commit(catalog, { kind: "revision.put", revision, kept: 5 });
      assert.deepEqual(await catalog.findRevisionFiles(item.id, 2), files);
      await putFiles(catalog, item, []);
      assert.deepEqual(await unreferenced(catalog), []);
      const [member] = files;
      const reading = member === undefined ? [] : [aDownloadFile({ file: member })];
      const session = aDownloadSession({ itemId: item.id, files: reading });
      await commit(catalog, { kind: "download.put", session, rev: null });
      await deleteItem(catalog, item.id);
      assert.deepEqual(await unreferenced(catalog), []);
      const rev = (await catalog.findDownload(session.id))?.rev ?? 0;
      await commit(catalog, { kind: "download.delete", id: session.id, rev });
      assert.deepEqual(await unreferenced(catalog), [archive]);
    }));
};

/** Archives of which files are parts: the files have no bytes of their own. */
export const describeArchives = (subject: CatalogSubject): void => {
  describe("an archive that files are part of", () => {
    describeHolding(subject);

    test("is held by the session that received it, and what it holds comes back as it was put", () =>
      withCatalog(subject, async (catalog) => {
        const members = [anArchiveMember(), anArchiveMember()];
        const finding = {
          code: "archive.no_end",
          isError: false,
          text: "@1: No end.",
          mend: "None.",
        };
        const receipt = aReadyReceipt({ archive: { members, findings: [finding] } });
        const file = aPushedFile({ name: "x.ova", receipt });
        const session = await storeSession(catalog, await storeItem(catalog), [file]);
        const { files } = await readSession(catalog, session.id);
        assert.deepEqual(
          files.map(({ value }) => value),
          [file],
        );
        assert.deepEqual(await unreferenced(catalog), []);
        await endSession(catalog, session);
        assert.deepEqual(await unreferenced(catalog), [receipt.digest]);
      }));
  });
};
