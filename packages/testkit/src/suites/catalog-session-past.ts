import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SessionPast } from "@contentlib/server/domain/dead-draft";
import type { Item } from "@contentlib/server/domain/item";
import type { UpdateSession } from "@contentlib/server/domain/update-session";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { aLibraryId } from "../builders/ids.ts";
import { anItem } from "../builders/libraries.ts";
import { endedSession } from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  readSession,
  storeItem,
  storeSession,
  withCatalog,
} from "./catalog-subject.ts";

const pastOf = async (catalog: Catalog, { libraryId, name }: Item): Promise<unknown> =>
  (await catalog.findItemByName(libraryId, name))?.past;

/** Opens a session on the item and lets it end so. */
const runSession = async (
  catalog: Catalog,
  item: Item,
  state: Exclude<UpdateSession["state"], "ACTIVE">,
): Promise<UpdateSession["id"]> => {
  const session = await storeSession(catalog, item);
  const { rev } = await readSession(catalog, session.id);
  await commit(catalog, { kind: "session.put", session: endedSession(session, state), rev });
  return session.id;
};

/** Items by their names, and what the catalog remembers of their update sessions. */
export const describeSessionPast = (subject: CatalogSubject): void => {
  describe("an item of a name", () => {
    test("is found without regard to case, in its library alone, and null where there is none", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog, { name: "Debian \u00c9dition" });
        const row = await catalog.findItem(item.id);
        const found = await catalog.findItemByName(item.libraryId, "dEBIAN \u00e9DITION");
        assert.deepEqual(found, { ...row, past: "none" });
        assert.equal(await catalog.findItemByName(item.libraryId, "debian"), null);
        assert.equal(await catalog.findItemByName(aLibraryId(), item.name), null);
      }));

    test("has unfinished sessions from the first one on, however they end", () =>
      withCatalog(subject, async (catalog) => {
        for (const state of ["CANCELED", "ERROR", "EXPIRED"] as const) {
          const item = await storeItem(catalog);
          assert.equal(await pastOf(catalog, item), "none");
          const session = await storeSession(catalog, item);
          assert.equal(await pastOf(catalog, item), "unfinished");
          const { rev } = await readSession(catalog, session.id);
          await commit(catalog, {
            kind: "session.put",
            session: endedSession(session, state),
            rev,
          });
          assert.equal(await pastOf(catalog, item), "unfinished");
        }
      }));

    test("has a completed session from the first that was, whatever comes after it", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        await runSession(catalog, item, "CANCELED");
        await runSession(catalog, item, "DONE");
        assert.equal(await pastOf(catalog, item), "completed");
        await runSession(catalog, item, "ERROR");
        assert.equal(await pastOf(catalog, item), "completed");
      }));

    test("keeps that past when the sessions go, and through puts of the item", () =>
      withCatalog(subject, async (catalog) => {
        for (const [state, past] of [
          ["CANCELED", "unfinished"],
          ["DONE", "completed"],
        ] as const) {
          const item = await storeItem(catalog);
          const id = await runSession(catalog, item, state);
          const { rev } = await readSession(catalog, id);
          await commit(catalog, { kind: "session.delete", id, rev });
          assert.equal(await pastOf(catalog, item), past);
          const row = await catalog.findItem(item.id);
          const renamed = { ...item, name: `${item.name} renamed` };
          await commit(catalog, { kind: "item.put", item: renamed, rev: row?.rev ?? 0 });
          assert.equal(await pastOf(catalog, renamed), past);
        }
      }));

    test("keeps that past when the sessions are purged", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        const id = await runSession(catalog, item, "EXPIRED");
        const never = Number.MIN_SAFE_INTEGER;
        await catalog.housekeeping.purge({
          endedBefore: Number.MAX_SAFE_INTEGER,
          loginsIdleSince: never,
          loginsCreatedBefore: never,
          tokensBefore: never,
          revisionsKept: 1,
          auditBefore: never,
        });
        assert.equal(await catalog.findSession(id), null);
        assert.equal(await pastOf(catalog, item), "unfinished");
      }));

    test("has a past of its own: that of an item deleted before does not count", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        await runSession(catalog, item, "CANCELED");
        const rev = (await catalog.findItem(item.id))?.rev ?? 0;
        const next = anItem({ libraryId: item.libraryId, name: item.name });
        await commit(
          catalog,
          { kind: "item.delete", id: item.id, rev, past: "unfinished" },
          { kind: "item.put", item: next, rev: null },
        );
        assert.equal(await catalog.findItem(item.id), null);
        assert.equal((await catalog.findItemByName(next.libraryId, next.name))?.value.id, next.id);
        assert.equal(await pastOf(catalog, next), "none");
      }));
  });

  describe("deleting an item of a certain past", () => {
    test("clashes when it has another one, and changes nothing", () =>
      withCatalog(subject, async (catalog) => {
        const pasts: readonly SessionPast[] = ["none", "unfinished", "completed"];
        const untouched = await storeItem(catalog);
        const draft = await storeItem(catalog);
        await runSession(catalog, draft, "CANCELED");
        const filled = await storeItem(catalog);
        await runSession(catalog, filled, "DONE");
        for (const [index, item] of [untouched, draft, filled].entries()) {
          const rev = (await catalog.findItem(item.id))?.rev ?? 0;
          for (const past of pasts.filter((_, other) => other !== index))
            await commitClashing(catalog, "row", { kind: "item.delete", id: item.id, rev, past });
          const past = pasts[index] ?? "none";
          await commitClashing(catalog, "row", {
            kind: "item.delete",
            id: item.id,
            rev: rev + 1,
            past,
          });
          await commit(catalog, { kind: "item.delete", id: item.id, rev, past });
        }
      }));

    test("clashes while a session of it is ACTIVE", () =>
      withCatalog(subject, async (catalog) => {
        const item = await storeItem(catalog);
        await storeSession(catalog, item);
        const rev = (await catalog.findItem(item.id))?.rev ?? 0;
        const gone = { kind: "item.delete", id: item.id, rev, past: "unfinished" } as const;
        await commitClashing(catalog, "active-session", gone);
        assert.ok(await catalog.findItem(item.id));
      }));
  });
};
