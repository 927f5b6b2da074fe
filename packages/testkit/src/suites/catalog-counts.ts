import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { aStagedId, BUILT_AT } from "../builders/ids.ts";
import { anItemFile } from "../builders/libraries.ts";
import {
  aDownloadSession,
  aPushedFile,
  aReadyReceipt,
  endedDownload,
  endedSession,
} from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  readSession,
  storeAccount,
  storeItem,
  storeSession,
  withCatalog,
} from "./catalog-subject.ts";

const NONE = {
  "update ACTIVE": 0,
  "update DONE": 0,
  "update ERROR": 0,
  "update CANCELED": 0,
  "update EXPIRED": 0,
  "download ACTIVE": 0,
  "download ERROR": 0,
  "download CANCELED": 0,
  "download EXPIRED": 0,
};

const countsOf = async (catalog: Catalog): Promise<readonly [number, number, object]> => {
  const { libraries, items, sessions } = await catalog.housekeeping.counts();
  const pairs = sessions.map(({ kind, state, count }) => [`${kind} ${state}`, count] as const);
  return [libraries, items, Object.fromEntries(pairs)];
};

/** How much there is. */
export const describeCounts = (subject: CatalogSubject): void => {
  describe("counts", () => {
    test("an empty catalog has none of anything, and says so of every kind and state", () =>
      withCatalog(subject, async (catalog) => {
        assert.deepEqual(await countsOf(catalog), [0, 0, NONE]);
        assert.equal((await catalog.housekeeping.counts()).oldestActiveUpdateAt, null);
      }));

    test("libraries, items, and sessions by kind and state, as soon as they are committed", () =>
      withCatalog(subject, async (catalog) => {
        const [kept, done, expired] = [
          await storeSession(catalog, await storeItem(catalog)),
          await storeSession(catalog, await storeItem(catalog)),
          await storeSession(catalog, await storeItem(catalog)),
        ];
        assert.equal(kept.state, "ACTIVE");
        for (const [session, state] of [
          [done, "DONE"],
          [expired, "EXPIRED"],
        ] as const) {
          const { rev } = await readSession(catalog, session.id);
          await commit(catalog, {
            kind: "session.put",
            session: endedSession(session, state),
            rev,
          });
        }
        const downloads = [
          aDownloadSession(),
          aDownloadSession(),
          endedDownload(aDownloadSession(), "CANCELED"),
        ];
        for (const session of downloads)
          await commit(catalog, { kind: "download.put", session, rev: null });
        const [libraries, items, sessions] = await countsOf(catalog);
        assert.deepEqual([libraries, items], [3, 3]);
        assert.deepEqual(sessions, {
          ...NONE,
          "update ACTIVE": 1,
          "update DONE": 1,
          "update EXPIRED": 1,
          "download ACTIVE": 2,
          "download CANCELED": 1,
        });
        const { oldestActiveUpdateAt } = await catalog.housekeeping.counts();
        assert.equal(oldestActiveUpdateAt, kept.createdAt);
        const { rev } = await readSession(catalog, done.id);
        await commit(catalog, { kind: "session.delete", id: done.id, rev });
        const [, , after] = await countsOf(catalog);
        assert.equal((after as typeof NONE)["update DONE"], 0);
      }));

    test("bytes that are staged, as long as their session is ACTIVE, and what is kept of them", () =>
      withCatalog(subject, async (catalog) => {
        const stagedBytes = async () => (await catalog.housekeeping.counts()).stagedBytes;
        assert.deepEqual(await stagedBytes(), { partial: 0, ready: 0, kept: 0 });
        const { id: ownerId } = await storeAccount(catalog);
        const content = anItemFile();
        const { digest, sizeBytes } = content;
        await storeItem(catalog, { files: [content] });
        const file = aPushedFile();
        const files = [
          file,
          aPushedFile({ receipt: aReadyReceipt({ sizeBytes: 300 }) }),
          aPushedFile({ receipt: aReadyReceipt({ digest, sizeBytes }) }),
          aPushedFile({ receipt: aReadyReceipt({ sizeBytes: 0 }) }),
        ];
        const session = await storeSession(catalog, await storeItem(catalog), files, { ownerId });
        assert.deepEqual(await stagedBytes(), { partial: 0, ready: 300, kept: 0 });
        const entry = { sessionId: session.id, entryId: file.entryId };
        const partial = { ...entry, fence: 1, stagedId: aStagedId(), durableBytes: 0 };
        await commit(catalog, { kind: "partial.put", partial });
        await commit(catalog, { kind: "partial.advance", entry, fence: 1, durableBytes: 70 });
        assert.deepEqual(await stagedBytes(), { partial: 70, ready: 300, kept: 0 });
        const { rev } = await readSession(catalog, session.id);
        await commit(
          catalog,
          { kind: "session.put", session: endedSession(session, "ERROR"), rev },
          { kind: "partials.keep", sessionId: session.id, at: BUILT_AT },
        );
        const kept = await catalog.listKeptPartials(session.id);
        const keptBytes = kept.reduce((sum, { durableBytes }) => sum + durableBytes, 0);
        assert.ok(keptBytes >= 370);
        assert.deepEqual(await stagedBytes(), { partial: 0, ready: 0, kept: keptBytes });
        for (const { stagedId } of kept)
          await commit(catalog, { kind: "kept-partial.take", stagedId });
        assert.deepEqual(await stagedBytes(), { partial: 0, ready: 0, kept: 0 });
      }));
  });
};
