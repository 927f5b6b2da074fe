import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aSecret } from "../builders/subscriptions.ts";
import { type CatalogSubject, commit, commitClashing, withCatalog } from "./catalog-subject.ts";

/** Logins for other servers. */
export const describeSecrets = (subject: CatalogSubject): void => {
  describe("secrets", () => {
    test("secrets come back as they were put, in order of their names", () =>
      withCatalog(subject, async (catalog) => {
        assert.deepEqual(await catalog.listSecrets(), []);
        const [alpha, beta, gamma] = ["alpha", "beta", "gamma"].map((name) => aSecret({ name }));
        assert.ok(alpha && beta && gamma);
        for (const secret of [gamma, alpha, beta])
          await commit(catalog, { kind: "secret.put", secret });
        assert.deepEqual(await catalog.listSecrets(), [alpha, beta, gamma]);
        assert.deepEqual(await catalog.findSecret("beta"), beta);
        assert.equal(await catalog.findSecret("Beta"), null);
      }));

    test("a secret takes the place of the one of its name, and of no other", () =>
      withCatalog(subject, async (catalog) => {
        const [secret, other] = [aSecret({ name: "alpha" }), aSecret({ name: "beta" })];
        const next = aSecret({ name: "alpha", origin: "http://other.example", userName: "" });
        for (const each of [secret, other, next])
          await commit(catalog, { kind: "secret.put", secret: each });
        assert.deepEqual(await catalog.listSecrets(), [next, other]);
      }));

    test("a secret is deleted once, and can be put again", () =>
      withCatalog(subject, async (catalog) => {
        const secret = aSecret({ name: "alpha" });
        await commitClashing(catalog, "row", { kind: "secret.delete", name: "alpha" });
        await commit(catalog, { kind: "secret.put", secret });
        await commit(catalog, { kind: "secret.delete", name: "alpha" });
        assert.equal(await catalog.findSecret("alpha"), null);
        await commitClashing(catalog, "row", { kind: "secret.delete", name: "alpha" });
        await commit(catalog, { kind: "secret.put", secret });
        assert.deepEqual(await catalog.listSecrets(), [secret]);
      }));
  });
};
