import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_CONFIGURATION } from "@contentlib/server/domain/configuration";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { aGrant, aGroup, anAccessToken, anAccount, aLogin } from "../builders/accounts.ts";
import { aDigest, anAccountId, BUILT_AT } from "../builders/ids.ts";
import { anItem, anItemFile, aRevision, headOf } from "../builders/libraries.ts";
import { aDownloadSession, aPushedFile, aReadyReceipt } from "../builders/sessions.ts";
import { aSubscription, aTrustedCertificate } from "../builders/subscriptions.ts";
import {
  commit,
  type DurableCatalogSubject,
  type OpenedDurableCatalog,
  readSession,
  storeItem,
  storeItemHolding,
  storeLibrary,
  storeSession,
} from "./catalog-subject.ts";

const CONCURRENT_SETS = 40;
const ROUNDS = 5;

/** Runs a test's body with a catalog of its own that outlives its process. */
export const withDurable = async (
  subject: DurableCatalogSubject,
  body: (catalog: Catalog, opened: OpenedDurableCatalog) => Promise<void>,
): Promise<void> => {
  const opened = await subject.open(() => BUILT_AT);
  try {
    await body(opened.catalog, opened);
  } finally {
    await opened.close();
  }
};

/** What was answered is kept, and nothing else. */
export const describeDurability = (subject: DurableCatalogSubject): void => {
  test("at the moment of its answer a change set is safe from a power cut, and a clash has left nothing", () =>
    withDurable(subject, async (catalog, opened) => {
      const { libraryId } = await storeItem(catalog, { name: "taken" });
      for (let round = 0; round < ROUNDS; round += 1) {
        const items = Array.from({ length: CONCURRENT_SETS }, (_, index) =>
          anItem({
            libraryId,
            name: index % 3 === 0 ? "taken" : `item ${String(round)}.${String(index)}`,
          }),
        );
        const outcomes = await Promise.all(
          items.map((item) => catalog.commit([{ kind: "item.put", item, rev: null }])),
        );
        const left = await opened.openAfterPowerCut();
        try {
          for (const [index, item] of items.entries()) {
            const kept = outcomes[index]?.kind === "committed";
            assert.equal((await left.catalog.findItem(item.id)) !== null, kept);
          }
        } finally {
          await left.close();
        }
      }
    }));

  test("everything is as it was after the catalog was closed and opened again", () =>
    withDurable(subject, async (catalog, opened) => {
      const file = anItemFile();
      const item = await storeItemHolding(catalog, file);
      const session = await storeSession(catalog, item, [
        aPushedFile({ receipt: aReadyReceipt() }),
      ]);
      await commit(catalog, {
        kind: "session.extend",
        id: session.id,
        expiresAt: session.expiresAt + 5,
      });
      const row = await readSession(catalog, session.id);
      const download = aDownloadSession({ itemId: item.id });
      const account = anAccount();
      const token = anAccessToken({ accountId: account.id, expiresAt: BUILT_AT + 1 });
      const login = aLogin({ accountId: account.id, tokenId: token.id });
      const group = aGroup({ memberIds: [account.id] });
      const grant = aGrant({ subject: { kind: "group", id: group.id }, libraryId: item.libraryId });
      const key = { accountId: anAccountId(), operation: "item.create", token: aDigest() };
      await commit(
        catalog,
        { kind: "download.put", session: download, rev: null },
        { kind: "account.put", account, rev: null },
        { kind: "token.put", token },
        { kind: "login.put", login },
        { kind: "group.put", group, rev: null },
        { kind: "grant.put", grant },
        { kind: "client-token.put", key, resultId: item.id, at: BUILT_AT },
      );
      const subscriber = await storeLibrary(catalog, { type: "SUBSCRIBED" });
      const subscription = aSubscription({
        libraryId: item.libraryId,
        subscribedLibraryId: subscriber.id,
      });
      const [revision, certificate] = [aRevision(item), aTrustedCertificate()];
      const configuration = DEFAULT_CONFIGURATION;
      await commit(
        catalog,
        { kind: "revision.put", revision, kept: 1 },
        { kind: "subscription.put", subscription, rev: null },
        { kind: "certificate.put", certificate },
        { kind: "configuration.put", configuration, rev: 0 },
      );
      await catalog.pin(session.id, [file.digest], BUILT_AT);
      const doomed = aDigest();
      await catalog.housekeeping.doom(doomed);
      await catalog.housekeeping.noteAlive(BUILT_AT);
      const guid = await catalog.housekeeping.serverGuid();

      const { catalog: later } = await opened.reopen();
      assert.deepEqual((await later.findItem(item.id))?.value, item);
      assert.deepEqual(await later.findSession(session.id), row);
      assert.deepEqual((await later.findDownload(download.id))?.value, download);
      assert.deepEqual((await later.findAccount(account.id))?.value, account);
      assert.deepEqual(await later.findLogin(login.idHash), login);
      assert.deepEqual(await later.findToken(token.hash), token);
      assert.deepEqual(await later.listGroups(account.id), [group]);
      assert.deepEqual(await later.grantsFor(account.id, null), { account: [grant], token: [] });
      assert.equal(await later.findClientToken(key), item.id);
      assert.deepEqual(await later.listRevisions(item.id), [headOf(revision)]);
      const { contentVersion, files } = revision;
      assert.deepEqual(await later.findRevisionFiles(item.id, contentVersion), files);
      assert.deepEqual((await later.findSubscription(subscription.id))?.value, subscription);
      assert.deepEqual(await later.listCertificates(), [certificate]);
      assert.deepEqual((await later.findConfiguration())?.value, configuration);
      assert.deepEqual(await later.housekeeping.listDoomed(), [doomed]);
      assert.equal(await later.housekeeping.lastAliveAt(), BUILT_AT);
      assert.equal(await later.housekeeping.serverGuid(), guid);
      await commit(later, { kind: "pins.spend", holder: session.id, digests: [file.digest] });
    }));
};
