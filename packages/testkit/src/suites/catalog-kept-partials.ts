import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KeptPartial } from "@contentlib/server/domain/kept-partial";
import { keptPartialKey } from "@contentlib/server/domain/kept-partial";
import type { Item } from "@contentlib/server/domain/item";
import type {
  ActiveUpdateSession,
  BroughtFile,
  PushedFile,
  UpdateSession,
} from "@contentlib/server/domain/update-session";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { aStagedId, BUILT_AT } from "../builders/ids.ts";
import { aPulledFile, aPushedFile, aReadyReceipt, endedSession } from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  deleteAccount,
  deleteItem,
  deleteLibrary,
  readSession,
  storeAccount,
  storeItem,
  storeSession,
  withCatalog,
} from "./catalog-subject.ts";

const EVER = Number.MAX_SAFE_INTEGER;

interface Ending {
  readonly item: Item;
  readonly session: ActiveUpdateSession;
  readonly file: PushedFile;
}

/** A session of an account, with one file that has some bytes. */
const aSessionWithBytes = async (
  catalog: Catalog,
  over: Partial<PushedFile> = {},
  durableBytes = 5,
): Promise<Ending> => {
  const { id: ownerId } = await storeAccount(catalog);
  const item = await storeItem(catalog);
  const file = aPushedFile(over);
  const session = await storeSession(catalog, item, [file], { ownerId });
  if (file.receipt.status === "WAITING") await putPartial(catalog, { session, file }, durableBytes);
  return { item, session, file };
};

const putPartial = async (
  catalog: Catalog,
  {
    session,
    file,
  }: { readonly session: UpdateSession; readonly file: Pick<BroughtFile, "entryId"> },
  durableBytes: number,
): Promise<void> =>
  await commit(catalog, {
    kind: "partial.put",
    partial: {
      sessionId: session.id,
      entryId: file.entryId,
      fence: 1,
      stagedId: aStagedId(),
      durableBytes,
      lengthBytes: 9,
    },
  });

/** Ends the session and keeps what came, in one set. */
const keep = async (
  catalog: Catalog,
  { session }: Pick<Ending, "session">,
  at = BUILT_AT,
): Promise<void> => {
  const { rev } = await readSession(catalog, session.id);
  const ended: UpdateSession = endedSession(session, "ERROR");
  await commit(
    catalog,
    { kind: "session.put", session: ended, rev },
    { kind: "partials.keep", sessionId: session.id, at },
  );
};

const find = (catalog: Catalog, { session, item, file }: Ending): Promise<KeptPartial | null> =>
  catalog.findKeptPartial(keptPartialKey(session, item, file));

const describeKeeping = (subject: CatalogSubject): void => {
  test("what came of a file is found by account, library, item name, file name and declared size", () =>
    withCatalog(subject, async (catalog) => {
      const ending = await aSessionWithBytes(catalog, { declaredSizeBytes: 9 });
      const { session, item, file } = ending;
      const [partial] = await catalog.listPartials(session.id);
      assert.ok(partial);
      await keep(catalog, ending);
      const kept = {
        ...keptPartialKey(session, item, file),
        stagedId: partial.stagedId,
        sessionId: session.id,
        durableBytes: 5,
        lengthBytes: 9,
        keptAt: BUILT_AT,
      };
      assert.deepEqual(await find(catalog, ending), kept);
      assert.deepEqual(await catalog.listKeptPartials(session.id), [kept]);
      const key = keptPartialKey(session, { ...item, name: item.name.toUpperCase() }, file);
      assert.deepEqual(await catalog.findKeptPartial(key), kept);
      const other = await storeItem(catalog);
      for (const differing of [
        { ...key, accountId: (await storeAccount(catalog)).id },
        { ...key, libraryId: other.libraryId },
        { ...key, itemKey: `${key.itemKey}2` },
        { ...key, fileName: key.fileName.toUpperCase() },
        { ...key, declaredSizeBytes: 10 },
        keptPartialKey(session, item, { name: file.name }),
      ])
        assert.equal(await catalog.findKeptPartial(differing), null);
    }));

  test("without a declared size it is found by that", () =>
    withCatalog(subject, async (catalog) => {
      const ending = await aSessionWithBytes(catalog, {}, 7);
      await keep(catalog, ending);
      const kept = await find(catalog, ending);
      assert.equal(kept?.durableBytes, 7);
      assert.equal(kept?.declaredSizeBytes, undefined);
    }));

  test("a READY file is kept as a whole; one in ERROR, one without a byte, and one of the item are not", () =>
    withCatalog(subject, async (catalog) => {
      const receipt = aReadyReceipt();
      const ready = await aSessionWithBytes(catalog, { receipt });
      await keep(catalog, ready);
      const kept = await find(catalog, ready);
      assert.equal(kept?.stagedId, receipt.stagedId);
      assert.deepEqual([kept?.durableBytes, kept?.lengthBytes], Array(2).fill(receipt.sizeBytes));
      const errorMessage = { id: "x", default_message: "x", args: [] };
      const spoilt = { status: "ERROR", errorMessage, receivedBytes: 3 } as const;
      for (const none of [
        await aSessionWithBytes(catalog, { receipt: spoilt }),
        await aSessionWithBytes(catalog, { receipt: aReadyReceipt({ sizeBytes: 0 }) }),
        await aSessionWithBytes(catalog, {}, 0),
      ]) {
        await keep(catalog, none);
        assert.equal(await find(catalog, none), null);
      }
    }));

  test("what was pulled is not kept, whole or not", () =>
    withCatalog(subject, async (catalog) => {
      const { id: ownerId } = await storeAccount(catalog);
      const item = await storeItem(catalog);
      const files = [aPulledFile(), aPulledFile({ receipt: aReadyReceipt() })];
      const session = await storeSession(catalog, item, files, { ownerId });
      const [waiting] = files;
      assert.ok(waiting);
      await putPartial(catalog, { session, file: waiting }, 5);
      await keep(catalog, { session });
      assert.deepEqual(await catalog.listKeptPartials(session.id), []);
    }));

  test("a newer one of the same key replaces an older one", () =>
    withCatalog(subject, async (catalog) => {
      const first = await aSessionWithBytes(catalog, {}, 5);
      await keep(catalog, first, 1);
      const { item } = first;
      const { ownerId } = first.session;
      const file = aPushedFile({ name: first.file.name });
      const session = await storeSession(catalog, item, [file], { ownerId });
      await putPartial(catalog, { session, file }, 3);
      await keep(catalog, { session }, 2);
      const kept = await find(catalog, first);
      assert.deepEqual([kept?.durableBytes, kept?.keptAt], [3, 2]);
      assert.deepEqual(await catalog.listKeptPartials(first.session.id), []);
      assert.equal((await catalog.housekeeping.listKeptBefore(EVER)).length, 1);
    }));

  test("nothing is kept where the account or the item is gone", () =>
    withCatalog(subject, async (catalog) => {
      const without = await aSessionWithBytes(catalog);
      await deleteAccount(catalog, without.session.ownerId);
      await keep(catalog, without);
      const item = await aSessionWithBytes(catalog);
      await keep(catalog, item);
      const again = await aSessionWithBytes(catalog);
      const { rev } = await readSession(catalog, again.session.id);
      const ended = endedSession(again.session, "CANCELED");
      await commit(catalog, { kind: "session.put", session: ended, rev });
      await deleteItem(catalog, again.item.id);
      await commit(catalog, { kind: "partials.keep", sessionId: again.session.id, at: BUILT_AT });
      const left = await catalog.housekeeping.listKeptBefore(EVER);
      assert.deepEqual(
        left.map(({ sessionId }) => sessionId),
        [item.session.id],
      );
    }));
};

const describeLife = (subject: CatalogSubject): void => {
  test("it is taken once", () =>
    withCatalog(subject, async (catalog) => {
      const ending = await aSessionWithBytes(catalog);
      await keep(catalog, ending);
      const { stagedId } = (await find(catalog, ending)) ?? { stagedId: aStagedId() };
      const outcomes = await Promise.all(
        [1, 2].map(() => catalog.commit([{ kind: "kept-partial.take", stagedId }])),
      );
      assert.deepEqual(outcomes.map(({ kind }) => kind).toSorted(), ["clash", "committed"]);
      await commitClashing(catalog, "row", { kind: "kept-partial.take", stagedId });
      assert.equal(await find(catalog, ending), null);
    }));

  test("it outlives its session, and its item", () =>
    withCatalog(subject, async (catalog) => {
      const ending = await aSessionWithBytes(catalog);
      await keep(catalog, ending);
      const { rev } = await readSession(catalog, ending.session.id);
      await commit(catalog, { kind: "session.delete", id: ending.session.id, rev });
      await deleteItem(catalog, ending.item.id);
      assert.equal((await find(catalog, ending))?.durableBytes, 5);
    }));

  test("it goes with its account, and with its library", () =>
    withCatalog(subject, async (catalog) => {
      const [one, other] = [await aSessionWithBytes(catalog), await aSessionWithBytes(catalog)];
      for (const each of [one, other]) await keep(catalog, each);
      await deleteAccount(catalog, one.session.ownerId);
      assert.equal(await find(catalog, one), null);
      await deleteLibrary(catalog, other.item.libraryId);
      assert.equal(await find(catalog, other), null);
      assert.deepEqual(await catalog.housekeeping.listKeptBefore(EVER), []);
    }));

  test("what was kept at or before an instant is listed, the oldest first", () =>
    withCatalog(subject, async (catalog) => {
      const endings = [];
      for (const at of [30, 10, 20]) {
        const ending = await aSessionWithBytes(catalog);
        await keep(catalog, ending, at);
        endings.push(ending);
      }
      const until = async (at: number): Promise<readonly number[]> =>
        (await catalog.housekeeping.listKeptBefore(at)).map(({ keptAt }) => keptAt);
      assert.deepEqual(await until(9), []);
      assert.deepEqual(await until(20), [10, 20]);
      assert.deepEqual(await until(EVER), [10, 20, 30]);
    }));

  test("its staged bytes are among those that live", () =>
    withCatalog(subject, async (catalog) => {
      const ending = await aSessionWithBytes(catalog);
      await keep(catalog, ending);
      const kept = await find(catalog, ending);
      assert.deepEqual(await catalog.housekeeping.listLiveStagedIds(), [kept?.stagedId]);
    }));
};

/** What came of files whose sessions are over. */
export const describeKeptPartials = (subject: CatalogSubject): void => {
  describe("kept partials", () => {
    describeKeeping(subject);
    describeLife(subject);
  });
};
