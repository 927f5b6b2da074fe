import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { anUpdateSessionId } from "../builders/ids.ts";
import { aKeptFile, aPushedFile, aReadyReceipt, endedSession } from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  readSession,
  storeItem,
  storeSession,
  withCatalog,
} from "./catalog-subject.ts";

/** The file set of an update session. */
export const describeSessionFiles = (subject: CatalogSubject): void => {
  describe("files of an update session", () => {
    test("a new name joins at the end; a changed one keeps its place", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeSession(catalog, await storeItem(catalog), [
          aKeptFile({ name: "m" }),
        ]);
        const sessionId = session.id;
        const z = aPushedFile({ name: "z" });
        const a = aPushedFile({ name: "a" });
        await commit(catalog, { kind: "session-file.put", sessionId, file: z, rev: null });
        await commit(catalog, { kind: "session-file.put", sessionId, file: a, rev: null });
        const { files } = await readSession(catalog, sessionId);
        const rev = files.find(({ value }) => value.name === "z")?.rev ?? 0;
        const ready = { ...z, receipt: aReadyReceipt() };
        await commit(catalog, { kind: "session-file.put", sessionId, file: ready, rev });
        const row = await readSession(catalog, sessionId);
        assert.deepEqual(
          row.files.map(({ value }) => value.name),
          ["m", "z", "a"],
        );
        assert.deepEqual(row.files[1]?.value, ready);
      }));

    test("a write of a file moves the version of the set and not that of the session", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeSession(catalog, await storeItem(catalog));
        const before = await readSession(catalog, session.id);
        const file = aPushedFile();
        await commit(catalog, { kind: "session-file.put", sessionId: session.id, file, rev: null });
        const added = await readSession(catalog, session.id);
        const rev = added.files[0]?.rev ?? 0;
        await commit(catalog, {
          kind: "session-file.delete",
          sessionId: session.id,
          name: file.name,
          rev,
        });
        const removed = await readSession(catalog, session.id);
        assert.ok(before.filesRev < added.filesRev && added.filesRev < removed.filesRev);
        assert.deepEqual([added.rev, removed.rev], [before.rev, before.rev]);
        assert.deepEqual(removed.files, []);
      }));

    test("a write is guarded by the version of the file", () =>
      withCatalog(subject, async (catalog) => {
        const file = aPushedFile();
        const session = await storeSession(catalog, await storeItem(catalog), [file]);
        const sessionId = session.id;
        const rev = (await readSession(catalog, sessionId)).files[0]?.rev ?? 0;
        await commitClashing(catalog, "row", {
          kind: "session-file.put",
          sessionId,
          file,
          rev: null,
        });
        await commitClashing(catalog, "row", {
          kind: "session-file.put",
          sessionId,
          file: aPushedFile(),
          rev: 1,
        });
        await commit(catalog, { kind: "session-file.put", sessionId, file, rev });
        await commitClashing(catalog, "row", { kind: "session-file.put", sessionId, file, rev });
        await commitClashing(catalog, "row", {
          kind: "session-file.delete",
          sessionId,
          name: file.name,
          rev,
        });
        assert.equal((await readSession(catalog, sessionId)).files.length, 1);
      }));

    test("a name that was removed and added again never has a version it had before", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeSession(catalog, await storeItem(catalog));
        const sessionId = session.id;
        const seen = new Set<number>();
        for (let round = 0; round < 3; round += 1) {
          const file = aPushedFile({ name: "disk.iso" });
          await commit(catalog, { kind: "session-file.put", sessionId, file, rev: null });
          const rev = (await readSession(catalog, sessionId)).files[0]?.rev ?? 0;
          assert.ok(!seen.has(rev));
          for (const old of seen) {
            await commitClashing(catalog, "row", {
              kind: "session-file.put",
              sessionId,
              file,
              rev: old,
            });
          }
          seen.add(rev);
          await commit(catalog, { kind: "session-file.delete", sessionId, name: file.name, rev });
        }
      }));

    test("a session is read with its file set in one state, while others write", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeSession(catalog, await storeItem(catalog));
        let isWriting = true;
        const write = async (): Promise<void> => {
          for (let round = 0; round < 40; round += 1) {
            const file = aPushedFile();
            const sessionId = session.id;
            await commit(catalog, { kind: "session-file.put", sessionId, file, rev: null });
          }
          isWriting = false;
        };
        const countOfSet = new Map<number, number>();
        const read = async (): Promise<void> => {
          while (isWriting) {
            const { filesRev, files } = await readSession(catalog, session.id);
            const known = countOfSet.get(filesRev);
            if (known !== undefined) assert.equal(files.length, known);
            countOfSet.set(filesRev, files.length);
            await nextTurn();
          }
        };
        await Promise.all([write(), read()]);
        const counts = [...countOfSet].toSorted(([a], [b]) => a - b).map(([, count]) => count);
        assert.deepEqual(
          counts,
          [...new Set(counts)].toSorted((a, b) => a - b),
        );
      }));

    test("names are told apart by case", () =>
      withCatalog(subject, async (catalog) => {
        const files = [aPushedFile({ name: "README" }), aPushedFile({ name: "readme" })];
        const session = await storeSession(catalog, await storeItem(catalog), files);
        assert.equal((await readSession(catalog, session.id)).files.length, 2);
      }));

    test("only an ACTIVE session takes writes", () =>
      withCatalog(subject, async (catalog) => {
        const file = aPushedFile();
        const session = await storeSession(catalog, await storeItem(catalog), [file]);
        const { rev, files } = await readSession(catalog, session.id);
        await commit(catalog, { kind: "session.put", session: endedSession(session, "DONE"), rev });
        const fileRev = files[0]?.rev ?? 0;
        for (const sessionId of [session.id, anUpdateSessionId()]) {
          const put = { kind: "session-file.put", sessionId, file, rev: fileRev } as const;
          await commitClashing(catalog, "session-not-active", put);
          await commitClashing(catalog, "session-not-active", {
            ...put,
            file: aPushedFile(),
            rev: null,
          });
          const remove = {
            kind: "session-file.delete",
            sessionId,
            name: file.name,
            rev: fileRev,
          } as const;
          await commitClashing(catalog, "session-not-active", remove);
        }
        assert.deepEqual((await readSession(catalog, session.id)).files, files);
      }));
  });
};
