import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { anItemId, anUpdateSessionId } from "../builders/ids.ts";
import { aKeptFile, anUpdateSession, aPushedFile, endedSession } from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  readSession,
  storeItem,
  storeSession,
  withCatalog,
} from "./catalog-subject.ts";

const PARALLEL_CREATES = 50;

const describeCreating = (subject: CatalogSubject): void => {
  describe("creating an update session", () => {
    test("session and first files come back as they were put, the files in their order", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog, { contentVersion: 7 });
        const files = [
          aKeptFile({ name: "z" }),
          aPushedFile({ name: "a" }),
          aKeptFile({ name: "m" }),
        ];
        const session = await storeSession(catalog, item, files, {
          warningBehavior: [{ type: "EXPIRED_CERTIFICATE", ignored: true }],
        });
        const row = await readSession(catalog, session.id);
        assert.deepEqual(row.value, session);
        assert.deepEqual(
          row.files.map(({ value }) => value),
          files,
        );
        const head = await catalog.findSessionHead(session.id);
        assert.deepEqual(head, { value: session, rev: row.rev });
        for (const file of row.files)
          assert.deepEqual(await catalog.findNamedFile(session.id, file.value.name), file);
        assert.equal(await catalog.findNamedFile(session.id, "A"), null);
        assert.equal(await catalog.countSessionFiles(session.id), files.length);
        const other = await storeSession(catalog, await storeItem(catalog), [files[0]!]);
        assert.equal(await catalog.findNamedFile(other.id, "a"), null);
        assert.equal(await catalog.countSessionFiles(other.id), 1);
      }));

    test("what is not there is null", () =>
      withCatalog(subject, async (catalog) => {
        assert.equal(await catalog.findSession(anUpdateSessionId()), null);
        assert.equal(await catalog.findSessionHead(anUpdateSessionId()), null);
        assert.equal(await catalog.findNamedFile(anUpdateSessionId(), "a"), null);
        assert.equal(await catalog.countSessionFiles(anUpdateSessionId()), 0);
        assert.equal(await catalog.findActiveSession(anItemId()), null);
      }));

    test("an item has one ACTIVE session at most, and is free when that one ends", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        const first = await storeSession(catalog, item);
        const second = anUpdateSession({ itemId: item.id });
        await commitClashing(catalog, "active-session", {
          kind: "session.create",
          session: second,
          files: [],
        });
        assert.equal((await catalog.findActiveSession(item.id))?.value.id, first.id);
        const { rev } = await readSession(catalog, first.id);
        await commit(catalog, {
          kind: "session.put",
          session: endedSession(first, "CANCELED"),
          rev,
        });
        assert.equal(await catalog.findActiveSession(item.id), null);
        await commit(catalog, { kind: "session.create", session: second, files: [] });
        assert.equal((await catalog.findActiveSession(item.id))?.value.id, second.id);
      }));

    test("of many creates at once on one item exactly one is kept", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        const sessions = Array.from({ length: PARALLEL_CREATES }, () =>
          anUpdateSession({ itemId: item.id }),
        );
        const outcomes = await Promise.all(
          sessions.map((session) =>
            catalog.commit([{ kind: "session.create", session, files: [aKeptFile()] }]),
          ),
        );
        const kept = sessions.filter((_, index) => outcomes[index]?.kind === "committed");
        assert.equal(kept.length, 1);
        for (const outcome of outcomes) {
          if (outcome.kind === "clash") assert.equal(outcome.reason, "active-session");
        }
        for (const session of sessions) {
          assert.equal(
            (await catalog.findSession(session.id)) !== null,
            session.id === kept[0]?.id,
          );
        }
      }));

    test("it needs the item, at the content version it was decided on", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog, { contentVersion: 2 });
        const nowhere = anUpdateSession();
        await commitClashing(catalog, "item-gone", {
          kind: "session.create",
          session: nowhere,
          files: [],
        });
        const late = anUpdateSession({ itemId: item.id, itemContentVersion: 1 });
        await commitClashing(catalog, "row", { kind: "session.create", session: late, files: [] });
      }));

    test("an id is used once", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeSession(catalog, await storeItem(catalog));
        const other = await storeItem(catalog);
        const again = anUpdateSession({ id: session.id, itemId: other.id });
        await commitClashing(catalog, "row", { kind: "session.create", session: again, files: [] });
      }));
  });
};

const describeChanging = (subject: CatalogSubject): void => {
  describe("changing an update session", () => {
    test("a put replaces the session and leaves its files", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeSession(catalog, await storeItem(catalog), [aPushedFile()]);
        const before = await readSession(catalog, session.id);
        const changed = { ...session, clientProgress: 40 };
        await commit(catalog, { kind: "session.put", session: changed, rev: before.rev });
        const after = await readSession(catalog, session.id);
        assert.deepEqual(after.value, changed);
        assert.deepEqual(after.files, before.files);
        assert.equal(after.filesRev, before.filesRev);
        assert.ok(after.rev > before.rev);
        await commitClashing(catalog, "row", { kind: "session.put", session, rev: before.rev });
        await commitClashing(catalog, "row", {
          kind: "session.put",
          session: anUpdateSession(),
          rev: 1,
        });
      }));

    test("a put that names the file set clashes when a file changed since", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeSession(catalog, await storeItem(catalog), [aKeptFile()]);
        const { rev, filesRev } = await readSession(catalog, session.id);
        const file = aPushedFile();
        await commit(catalog, { kind: "session-file.put", sessionId: session.id, file, rev: null });
        const done = endedSession(session, "DONE");
        await commitClashing(catalog, "row", { kind: "session.put", session: done, rev, filesRev });
        const present = await readSession(catalog, session.id);
        await commit(catalog, {
          kind: "session.put",
          session: done,
          rev,
          filesRev: present.filesRev,
        });
        assert.deepEqual((await readSession(catalog, session.id)).value, done);
      }));

    test("each way to end is remembered, and none can be taken back", () =>
      withCatalog(subject, async (catalog) => {
        for (const state of ["DONE", "ERROR", "CANCELED", "EXPIRED"] as const) {
          const session = await storeSession(catalog, await storeItem(catalog));
          const { rev } = await readSession(catalog, session.id);
          const ended = endedSession(session, state);
          await commit(catalog, { kind: "session.put", session: ended, rev });
          const row = await readSession(catalog, session.id);
          assert.deepEqual(row.value, ended);
          await commitClashing(catalog, "session-not-active", {
            kind: "session.put",
            session,
            rev: row.rev,
          });
        }
      }));

    test("an extension moves the expiry forward, never back, and leaves the version", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeSession(catalog, await storeItem(catalog));
        const { rev } = await readSession(catalog, session.id);
        const later = session.expiresAt + 60_000;
        await commit(catalog, { kind: "session.extend", id: session.id, expiresAt: later });
        await commit(catalog, { kind: "session.extend", id: session.id, expiresAt: later - 1 });
        assert.deepEqual(await catalog.findSessionHead(session.id), {
          value: { ...session, expiresAt: later },
          rev,
        });
        assert.equal((await readSession(catalog, session.id)).value.expiresAt, later);
        assert.equal((await catalog.findActiveSession(session.itemId))?.value.expiresAt, later);
      }));

    test("an extension of what is not ACTIVE, or not there, changes nothing", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeSession(catalog, await storeItem(catalog));
        const { rev } = await readSession(catalog, session.id);
        const ended = endedSession(session, "CANCELED");
        await commit(catalog, { kind: "session.put", session: ended, rev });
        await commit(
          catalog,
          { kind: "session.extend", id: session.id, expiresAt: session.expiresAt + 1 },
          { kind: "session.extend", id: anUpdateSessionId(), expiresAt: session.expiresAt + 1 },
        );
        assert.deepEqual((await readSession(catalog, session.id)).value, ended);
      }));

    test("a put decided before an extension does not take it back", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeSession(catalog, await storeItem(catalog));
        const { rev } = await readSession(catalog, session.id);
        const later = session.expiresAt + 60_000;
        await commit(catalog, { kind: "session.extend", id: session.id, expiresAt: later });
        await commit(catalog, {
          kind: "session.put",
          session: { ...session, clientProgress: 1 },
          rev,
        });
        const row = await readSession(catalog, session.id);
        assert.deepEqual(row.value, { ...session, clientProgress: 1, expiresAt: later });
      }));

    test("a session does not expire when its life was extended since the decision", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeSession(catalog, await storeItem(catalog));
        const { rev } = await readSession(catalog, session.id);
        const later = session.expiresAt + 60_000;
        await commit(catalog, { kind: "session.extend", id: session.id, expiresAt: later });
        const expired = endedSession(session, "EXPIRED");
        await commitClashing(catalog, "row", { kind: "session.put", session: expired, rev });
        const inTime = { ...expired, expiresAt: later };
        await commit(catalog, { kind: "session.put", session: inTime, rev });
        assert.equal((await readSession(catalog, session.id)).value.state, "EXPIRED");
      }));

    test("a delete is guarded by the version and takes the files along", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        const session = await storeSession(catalog, item, [aPushedFile({ name: "a" })]);
        const { rev } = await readSession(catalog, session.id);
        await commitClashing(catalog, "row", {
          kind: "session.delete",
          id: session.id,
          rev: rev + 1,
        });
        await commit(catalog, { kind: "session.delete", id: session.id, rev });
        assert.equal(await catalog.findSession(session.id), null);
        assert.equal(await catalog.findActiveSession(item.id), null);
        await storeSession(catalog, item, [], { id: session.id });
        assert.deepEqual((await readSession(catalog, session.id)).files, []);
      }));
  });
};

/** Update sessions: one ACTIVE an item, guarded by versions, extended without them. */
export const describeSessions = (subject: CatalogSubject): void => {
  describeCreating(subject);
  describeChanging(subject);
};
