import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DownloadSession } from "@contentlib/server/domain/download-session";
import type { Item } from "@contentlib/server/domain/item";
import type { Catalog } from "@contentlib/server/ports/catalog";
import type { Row } from "@contentlib/server/ports/row";
import { aDownloadSessionId, anAccountId, anItemId, aTokenId } from "../builders/ids.ts";
import { anItemFile } from "../builders/libraries.ts";
import { aDownloadFile, aDownloadSession, endedDownload } from "../builders/sessions.ts";
import {
  allOf,
  type CatalogSubject,
  commit,
  commitClashing,
  storeItem,
  withCatalog,
} from "./catalog-subject.ts";

const storeDownload = async (
  catalog: Catalog,
  item: Item,
  over: Parameters<typeof aDownloadSession>[0] = {},
): Promise<DownloadSession> => {
  const session = aDownloadSession({ ...over, itemId: item.id });
  await commit(catalog, { kind: "download.put", session, rev: null });
  return session;
};

const read = async (catalog: Catalog, id: DownloadSession["id"]): Promise<Row<DownloadSession>> => {
  const row = await catalog.findDownload(id);
  assert.ok(row);
  return row;
};

/** Download sessions: rows, expiry and lists. What they hold is the references' matter. */
export const describeDownloads = (subject: CatalogSubject): void => {
  describe("download sessions", () => {
    test("comes back as it was put, guarded by its version", () =>
      withCatalog(subject, async (catalog) => {
        const file = anItemFile();
        const item = await storeItem(catalog, { files: [file] });
        const session = await storeDownload(catalog, item, { files: [aDownloadFile({ file })] });
        const { value, rev } = await read(catalog, session.id);
        assert.deepEqual(value, session);
        await commitClashing(catalog, "row", { kind: "download.put", session, rev: null });
        const prepared = { ...session, files: [aDownloadFile({ file, prepared: true })] };
        await commit(catalog, { kind: "download.put", session: prepared, rev });
        assert.deepEqual((await read(catalog, session.id)).value, prepared);
        await commitClashing(catalog, "row", { kind: "download.put", session, rev });
        await commitClashing(catalog, "row", {
          kind: "download.put",
          session: aDownloadSession(),
          rev: 1,
        });
        assert.equal(await catalog.findDownload(aDownloadSessionId()), null);
      }));

    test("each way to end is remembered, and none can be taken back", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        for (const state of ["ERROR", "CANCELED", "EXPIRED"] as const) {
          const session = await storeDownload(catalog, item);
          const ended = endedDownload(session, state);
          await commit(catalog, {
            kind: "download.put",
            session: ended,
            rev: (await read(catalog, session.id)).rev,
          });
          const { value, rev } = await read(catalog, session.id);
          assert.deepEqual(value, ended);
          await commitClashing(catalog, "session-not-active", {
            kind: "download.put",
            session,
            rev,
          });
        }
      }));

    test("an extension moves the expiry of an ACTIVE one forward and leaves the version", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeDownload(catalog, await storeItem(catalog));
        const { rev } = await read(catalog, session.id);
        const later = session.expiresAt + 60_000;
        await commit(catalog, { kind: "download.extend", id: session.id, expiresAt: later });
        await commit(catalog, { kind: "download.extend", id: session.id, expiresAt: later - 1 });
        assert.deepEqual(await read(catalog, session.id), {
          value: { ...session, expiresAt: later },
          rev,
        });
        const expired = endedDownload(session, "EXPIRED");
        await commitClashing(catalog, "row", { kind: "download.put", session: expired, rev });
        const canceled = endedDownload({ ...session, expiresAt: later }, "CANCELED");
        await commit(catalog, { kind: "download.put", session: canceled, rev });
        await commit(catalog, { kind: "download.extend", id: session.id, expiresAt: later + 1 });
        assert.deepEqual((await read(catalog, session.id)).value, canceled);
      }));

    test("a delete is guarded by the version", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeDownload(catalog, await storeItem(catalog));
        const { rev } = await read(catalog, session.id);
        await commitClashing(catalog, "row", {
          kind: "download.delete",
          id: session.id,
          rev: rev + 1,
        });
        await commit(catalog, { kind: "download.delete", id: session.id, rev });
        assert.equal(await catalog.findDownload(session.id), null);
      }));

    test("lists show one owner its own, by item if asked, without what expired or lost its item", () =>
      withCatalog(subject, async (catalog) => {
        const ownerId = anAccountId();
        const item = await storeItem(catalog);
        const other = await storeItem(catalog);
        const first = await storeDownload(catalog, item, { ownerId });
        const second = await storeDownload(catalog, other, { ownerId });
        const expired = await storeDownload(catalog, item, { ownerId });
        await storeDownload(catalog, item);
        const { rev } = await read(catalog, expired.id);
        await commit(catalog, {
          kind: "download.put",
          session: endedDownload(expired, "EXPIRED"),
          rev,
        });
        assert.deepEqual(await allOf(catalog.listDownloadIds(ownerId)), [first.id, second.id]);
        assert.deepEqual(await allOf(catalog.listDownloadIds(ownerId, item.id)), [first.id]);
        assert.deepEqual(await allOf(catalog.listDownloadIds(ownerId, anItemId())), []);
        const row = await catalog.findItem(other.id);
        assert.ok(row);
        await commit(catalog, { kind: "item.delete", id: other.id, rev: row.rev });
        assert.deepEqual(await allOf(catalog.listDownloadIds(ownerId)), [first.id]);
      }));

    test("an item may have many ACTIVE ones; they are found by item and by library", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        const sibling = await storeItem(catalog, { libraryId: item.libraryId });
        const first = await storeDownload(catalog, item);
        const second = await storeDownload(catalog, item);
        const third = await storeDownload(catalog, sibling);
        const ended = await storeDownload(catalog, item);
        const { rev } = await read(catalog, ended.id);
        await commit(catalog, {
          kind: "download.put",
          session: endedDownload(ended, "CANCELED"),
          rev,
        });
        const values = (rows: readonly Row<DownloadSession>[]): readonly DownloadSession[] =>
          rows.map(({ value }) => value);
        assert.deepEqual(values(await catalog.listActiveDownloads({ itemId: item.id })), [
          first,
          second,
        ]);
        const { libraryId } = item;
        assert.deepEqual(values(await catalog.listActiveDownloads({ libraryId })), [
          first,
          second,
          third,
        ]);
      }));

    test("the ACTIVE ones of one owner are found, of whatever item", () =>
      withCatalog(subject, async (catalog) => {
        const ownerId = anAccountId();
        const item = await storeItem(catalog);
        const first = await storeDownload(catalog, item, { ownerId, tokenId: aTokenId() });
        const ended = await storeDownload(catalog, item, { ownerId });
        await storeDownload(catalog, item);
        const second = await storeDownload(catalog, await storeItem(catalog), { ownerId });
        const { rev } = await read(catalog, ended.id);
        const session = endedDownload(ended, "CANCELED");
        await commit(catalog, { kind: "download.put", session, rev });
        assert.deepEqual(await catalog.listActiveDownloads({ ownerId }), [
          await catalog.findDownload(first.id),
          await catalog.findDownload(second.id),
        ]);
        assert.deepEqual((await read(catalog, first.id)).value, first);
      }));
  });
};
