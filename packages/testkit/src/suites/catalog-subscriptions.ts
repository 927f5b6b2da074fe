import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DEFAULT_CONFIGURATION } from "@contentlib/server/domain/configuration";
import { REVISIONS_KEPT_MAX } from "@contentlib/server/domain/revision";
import type { Subscription } from "@contentlib/server/domain/subscription";
import type { Catalog } from "@contentlib/server/ports/catalog";
import {
  aCertificateId,
  aDigest,
  aLibraryId,
  anAccountId,
  aSubscriptionId,
} from "../builders/ids.ts";
import { aSubscription, aTrustedCertificate } from "../builders/subscriptions.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  deleteLibrary,
  storeLibrary,
  withCatalog,
} from "./catalog-subject.ts";

/** Stores a subscription, of libraries of its own unless told otherwise. */
const storeSubscription = async (
  catalog: Catalog,
  over: Partial<Subscription> = {},
): Promise<Subscription> => {
  const subscription = aSubscription({
    libraryId: over.libraryId ?? (await storeLibrary(catalog)).id,
    subscribedLibraryId:
      over.subscribedLibraryId ?? (await storeLibrary(catalog, { type: "SUBSCRIBED" })).id,
    ...over,
  });
  await commit(catalog, { kind: "subscription.put", subscription, rev: null });
  return subscription;
};

const describeSubscriptionRows = (subject: CatalogSubject): void => {
  test("a subscription comes back as it was put, guarded by its version", () =>
    withCatalog(subject, async (catalog) => {
      const subscription = await storeSubscription(catalog, {
        placement: { folder: "group-v1", network: "network-1" },
      });
      const { id } = subscription;
      const row = await catalog.findSubscription(id);
      assert.deepEqual(row?.value, subscription);
      assert.equal(await catalog.findSubscription(aSubscriptionId()), null);
      const rev = row?.rev ?? 0;
      const changed = { ...subscription, placement: { cluster: "domain-c1" } };
      const put = { kind: "subscription.put", subscription: changed } as const;
      await commitClashing(catalog, "row", { ...put, rev: null });
      await commit(catalog, { ...put, rev });
      assert.deepEqual((await catalog.findSubscription(id))?.value, changed);
      await commitClashing(catalog, "row", { ...put, rev });
      await commitClashing(catalog, "row", { kind: "subscription.delete", id, rev });
      const present = (await catalog.findSubscription(id))?.rev ?? 0;
      assert.ok(present > rev);
      await commit(catalog, { kind: "subscription.delete", id, rev: present });
      assert.equal(await catalog.findSubscription(id), null);
      await commitClashing(catalog, "row", { kind: "subscription.delete", id, rev: present });
    }));

  test("a subscription needs both its libraries", () =>
    withCatalog(subject, async (catalog) => {
      const { id: libraryId } = await storeLibrary(catalog);
      for (const subscription of [
        aSubscription({ libraryId, subscribedLibraryId: aLibraryId() }),
        aSubscription({ libraryId: aLibraryId(), subscribedLibraryId: libraryId }),
      ]) {
        await commitClashing(catalog, "library-gone", {
          kind: "subscription.put",
          subscription,
          rev: null,
        });
      }
      const stored = await storeSubscription(catalog, { libraryId });
      const rev = (await catalog.findSubscription(stored.id))?.rev ?? 0;
      const subscription = { ...stored, subscribedLibraryId: aLibraryId() };
      await commitClashing(catalog, "library-gone", {
        kind: "subscription.put",
        subscription,
        rev,
      });
    }));

  test("subscriptions are listed by the library that publishes, in order of creation", () =>
    withCatalog(subject, async (catalog) => {
      const first = await storeSubscription(catalog, { id: aSubscriptionId(0xfffffff) });
      await storeSubscription(catalog);
      const { libraryId } = first;
      const second = await storeSubscription(catalog, {
        libraryId,
        id: aSubscriptionId(0xaaaaaaa),
      });
      const rows = await catalog.listSubscriptions(libraryId);
      assert.deepEqual(
        rows.map(({ value }) => value),
        [first, second],
      );
      assert.deepEqual(rows[0], await catalog.findSubscription(first.id));
      assert.deepEqual(await catalog.listSubscriptions(first.subscribedLibraryId), []);
    }));

  test("a subscription goes with the library that publishes and with the one that subscribes", () =>
    withCatalog(subject, async (catalog) => {
      const published = await storeSubscription(catalog);
      const { libraryId } = published;
      const subscribed = await storeSubscription(catalog, { libraryId });
      const other = await storeSubscription(catalog);
      await deleteLibrary(catalog, subscribed.subscribedLibraryId);
      assert.equal(await catalog.findSubscription(subscribed.id), null);
      assert.ok(await catalog.findSubscription(published.id));
      await deleteLibrary(catalog, libraryId);
      assert.equal(await catalog.findSubscription(published.id), null);
      assert.deepEqual(await catalog.listSubscriptions(libraryId), []);
      assert.ok(await catalog.findSubscription(other.id));
    }));

  test("the client token of a subscription is purged when that is gone, however it went", () =>
    withCatalog(subject, async (catalog) => {
      const kept = await storeSubscription(catalog);
      const deleted = await storeSubscription(catalog);
      const along = await storeSubscription(catalog);
      const keyOf = ({ id }: Subscription): Parameters<Catalog["findClientToken"]>[0] => ({
        accountId: anAccountId(1),
        operation: "subscriptions.create",
        token: aDigest(id),
      });
      for (const each of [kept, deleted, along]) {
        const token = { kind: "client-token.put", key: keyOf(each), at: 10 } as const;
        await commit(catalog, { ...token, resultId: each.id });
      }
      const rev = (await catalog.findSubscription(deleted.id))?.rev ?? 0;
      await commit(catalog, { kind: "subscription.delete", id: deleted.id, rev });
      await deleteLibrary(catalog, along.libraryId);
      const limits = {
        endedBefore: 0,
        loginsIdleSince: 0,
        loginsCreatedBefore: 0,
        auditBefore: 0,
      };
      const revisionsKept = REVISIONS_KEPT_MAX;
      assert.equal(
        await catalog.housekeeping.purge({ ...limits, tokensBefore: 11, revisionsKept }),
        2,
      );
      assert.equal(await catalog.findClientToken(keyOf(kept)), kept.id);
      assert.equal(await catalog.findClientToken(keyOf(deleted)), null);
      assert.equal(await catalog.findClientToken(keyOf(along)), null);
    }));
};

const describeCertificates = (subject: CatalogSubject): void => {
  test("certificates come back as they were put, in order of their adding", () =>
    withCatalog(subject, async (catalog) => {
      assert.deepEqual(await catalog.listCertificates(), []);
      const ids = [aCertificateId(), aCertificateId(), aCertificateId()].toSorted().toReversed();
      const certificates = ids.map((id) => aTrustedCertificate({ id }));
      for (const certificate of certificates) {
        await commit(catalog, { kind: "certificate.put", certificate });
      }
      assert.deepEqual(await catalog.listCertificates(), certificates);
      for (const each of certificates) {
        assert.deepEqual(await catalog.findCertificate(each.id), each);
      }
      assert.equal(await catalog.findCertificate(aCertificateId()), null);
    }));

  test("adding a certificate that is there changes nothing", () =>
    withCatalog(subject, async (catalog) => {
      const [first, second] = [aTrustedCertificate(), aTrustedCertificate()];
      for (const certificate of [first, second, { ...first, addedAt: 1, certText: "other" }]) {
        await commit(catalog, { kind: "certificate.put", certificate });
      }
      assert.deepEqual(await catalog.listCertificates(), [first, second]);
    }));

  test("a certificate is deleted once", () =>
    withCatalog(subject, async (catalog) => {
      const [certificate, other] = [aTrustedCertificate(), aTrustedCertificate()];
      const { id } = certificate;
      await commit(catalog, { kind: "certificate.put", certificate });
      await commit(catalog, { kind: "certificate.put", certificate: other });
      await commit(catalog, { kind: "certificate.delete", id });
      assert.equal(await catalog.findCertificate(id), null);
      await commitClashing(catalog, "row", { kind: "certificate.delete", id });
      await commit(catalog, { kind: "certificate.put", certificate });
      assert.deepEqual(await catalog.listCertificates(), [other, certificate]);
    }));
};

const describeConfiguration = (subject: CatalogSubject): void => {
  test("there is no configuration until one is stored, and then one, guarded by its version", () =>
    withCatalog(subject, async (catalog) => {
      assert.equal(await catalog.findConfiguration(), null);
      const configuration = { ...DEFAULT_CONFIGURATION, maximumConcurrentItemSyncs: 9 };
      await commitClashing(catalog, "row", { kind: "configuration.put", configuration, rev: 1 });
      await commit(catalog, { kind: "configuration.put", configuration, rev: 0 });
      const row = await catalog.findConfiguration();
      assert.deepEqual(row?.value, configuration);
      await commitClashing(catalog, "row", { kind: "configuration.put", configuration, rev: 0 });
      const rev = row?.rev ?? 0;
      const changed = { ...configuration, automaticSyncStartHour: 3 };
      await commit(catalog, { kind: "configuration.put", configuration: changed, rev });
      const present = await catalog.findConfiguration();
      assert.deepEqual(present?.value, changed);
      assert.ok(present && present.rev > rev);
      await commitClashing(catalog, "row", { kind: "configuration.put", configuration, rev });
    }));
};

/** Subscriptions, and what the service as a whole keeps: certificates and its configuration. */
export const describeSubscriptions = (subject: CatalogSubject): void => {
  describe("subscriptions, certificates and configuration", () => {
    describeSubscriptionRows(subject);
    describeCertificates(subject);
    describeConfiguration(subject);
  });
};
