import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aLibraryId, anItemId, aSubscriptionId, BUILT_AT } from "../builders/ids.ts";
import { aLibrary, anItem, anItemFile } from "../builders/libraries.ts";
import { endedSession } from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  readSession,
  storeItem,
  storeLibrary,
  storeSession,
  withCatalog,
} from "./catalog-subject.ts";

/** Rows of libraries and items, and the versions that guard them. */
export const describeRows = (subject: CatalogSubject): void => {
  describe("libraries", () => {
    test("comes back as it was put, with a version to name", () =>
      withCatalog(subject, async (catalog) => {
        const library = aLibrary({
          description: 'r\u00e9sum\u00e9 "quoted" \u0000 \u{1f4c0}',
          storageBackings: [{ type: "DATASTORE", datastoreId: "datastore-1" }],
          publishInfo: {
            authenticationMethod: "BASIC",
            published: true,
            persistJsonEnabled: false,
            passwordHash: "$argon2id$one",
          },
          optimizeRemotePublishing: true,
          subscriptionInfo: {
            authenticationMethod: "BASIC",
            automaticSyncEnabled: false,
            onDemand: true,
            subscriptionUrl: "https://library.example.org/lib.json",
            sealedPassword: "sealed",
            source: { libraryId: aLibraryId(), subscriptionId: aSubscriptionId() },
          },
          securityPolicyId: "a policy",
        });
        await commit(catalog, { kind: "library.put", library, rev: null });
        const row = await catalog.findLibrary(library.id);
        assert.deepEqual(row?.value, library);
        assert.ok(Number.isSafeInteger(row?.rev));
      }));

    test("what is not there is null", () =>
      withCatalog(subject, async (catalog) => {
        assert.equal(await catalog.findLibrary(aLibraryId()), null);
      }));

    test("a put that names the version read replaces the value and moves the version up", () =>
      withCatalog(subject, async (catalog) => {
        const library = await storeLibrary(catalog);
        const first = await catalog.findLibrary(library.id);
        assert.ok(first);
        const renamed = { ...library, name: "renamed", version: 2 };
        await commit(catalog, { kind: "library.put", library: renamed, rev: first.rev });
        const second = await catalog.findLibrary(library.id);
        assert.deepEqual(second?.value, renamed);
        assert.ok(second && second.rev > first.rev);
      }));

    test("a put of an older version clashes and changes nothing", () =>
      withCatalog(subject, async (catalog) => {
        const library = await storeLibrary(catalog);
        const row = await catalog.findLibrary(library.id);
        assert.ok(row);
        await commit(catalog, {
          kind: "library.put",
          library: { ...library, name: "mine" },
          rev: row.rev,
        });
        await commitClashing(catalog, "row", {
          kind: "library.put",
          library: { ...library, name: "yours" },
          rev: row.rev,
        });
        assert.equal((await catalog.findLibrary(library.id))?.value.name, "mine");
      }));

    test("a put that expects no row clashes with one, and one that expects a row clashes with none", () =>
      withCatalog(subject, async (catalog) => {
        const library = await storeLibrary(catalog);
        await commitClashing(catalog, "row", { kind: "library.put", library, rev: null });
        await commitClashing(catalog, "row", { kind: "library.put", library: aLibrary(), rev: 1 });
      }));

    test("deleting one takes its items along, and no others", () =>
      withCatalog(subject, async (catalog) => {
        const library = await storeLibrary(catalog);
        const inside = await storeItem(catalog, { libraryId: library.id });
        const elsewhere = await storeItem(catalog);
        const row = await catalog.findLibrary(library.id);
        assert.ok(row);
        await commitClashing(catalog, "row", {
          kind: "library.delete",
          id: library.id,
          rev: row.rev + 1,
        });
        assert.ok(await catalog.findItem(inside.id));
        await commit(catalog, { kind: "library.delete", id: library.id, rev: row.rev });
        assert.equal(await catalog.findLibrary(library.id), null);
        assert.equal(await catalog.findItem(inside.id), null);
        assert.ok(await catalog.findItem(elsewhere.id));
        await commitClashing(catalog, "row", {
          kind: "library.delete",
          id: library.id,
          rev: row.rev,
        });
      }));
  });

  describe("libraries with ACTIVE sessions", () => {
    test("stay while any item has one, and go with the set that ends them", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        const sibling = await storeItem(catalog, { libraryId: item.libraryId });
        await storeSession(catalog, await storeItem(catalog));
        const sessions = [await storeSession(catalog, item), await storeSession(catalog, sibling)];
        const row = await catalog.findLibrary(item.libraryId);
        const deletion = {
          kind: "library.delete",
          id: item.libraryId,
          rev: row?.rev ?? 0,
        } as const;
        await commitClashing(catalog, "active-session", deletion);
        const ends = await Promise.all(
          sessions.map(async (session) => ({
            kind: "session.put" as const,
            session: endedSession(session, "CANCELED"),
            rev: (await readSession(catalog, session.id)).rev,
          })),
        );
        await commitClashing(catalog, "active-session", ...ends.slice(1), deletion);
        assert.ok(await catalog.findItem(item.id));
        await commit(catalog, ...ends, deletion);
        assert.equal(await catalog.findLibrary(item.libraryId), null);
        assert.equal(await catalog.findItem(item.id), null);
      }));
  });

  describe("items", () => {
    test("comes back as it was put, files in their order", () =>
      withCatalog(subject, async (catalog) => {
        const files = [
          anItemFile({ name: "z" }),
          anItemFile({ name: "a", sizeBytes: Number.MAX_SAFE_INTEGER }),
        ];
        const item = await storeItem(catalog, { files, type: "iso", createdAt: BUILT_AT - 5 });
        assert.deepEqual((await catalog.findItem(item.id))?.value, item);
        assert.equal(await catalog.findItem(anItemId()), null);
      }));

    test("a library holds each name once, compared without case", () =>
      withCatalog(subject, async (catalog) => {
        const { libraryId } = await storeItem(catalog, { name: "Z\u00fcrich" });
        for (const name of ["Z\u00fcrich", "z\u00dcRICH", "zu\u0308rich"]) {
          const item = anItem({ libraryId, name });
          await commitClashing(catalog, "item-name", { kind: "item.put", item, rev: null });
        }
        await storeItem(catalog, { name: "Z\u00fcrich" });
        await storeItem(catalog, { libraryId, name: "Zurich" });
      }));

    test("an item may take its own name in another case, but not that of a sibling", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog, { name: "disk" });
        await storeItem(catalog, { libraryId: item.libraryId, name: "other" });
        const row = await catalog.findItem(item.id);
        assert.ok(row);
        const renamed = { ...item, name: "OTHER" };
        await commitClashing(catalog, "item-name", {
          kind: "item.put",
          item: renamed,
          rev: row.rev,
        });
        await commit(catalog, { kind: "item.put", item: { ...item, name: "Disk" }, rev: row.rev });
        assert.equal((await catalog.findItem(item.id))?.value.name, "Disk");
      }));

    test("an item needs its library", () =>
      withCatalog(subject, async (catalog) => {
        await commitClashing(catalog, "library-gone", {
          kind: "item.put",
          item: anItem(),
          rev: null,
        });
      }));

    test("put and delete are guarded by the version", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        const row = await catalog.findItem(item.id);
        assert.ok(row);
        await commitClashing(catalog, "row", { kind: "item.put", item, rev: null });
        await commit(catalog, {
          kind: "item.put",
          item: { ...item, description: "new" },
          rev: row.rev,
        });
        await commitClashing(catalog, "row", { kind: "item.put", item, rev: row.rev });
        await commitClashing(catalog, "row", { kind: "item.delete", id: item.id, rev: row.rev });
        const present = await catalog.findItem(item.id);
        assert.ok(present);
        await commit(catalog, { kind: "item.delete", id: item.id, rev: present.rev });
        assert.equal(await catalog.findItem(item.id), null);
        await commitClashing(catalog, "row", {
          kind: "item.delete",
          id: item.id,
          rev: present.rev,
        });
      }));

    test("a deleted name is free again", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog, { name: "disk" });
        const row = await catalog.findItem(item.id);
        assert.ok(row);
        await commit(catalog, { kind: "item.delete", id: item.id, rev: row.rev });
        await storeItem(catalog, { libraryId: item.libraryId, name: "DISK" });
      }));

    test("an item does not go while it has an ACTIVE session, and goes with the set that ends it", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        await storeSession(catalog, await storeItem(catalog, { libraryId: item.libraryId }));
        const session = await storeSession(catalog, item);
        const itemRev = (await catalog.findItem(item.id))?.rev ?? 0;
        const deletion = { kind: "item.delete", id: item.id, rev: itemRev } as const;
        await commitClashing(catalog, "active-session", deletion);
        assert.ok(await catalog.findItem(item.id));
        const end = { kind: "session.put", session: endedSession(session, "CANCELED") } as const;
        const { rev } = await readSession(catalog, session.id);
        await commitClashing(catalog, "active-session", deletion, { ...end, rev });
        await commit(catalog, { ...end, rev }, deletion);
        assert.equal(await catalog.findItem(item.id), null);
      }));
  });
};
