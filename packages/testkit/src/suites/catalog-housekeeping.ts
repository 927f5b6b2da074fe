import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { REVISIONS_KEPT_MAX } from "@contentlib/server/domain/revision";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { aLogin } from "../builders/accounts.ts";
import { aDigest, anAccountId, BUILT_AT } from "../builders/ids.ts";
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
  storeLogin,
  storeSession,
  unreferenced,
  withCatalog,
} from "./catalog-subject.ts";

/** Limits that reach nothing. */
const NOTHING = {
  endedBefore: 0,
  loginsIdleSince: 0,
  loginsCreatedBefore: 0,
  tokensBefore: 0,
  revisionsKept: REVISIONS_KEPT_MAX,
  auditBefore: 0,
};

const storeEnded = async (
  catalog: Catalog,
  endedAt: number,
): Promise<ReturnType<typeof endedSession>> => {
  const session = await storeSession(catalog, await storeItem(catalog), [aPushedFile()]);
  const ended = endedSession(session, "DONE", endedAt);
  const { rev } = await readSession(catalog, session.id);
  await commit(catalog, { kind: "session.put", session: ended, rev });
  return ended;
};

const describeSessionLists = (subject: CatalogSubject): void => {
  test("lapsed are the ACTIVE sessions whose expiry, as extended, is at or before the instant", () =>
    withCatalog(subject, async (catalog) => {
      const at = BUILT_AT + 1_000;
      const onTime = await storeSession(catalog, await storeItem(catalog), [], { expiresAt: at });
      await storeSession(catalog, await storeItem(catalog), [], { expiresAt: at + 1 });
      const extended = await storeSession(catalog, await storeItem(catalog), [], { expiresAt: at });
      await commit(catalog, { kind: "session.extend", id: extended.id, expiresAt: at + 1 });
      const ended = await storeEnded(catalog, BUILT_AT);
      assert.ok(ended.state !== "ACTIVE");
      const download = aDownloadSession({ expiresAt: at });
      const later = aDownloadSession({ expiresAt: at });
      await commit(
        catalog,
        { kind: "download.put", session: download, rev: null },
        { kind: "download.put", session: later, rev: null },
        { kind: "download.extend", id: later.id, expiresAt: at + 1 },
      );
      const lapsed = await catalog.housekeeping.listLapsed(at);
      assert.deepEqual(
        lapsed.updates.map(({ value }) => value),
        [onTime],
      );
      assert.deepEqual(
        lapsed.downloads.map(({ value }) => value),
        [download],
      );
      const { rev } = await readSession(catalog, onTime.id);
      assert.equal(lapsed.updates[0]?.rev, rev);
    }));

  test("all ACTIVE sessions of both kinds are listed, and no ended one", () =>
    withCatalog(subject, async (catalog) => {
      const session = await storeSession(catalog, await storeItem(catalog));
      await storeEnded(catalog, BUILT_AT);
      const download = aDownloadSession();
      const canceled = endedDownload(aDownloadSession(), "CANCELED");
      await commit(
        catalog,
        { kind: "download.put", session: download, rev: null },
        { kind: "download.put", session: canceled, rev: null },
      );
      const active = await catalog.housekeeping.listActive();
      assert.deepEqual(
        active.updates.map(({ value }) => value),
        [session],
      );
      assert.deepEqual(
        active.downloads.map(({ value }) => value),
        [download],
      );
    }));

  test("live staged ids are those of READY files of ACTIVE sessions", () =>
    withCatalog(subject, async (catalog) => {
      const receipts = [aReadyReceipt(), aReadyReceipt()];
      const files = [...receipts.map((receipt) => aPushedFile({ receipt })), aPushedFile()];
      const session = await storeSession(catalog, await storeItem(catalog), files);
      const other = await storeSession(catalog, await storeItem(catalog), [
        aPushedFile({ receipt: aReadyReceipt() }),
      ]);
      const { rev } = await readSession(catalog, other.id);
      await commit(catalog, { kind: "session.put", session: endedSession(other, "ERROR"), rev });
      const live = await catalog.housekeeping.listLiveStagedIds();
      assert.deepEqual(live.toSorted(), receipts.map(({ stagedId }) => stagedId).toSorted());
      const [first] = (await readSession(catalog, session.id)).files;
      const waiting = { ...files[0]!, receipt: { status: "WAITING" } } as const;
      const put = {
        kind: "session-file.put",
        sessionId: session.id,
        file: waiting,
        rev: first?.rev ?? 0,
      } as const;
      await commit(catalog, put);
      assert.deepEqual(await catalog.housekeeping.listLiveStagedIds(), [receipts[1]?.stagedId]);
    }));
};

const describePurging = (subject: CatalogSubject): void => {
  test("ended sessions go when their end is at or before the limit; ACTIVE ones never", () =>
    withCatalog(subject, async (catalog) => {
      const old = await storeEnded(catalog, BUILT_AT + 10);
      const young = await storeEnded(catalog, BUILT_AT + 11);
      const active = await storeSession(catalog, await storeItem(catalog));
      const [oldDownload, youngDownload] = [BUILT_AT + 10, BUILT_AT + 11].map((endedAt) =>
        endedDownload(aDownloadSession(), "EXPIRED", endedAt),
      );
      assert.ok(oldDownload && youngDownload);
      await commit(
        catalog,
        { kind: "download.put", session: oldDownload, rev: null },
        { kind: "download.put", session: youngDownload, rev: null },
      );
      assert.equal(await catalog.housekeeping.purge({ ...NOTHING, endedBefore: BUILT_AT + 10 }), 2);
      assert.equal(await catalog.findSession(old.id), null);
      assert.equal(await catalog.findDownload(oldDownload.id), null);
      assert.ok(await catalog.findSession(young.id));
      assert.ok(await catalog.findDownload(youngDownload.id));
      await catalog.housekeeping.purge({ ...NOTHING, endedBefore: Number.MAX_SAFE_INTEGER });
      assert.ok(await catalog.findSession(active.id));
    }));

  test("logins go when they are out of either limit", () =>
    withCatalog(subject, async (catalog) => {
      const idle = await storeLogin(catalog, { createdAt: 100, lastAccessedAt: 110 });
      const old = await storeLogin(catalog, { createdAt: 50, lastAccessedAt: 500 });
      const good = await storeLogin(catalog, { createdAt: 51, lastAccessedAt: 111 });
      const limits = { ...NOTHING, loginsIdleSince: 110, loginsCreatedBefore: 50 };
      assert.equal(await catalog.housekeeping.purge(limits), 2);
      assert.equal(await catalog.findLogin(idle.idHash), null);
      assert.equal(await catalog.findLogin(old.idHash), null);
      assert.deepEqual(await catalog.findLogin(good.idHash), good);
    }));

  test("a client token goes when it is old and its object is gone, not for one of the two", () =>
    withCatalog(subject, async (catalog) => {
      const gone = await storeItem(catalog);
      const there = await storeItem(catalog);
      const cases = [
        { resultId: gone.id, at: 10, kept: false },
        { resultId: gone.id, at: 20, kept: true },
        { resultId: there.id, at: 10, kept: true },
        { resultId: `${gone.id}@3`, at: 10, kept: false },
        { resultId: `${gone.id}@3`, at: 20, kept: true },
        { resultId: `${there.id}@3`, at: 10, kept: true },
      ].map((each) => ({
        ...each,
        key: { accountId: anAccountId(), operation: "item.create", token: aDigest() },
      }));
      for (const { key, resultId, at } of cases) {
        await commit(catalog, { kind: "client-token.put", key, resultId, at });
      }
      const row = await catalog.findLibrary(gone.libraryId);
      await commit(catalog, { kind: "library.delete", id: gone.libraryId, rev: row?.rev ?? 0 });
      assert.equal(await catalog.housekeeping.purge({ ...NOTHING, tokensBefore: 20 }), 2);
      for (const { key, resultId, kept } of cases) {
        assert.equal(await catalog.findClientToken(key), kept ? resultId : null);
      }
    }));

  test("a client token whose session was purged is forgotten, too", () =>
    withCatalog(subject, async (catalog) => {
      const session = await storeEnded(catalog, BUILT_AT);
      const key = {
        accountId: session.ownerId,
        operation: "updateSession.create",
        token: aDigest(),
      };
      await commit(catalog, { kind: "client-token.put", key, resultId: session.id, at: 10 });
      assert.equal(
        await catalog.housekeeping.purge({ ...NOTHING, endedBefore: BUILT_AT, tokensBefore: 11 }),
        2,
      );
      assert.equal(await catalog.findClientToken(key), null);
    }));

  test("more rows than one transaction takes go all the same", () =>
    withCatalog(subject, async (catalog) => {
      const { id: accountId } = await storeAccount(catalog);
      const logins = Array.from({ length: 1_200 }, () => aLogin({ accountId, lastAccessedAt: 5 }));
      await commit(catalog, ...logins.map((login) => ({ kind: "login.put", login }) as const));
      assert.equal(
        await catalog.housekeeping.purge({ ...NOTHING, loginsIdleSince: 5 }),
        logins.length,
      );
    }));

  test("pins that a dead process left behind for a session that ended are dropped", () =>
    withCatalog(subject, async (catalog) => {
      const ended = await storeEnded(catalog, BUILT_AT);
      const active = await storeSession(catalog, await storeItem(catalog));
      const [left, held] = [aDigest(), aDigest()];
      await catalog.pin(ended.id, [left], BUILT_AT);
      await catalog.pin(active.id, [held], BUILT_AT);
      assert.equal(await catalog.housekeeping.purge(NOTHING), 0);
      assert.deepEqual(await unreferenced(catalog), [left]);
      assert.equal(await catalog.housekeeping.doom(held), false);
    }));
};

const describeServer = (subject: CatalogSubject): void => {
  test("the last instant at which the server was alive is remembered", () =>
    withCatalog(subject, async (catalog) => {
      assert.equal(await catalog.housekeeping.lastAliveAt(), null);
      await catalog.housekeeping.noteAlive(BUILT_AT + 30);
      assert.equal(await catalog.housekeeping.lastAliveAt(), BUILT_AT + 30);
      await catalog.housekeeping.noteAlive(BUILT_AT);
      assert.equal(await catalog.housekeeping.lastAliveAt(), BUILT_AT);
    }));

  test("the server has one identity", () =>
    withCatalog(subject, async (catalog) => {
      const guid = await catalog.housekeeping.serverGuid();
      assert.match(guid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.equal(await catalog.housekeeping.serverGuid(), guid);
    }));
};

/** What the background loops, start-up and `fsck` need, blobs apart. */
export const describeHousekeeping = (subject: CatalogSubject): void => {
  describe("housekeeping", () => {
    describeSessionLists(subject);
    describePurging(subject);
    describeServer(subject);
  });
};
