import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PartialUpload, UploadEntry } from "@contentlib/server/domain/partial-upload";
import type { PushedFile } from "@contentlib/server/domain/update-session";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { anEntryId, anUpdateSessionId, aStagedId } from "../builders/ids.ts";
import { aPushedFile, aReadyReceipt, endedSession } from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  readSession,
  storeItem,
  storeSession,
  withCatalog,
} from "./catalog-subject.ts";

interface Waiting {
  readonly file: PushedFile;
  readonly entry: UploadEntry;
  partial(over?: Partial<PartialUpload>): PartialUpload;
}

/** A file that waits for its bytes, in an ACTIVE session of its own. */
const aWaitingFile = async (catalog: Catalog): Promise<Waiting> => {
  const file = aPushedFile();
  const session = await storeSession(catalog, await storeItem(catalog), [file]);
  const entry = { sessionId: session.id, entryId: file.entryId };
  const stagedId = aStagedId();
  const partial = (over: Partial<PartialUpload> = {}): PartialUpload => ({
    ...entry,
    fence: 1,
    stagedId,
    durableBytes: 0,
    ...over,
  });
  return { file, entry, partial };
};

const put = async (catalog: Catalog, partial: PartialUpload): Promise<void> =>
  await commit(catalog, { kind: "partial.put", partial });

const describeFences = (subject: CatalogSubject): void => {
  describe("fences", () => {
    test("what came of a file is found as it was put, and by its session", () =>
      withCatalog(subject, async (catalog) => {
        const { entry, partial } = await aWaitingFile(catalog);
        assert.equal(await catalog.findPartial(entry), null);
        assert.equal(await catalog.findFence(entry), 0);
        const first = partial({ durableBytes: 5, lengthBytes: 9 });
        await put(catalog, first);
        assert.deepEqual(await catalog.findPartial(entry), first);
        assert.deepEqual(await catalog.listPartials(entry.sessionId), [first]);
        assert.deepEqual(await catalog.listPartials(anUpdateSessionId()), []);
        const second = partial({ fence: 2, stagedId: aStagedId() });
        await put(catalog, second);
        assert.deepEqual(await catalog.findPartial(entry), second);
        assert.equal(await catalog.findFence(entry), 2);
      }));

    test("the validator of its source is there where it was told, and goes with the bytes it is of", () =>
      withCatalog(subject, async (catalog) => {
        const { entry, partial } = await aWaitingFile(catalog);
        const told = partial({ durableBytes: 5, validator: '"v1"' });
        await put(catalog, told);
        assert.deepEqual(await catalog.findPartial(entry), told);
        await commit(catalog, { kind: "partial.advance", entry, fence: 1, durableBytes: 9 });
        assert.deepEqual(await catalog.listPartials(entry.sessionId), [
          { ...told, durableBytes: 9 },
        ]);
        const anew = partial({ fence: 2 });
        await put(catalog, anew);
        assert.deepEqual(await catalog.findPartial(entry), anew);
      }));

    test("a fence is taken once, and only a greater one is taken after it", () =>
      withCatalog(subject, async (catalog) => {
        const { entry, partial } = await aWaitingFile(catalog);
        const third = partial({ fence: 3 });
        await put(catalog, third);
        for (const fence of [1, 2, 3])
          await commitClashing(catalog, "fenced", {
            kind: "partial.put",
            partial: partial({ fence, stagedId: aStagedId() }),
          });
        assert.deepEqual(await catalog.findPartial(entry), third);
      }));

    test("of two who take the same fence at once, one gets it", () =>
      withCatalog(subject, async (catalog) => {
        const { partial } = await aWaitingFile(catalog);
        const outcomes = await Promise.all(
          [aStagedId(), aStagedId()].map((stagedId) =>
            catalog.commit([{ kind: "partial.put", partial: partial({ stagedId }) }]),
          ),
        );
        assert.deepEqual(outcomes.map(({ kind }) => kind).toSorted(), ["clash", "committed"]);
      }));

    test("an expected fence stands until somebody takes a greater one", () =>
      withCatalog(subject, async (catalog) => {
        const { entry, partial } = await aWaitingFile(catalog);
        await commit(catalog, { kind: "partial.expect", entry, fence: 1 });
        await put(catalog, partial({ fence: 2 }));
        await commit(catalog, { kind: "partial.expect", entry, fence: 2 });
        await commitClashing(catalog, "fenced", { kind: "partial.expect", entry, fence: 1 });
      }));

    test("a partial is for a file that waits, in a session that is ACTIVE", () =>
      withCatalog(subject, async (catalog) => {
        const { partial } = await aWaitingFile(catalog);
        const ready = aPushedFile({ receipt: aReadyReceipt() });
        const session = await storeSession(catalog, await storeItem(catalog), [ready]);
        for (const entryId of [ready.entryId, anEntryId()])
          await commitClashing(catalog, "row", {
            kind: "partial.put",
            partial: partial({ sessionId: session.id, entryId }),
          });
        await commitClashing(catalog, "session-not-active", {
          kind: "partial.put",
          partial: partial({ sessionId: anUpdateSessionId() }),
        });
      }));
  });
};

const describeAdvancing = (subject: CatalogSubject): void => {
  test("more bytes of the newest writer count; never fewer, and never those of an older one", () =>
    withCatalog(subject, async (catalog) => {
      const { entry, partial } = await aWaitingFile(catalog);
      const advance = async (fence: number, durableBytes: number): Promise<number | undefined> => {
        await commit(catalog, { kind: "partial.advance", entry, fence, durableBytes });
        return (await catalog.findPartial(entry))?.durableBytes;
      };
      assert.equal(await advance(1, 5), undefined);
      await put(catalog, partial());
      assert.equal(await advance(1, 5), 5);
      assert.equal(await advance(1, 3), 5);
      await put(catalog, partial({ fence: 2, durableBytes: 5 }));
      assert.equal(await advance(1, 9), 5);
      assert.equal(await advance(2, 9), 9);
    }));
};

const describeEnds = (subject: CatalogSubject): void => {
  describe("ends of partials", () => {
    test("a file that is whole keeps its fence alone, and may wait again", () =>
      withCatalog(subject, async (catalog) => {
        const { file, entry, partial } = await aWaitingFile(catalog);
        await put(catalog, partial({ durableBytes: 7 }));
        const { sessionId } = entry;
        const rev = (await catalog.findSessionFile(entry))?.rev ?? 0;
        const ready = { ...file, receipt: aReadyReceipt() };
        await commit(catalog, { kind: "session-file.put", sessionId, file: ready, rev });
        assert.equal(await catalog.findPartial(entry), null);
        assert.deepEqual(await catalog.listPartials(sessionId), []);
        assert.equal(await catalog.findFence(entry), 1);
        const again = (await catalog.findSessionFile(entry))?.rev ?? 0;
        await commit(catalog, { kind: "session-file.put", sessionId, file, rev: again });
        await commitClashing(catalog, "fenced", { kind: "partial.put", partial: partial() });
        await put(catalog, partial({ fence: 2 }));
      }));

    test("it goes when the name is added again, or removed", () =>
      withCatalog(subject, async (catalog) => {
        const { file, entry, partial } = await aWaitingFile(catalog);
        await put(catalog, partial());
        const { sessionId } = entry;
        const rev = (await catalog.findSessionFile(entry))?.rev ?? 0;
        const again = { ...file, entryId: anEntryId() };
        await commit(catalog, { kind: "session-file.put", sessionId, file: again, rev });
        assert.equal(await catalog.findFence(entry), 0);
        assert.equal(await catalog.findSessionFile(entry), null);
        const newer = { sessionId, entryId: again.entryId };
        await put(catalog, partial(newer));
        await commit(catalog, {
          kind: "session-file.delete",
          sessionId,
          name: file.name,
          rev: (await catalog.findSessionFile(newer))?.rev ?? 0,
        });
        assert.equal(await catalog.findFence(newer), 0);
      }));

    for (const state of ["DONE", "CANCELED", "ERROR", "EXPIRED"] as const) {
      test(`when its session becomes ${state} it is told of, and its bytes live no more`, () =>
        withCatalog(subject, async (catalog) => {
          const { entry, partial } = await aWaitingFile(catalog);
          await put(catalog, partial());
          const row = await readSession(catalog, entry.sessionId);
          const session = endedSession(row.value, state, row.value.expiresAt);
          await commit(catalog, { kind: "session.put", session, rev: row.rev });
          assert.deepEqual(await catalog.listPartials(entry.sessionId), [partial()]);
          assert.deepEqual(await catalog.housekeeping.listLiveStagedIds(), []);
          await commitClashing(catalog, "session-not-active", {
            kind: "partial.put",
            partial: partial({ fence: 2 }),
          });
        }));
    }

    test("it goes with its session", () =>
      withCatalog(subject, async (catalog) => {
        const { entry, partial } = await aWaitingFile(catalog);
        await put(catalog, partial());
        const { rev } = await readSession(catalog, entry.sessionId);
        await commit(catalog, { kind: "session.delete", id: entry.sessionId, rev });
        assert.equal(await catalog.findFence(entry), 0);
      }));

    test("its staged bytes are among those that live", () =>
      withCatalog(subject, async (catalog) => {
        const { partial } = await aWaitingFile(catalog);
        const { partial: other } = await aWaitingFile(catalog);
        const partials = [partial(), other()];
        for (const each of partials) await put(catalog, each);
        const ids = await catalog.housekeeping.listLiveStagedIds();
        assert.deepEqual([...ids].toSorted(), partials.map(({ stagedId }) => stagedId).toSorted());
      }));
  });
};

/** Bytes on their way in that come in pieces. */
export const describePartials = (subject: CatalogSubject): void => {
  describeFences(subject);
  describeAdvancing(subject);
  describeEnds(subject);
};
