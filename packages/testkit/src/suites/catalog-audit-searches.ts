import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AuditCriteria, AuditEntry, AuditRow } from "@contentlib/server/domain/audit-entry";
import { parseTokenId, type TokenId } from "@contentlib/server/domain/ids";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { anAuditEntry, anAuditObject, anAuditPut } from "../builders/audit.ts";
import { anAccountId, anItemId, aTokenId, BUILT_AT } from "../builders/ids.ts";
import { type CatalogSubject, commit, withCatalog } from "./catalog-subject.ts";

/** More than any test puts. */
const ALL = { before: null, limit: 10_000 };

const found = async (
  catalog: Catalog,
  criteria: AuditCriteria,
): Promise<readonly (string | undefined)[]> =>
  (await catalog.listAudit(criteria, ALL)).rows.map(({ requestId }) => requestId);

const storeAll = async (catalog: Catalog, ...entries: readonly AuditEntry[]): Promise<void> =>
  await commit(catalog, ...entries.map((entry) => anAuditPut(entry)));

const byUser = (userName: string): AuditEntry["actor"] => ({
  kind: "user",
  accountId: anAccountId(),
  userName,
});

const byToken = (userName: string, id: TokenId, label = "ci"): AuditEntry["actor"] => ({
  kind: "user",
  accountId: anAccountId(),
  userName,
  token: { id, label },
});

const tokenId = aTokenId();
const objectId = anItemId();
const since = BUILT_AT + 10;
const until = BUILT_AT + 20;

/** Meets all criteria. */
const wanted = anAuditEntry({
  event: "DENIED",
  operation: "library.delete",
  actor: byToken("Ann", tokenId),
  address: "2001:db8::1",
  requestId: "the one",
  objects: [anAuditObject(), anAuditObject({ id: objectId })],
  at: BUILT_AT + 15,
});

const CRITERIA: Required<AuditCriteria> = {
  event: "DENIED",
  operation: "library.delete",
  userName: "ann",
  tokenId,
  address: "2001:db8::1",
  requestId: "the one",
  objectId,
  since,
  until,
};

/** What each criterion passes over although all the others hold. */
const MISSES: Readonly<Record<keyof AuditCriteria, readonly AuditEntry[]>> = {
  event: [
    { ...wanted, event: "CHANGE" },
    { ...wanted, event: "LOGIN_REFUSED" },
  ],
  operation: [
    { ...wanted, operation: "library.deletes" },
    { ...wanted, operation: "library" },
  ],
  userName: [
    { ...wanted, actor: byToken("Anna", tokenId) },
    { ...wanted, actor: byToken("An", tokenId) },
  ],
  tokenId: [{ ...wanted, actor: byToken("Ann", aTokenId()) }],
  address: [
    { ...wanted, address: "2001:db8::10" },
    { ...wanted, address: "2001:db8::" },
  ],
  requestId: [
    { ...wanted, requestId: "the one " },
    { ...wanted, requestId: "The one" },
  ],
  objectId: [
    { ...wanted, objects: [] },
    { ...wanted, objects: [anAuditObject({ name: objectId })] },
  ],
  since: [{ ...wanted, at: since - 1 }],
  until: [{ ...wanted, at: until }],
};

const CRITERION_NAMES = Object.keys(MISSES) as readonly (keyof AuditCriteria)[];

const describeCriteria = (subject: CatalogSubject): void => {
  const reasonsOf = (rows: readonly AuditRow[]): readonly (string | undefined)[] =>
    rows.map(({ reason }) => reason).toReversed();

  for (const name of CRITERION_NAMES) {
    test(`${name} alone picks out what meets it, and passes over what nearly does`, () =>
      withCatalog(subject, async (catalog) => {
        await storeAll(catalog, { ...wanted, reason: "1" }, ...MISSES[name], {
          ...wanted,
          reason: "2",
        });
        const { rows, next } = await catalog.listAudit({ [name]: CRITERIA[name] }, ALL);
        assert.deepEqual(reasonsOf(rows), ["1", "2"]);
        assert.equal(next, null);
      }));
  }

  test("all criteria given must hold: each takes away what misses only it", () =>
    withCatalog(subject, async (catalog) => {
      const misses = CRITERION_NAMES.map((name) => ({ ...MISSES[name][0]!, reason: name }));
      await storeAll(catalog, { ...wanted, reason: "wanted" }, ...misses);
      for (const left of CRITERION_NAMES) {
        const { [left]: _out, ...others } = CRITERIA;
        const { rows } = await catalog.listAudit(others, ALL);
        assert.deepEqual(reasonsOf(rows), ["wanted", left]);
      }
      const { rows } = await catalog.listAudit(CRITERIA, ALL);
      assert.deepEqual(reasonsOf(rows), ["wanted"]);
    }));

  test("a criterion that an entry has nothing for passes it over", () =>
    withCatalog(subject, async (catalog) => {
      const { address: _none, requestId: _neither, ...bare } = anAuditEntry({ objects: [] });
      await storeAll(catalog, { ...bare, actor: { kind: "server" } });
      for (const name of ["userName", "tokenId", "address", "requestId", "objectId"] as const) {
        for (const value of ["", "null", "server", "undefined"]) {
          assert.deepEqual((await catalog.listAudit({ [name]: value }, ALL)).rows, [], name);
        }
      }
    }));
};

const describeInstants = (subject: CatalogSubject): void => {
  test("a folded row is there for every instant from its first one to its last one", () =>
    withCatalog(subject, async (catalog) => {
      const folded = anAuditEntry({ at: BUILT_AT + 100 });
      await commit(catalog, anAuditPut(folded, { count: 5, lastAt: BUILT_AT + 200 }));
      // Rows around it, so that its place in the trail does not tell.
      await storeAll(catalog, anAuditEntry({ at: BUILT_AT + 150 }), anAuditEntry({ at: BUILT_AT }));
      const isFound = async (criteria: AuditCriteria): Promise<boolean> =>
        (await found(catalog, criteria)).includes(folded.requestId);
      assert.ok(await isFound({ since: BUILT_AT + 200 }));
      assert.ok(!(await isFound({ since: BUILT_AT + 201 })));
      assert.ok(await isFound({ until: BUILT_AT + 101 }));
      assert.ok(!(await isFound({ until: BUILT_AT + 100 })));
      assert.ok(await isFound({ since: BUILT_AT + 150, until: BUILT_AT + 151 }));
      assert.deepEqual(await found(catalog, { since: BUILT_AT + 151 }), [folded.requestId]);
      assert.deepEqual(await found(catalog, { since: BUILT_AT + 201 }), []);
    }));
};

const describeTexts = (subject: CatalogSubject): void => {
  test("user names are compared without case, in any alphabet, and the actor's own spelling comes back", () =>
    withCatalog(subject, async (catalog) => {
      for (const userName of ["Ann", "\u00c9mile", "E\u0301MILE"]) {
        await storeAll(catalog, anAuditEntry({ actor: byUser(userName) }));
      }
      const refused = { kind: "unknown", userName: "ANN" } as const;
      await storeAll(catalog, anAuditEntry({ event: "LOGIN_REFUSED", actor: refused }));
      const namesOf = async (userName: string): Promise<readonly string[]> =>
        (await catalog.listAudit({ userName }, ALL)).rows.map(({ actor }) =>
          actor.kind === "server" ? "" : actor.userName,
        );
      assert.deepEqual(await namesOf("aNN"), ["ANN", "Ann"]);
      assert.deepEqual(await namesOf("\u00e9mile"), ["E\u0301MILE", "\u00c9mile"]);
    }));

  test("quotes and wildcards mean themselves", () =>
    withCatalog(subject, async (catalog) => {
      const odd = ["%", "_", "a'b", 'a"b', "a\\b", "' OR 1=1 --", "*", "[a]", "?1"];
      const entries = odd.map((text) =>
        anAuditEntry({
          actor: byUser(text),
          address: text,
          operation: text,
          objects: [anAuditObject({ kind: "file", id: text, name: text })],
        }),
      );
      await storeAll(catalog, ...entries, anAuditEntry({ actor: byUser("aXb"), address: "aXb" }));
      for (const [at, text] of odd.entries()) {
        for (const name of ["userName", "address", "operation", "objectId"] as const) {
          const only = [entries[at]?.requestId];
          assert.deepEqual(await found(catalog, { [name]: text }), only, `${name} ${text}`);
        }
      }
    }));

  test("an id is found among the objects alone, whole, and wherever it stands among them", () =>
    withCatalog(subject, async (catalog) => {
      const id = anItemId();
      const quoted = JSON.stringify(id);
      await storeAll(
        catalog,
        ...[id, quoted, `{"id":${quoted}}`, `","id":${quoted},"`, `\\",\\"id\\":${quoted}`].flatMap(
          (name) => [
            anAuditEntry({ objects: [anAuditObject({ name })] }),
            anAuditEntry({ objects: [], reason: name }),
            anAuditEntry({ actor: byToken(name, parseTokenId(id) ?? aTokenId(), id) }),
            anAuditEntry({ actor: { kind: "unknown", userName: name }, requestId: id }),
          ],
        ),
        anAuditEntry({ objects: [anAuditObject({ id: `${id}0` })] }),
        anAuditEntry({ objects: [anAuditObject({ id: id.slice(1) })] }),
        anAuditEntry({ objects: [anAuditObject({ kind: "file", id: `"${id}"` })] }),
        anAuditEntry({ objects: [anAuditObject({ kind: "file", id: `a","${id}` })] }),
      );
      assert.deepEqual(await found(catalog, { objectId: id }), []);
      const own = [anAuditObject(), anAuditObject(), anAuditObject()].map((_, place, others) =>
        anAuditEntry({ objects: others.with(place, anAuditObject({ id })) }),
      );
      await storeAll(catalog, ...own);
      assert.deepEqual(
        await found(catalog, { objectId: id }),
        own.map(({ requestId }) => requestId).toReversed(),
      );
    }));
};

/** What is asked of the audit trail. */
export const describeAuditSearches = (subject: CatalogSubject): void => {
  describe("searches of the audit trail", () => {
    describeCriteria(subject);
    describeInstants(subject);
    describeTexts(subject);
  });
};
