import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Item } from "@contentlib/server/domain/item";
import type { Change } from "@contentlib/server/ports/change";
import { PortError } from "@contentlib/server/ports/port-error";
import { aLibrary, anItem } from "../builders/libraries.ts";
import { anUpdateSession, aPushedFile } from "../builders/sessions.ts";
import {
  allOf,
  type CatalogSubject,
  commit,
  commitClashing,
  readSession,
  storeItem,
  storeLibrary,
  storeSession,
  withCatalog,
} from "./catalog-subject.ts";

const CONCURRENT_SETS = 40;
const CONCURRENT_INCREMENTS = 20;

const putItem = (item: Item): Change => ({ kind: "item.put", item, rev: null });

/** What holds for every change set, whatever is in it. */
export const describeChangeSets = (subject: CatalogSubject): void => {
  describe("change sets", () => {
    test("a set is applied whole", () =>
      withCatalog(subject, async (catalog) => {
        const library = aLibrary();
        const item = anItem({ libraryId: library.id });
        const session = anUpdateSession({ itemId: item.id });
        await commit(catalog, { kind: "library.put", library, rev: null }, putItem(item), {
          kind: "session.create",
          session,
          files: [aPushedFile()],
        });
        assert.ok(await catalog.findLibrary(library.id));
        assert.ok(await catalog.findItem(item.id));
        assert.ok(await catalog.findSession(session.id));
      }));

    test("of a set that clashes nothing is kept, wherever in it the clash is", () =>
      withCatalog(subject, async (catalog) => {
        const present = await storeItem(catalog);
        const good = [
          anItem({ libraryId: present.libraryId }),
          anItem({ libraryId: present.libraryId }),
        ];
        const bad = putItem(present);
        for (const at of [0, 1, 2]) {
          await commitClashing(catalog, "row", ...good.map(putItem).toSpliced(at, 0, bad));
          for (const item of good) assert.equal(await catalog.findItem(item.id), null);
        }
      }));

    test("later changes of a set see the earlier ones", () =>
      withCatalog(subject, async (catalog) => {
        const { id: libraryId } = await storeLibrary(catalog);
        const twins = [anItem({ libraryId, name: "twin" }), anItem({ libraryId, name: "TWIN" })];
        await commitClashing(catalog, "item-name", ...twins.map(putItem));
        assert.deepEqual(await allOf(catalog.listItemIds(libraryId)), []);
      }));

    test("an empty set is committed", () =>
      withCatalog(subject, async (catalog) => {
        await commit(catalog);
      }));

    test("a clash does not disturb the sets that are committed together with it", () =>
      withCatalog(subject, async (catalog) => {
        const present = await storeItem(catalog, { name: "taken" });
        const { libraryId } = present;
        const items = Array.from({ length: CONCURRENT_SETS }, (_, index) =>
          anItem({ libraryId, name: index % 2 === 0 ? `item ${String(index)}` : "TAKEN" }),
        );
        const sibling = (item: Item): Item => anItem({ libraryId, name: `beside ${item.id}` });
        const siblings = items.map(sibling);
        const outcomes = await Promise.all(
          items.map((item, index) => catalog.commit([putItem(siblings[index]!), putItem(item)])),
        );
        for (const [index, outcome] of outcomes.entries()) {
          const kept = index % 2 === 0;
          assert.deepEqual(
            outcome,
            kept ? { kind: "committed" } : { kind: "clash", reason: "item-name" },
          );
          assert.equal((await catalog.findItem(items[index]!.id)) !== null, kept);
          assert.equal((await catalog.findItem(siblings[index]!.id)) !== null, kept);
        }
      }));

    test("concurrent sets behave as if one came after the other: no update is lost", () =>
      withCatalog(subject, async (catalog) => {
        const library = await storeLibrary(catalog);
        const increment = async (): Promise<void> => {
          for (;;) {
            const row = await catalog.findLibrary(library.id);
            assert.ok(row);
            const next = { ...row.value, version: row.value.version + 1 };
            const outcome = await catalog.commit([
              { kind: "library.put", library: next, rev: row.rev },
            ]);
            if (outcome.kind === "committed") return;
            assert.equal(outcome.reason, "row");
          }
        };
        await Promise.all(Array.from({ length: CONCURRENT_INCREMENTS }, increment));
        const row = await catalog.findLibrary(library.id);
        assert.equal(row?.value.version, library.version + CONCURRENT_INCREMENTS);
      }));

    test("a read that begins after the answer sees what was committed", () =>
      withCatalog(subject, async (catalog) => {
        const session = await storeSession(catalog, await storeItem(catalog));
        const names: string[] = [];
        for (let round = 0; round < 10; round += 1) {
          const file = aPushedFile();
          await commit(catalog, {
            kind: "session-file.put",
            sessionId: session.id,
            file,
            rev: null,
          });
          names.push(file.name);
          const { files } = await readSession(catalog, session.id);
          assert.deepEqual(
            files.map(({ value }) => value.name),
            names,
          );
        }
      }));

    test("closing lets the commits under way end; later ones are refused as unavailable", () =>
      withCatalog(subject, async (catalog) => {
        const library = aLibrary();
        const underWay = catalog.commit([{ kind: "library.put", library, rev: null }]);
        await catalog.close();
        assert.deepEqual(await underWay, { kind: "committed" });
        const isUnavailable = (error: unknown): boolean =>
          error instanceof PortError && error.kind === "unavailable";
        await assert.rejects(
          catalog.commit([{ kind: "library.put", library: aLibrary(), rev: null }]),
          isUnavailable,
        );
        await assert.rejects(catalog.findLibrary(library.id), isUnavailable);
        await assert.rejects(catalog.findSession(anUpdateSession().id), isUnavailable);
      }));
  });
};
