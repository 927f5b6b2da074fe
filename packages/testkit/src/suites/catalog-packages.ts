import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SessionPackage, VerifiedContent } from "@contentlib/server/domain/package";
import { anItemId, anUpdateSessionId, BUILT_AT } from "../builders/ids.ts";
import { anItemFile, aRevision } from "../builders/libraries.ts";
import { aPushedFile, endedSession } from "../builders/sessions.ts";
import {
  type CatalogSubject,
  commit,
  commitClashing,
  readSession,
  storeItem,
  storeSession,
  withCatalog,
} from "./catalog-subject.ts";

const KNOWN: SessionPackage = {
  type: "ovf",
  preview: {
    state: "AVAILABLE",
    warnings: [
      {
        type: "EXPIRED_CERTIFICATE",
        message: { id: "x", default_message: 'a "quoted" \u0000 text', args: [] },
      },
    ],
    chain: ["AAAA"],
  },
  algorithms: ["SHA512"],
};

const describeSessionPackages = (subject: CatalogSubject): void => {
  test("a session can be made with it", () =>
    withCatalog(subject, async (catalog) => {
      const item = await storeItem(catalog);
      const session = await storeSession(catalog, item, [], { package: KNOWN });
      assert.deepEqual((await readSession(catalog, session.id)).value, session);
    }));

  test("what is known of a session's package is read with it, and everything else stays", () =>
    withCatalog(subject, async (catalog) => {
      const session = await storeSession(catalog, await storeItem(catalog), [aPushedFile()]);
      const before = await readSession(catalog, session.id);
      const { id } = session;
      await commit(catalog, { kind: "session.package", id, filesRev: 1, package: KNOWN });
      const after = await readSession(catalog, id);
      assert.deepEqual(after.value, { ...session, package: KNOWN });
      assert.deepEqual((await catalog.findSessionHead(id))?.value, after.value);
      assert.deepEqual(after.files, before.files);
      assert.equal(after.filesRev, before.filesRev);
      assert.equal(after.rev, before.rev);
      // Whoever read the session before writes it without taking that back.
      await commit(catalog, { kind: "session.put", session, rev: before.rev });
      assert.deepEqual((await readSession(catalog, id)).value.package, KNOWN);
      const next: SessionPackage = { ...KNOWN, preview: { state: "UNAVAILABLE" } };
      await commit(catalog, { kind: "session.package", id, filesRev: 1, package: next });
      assert.deepEqual((await readSession(catalog, id)).value.package, next);
    }));

  test("it is not kept for another file set than it was read from, nor of a session that has ended", () =>
    withCatalog(subject, async (catalog) => {
      const session = await storeSession(catalog, await storeItem(catalog));
      const { id } = session;
      const known = { kind: "session.package", id, package: KNOWN } as const;
      const put = {
        kind: "session-file.put",
        sessionId: id,
        file: aPushedFile(),
        rev: null,
      } as const;
      await commitClashing(catalog, "row", put, { ...known, filesRev: 1 });
      await commit(catalog, { ...known, filesRev: 1 }, put);
      await commitClashing(catalog, "row", { ...known, filesRev: 1 });
      const { rev, filesRev } = await readSession(catalog, id);
      const ended = endedSession(session, "CANCELED");
      await commit(catalog, { kind: "session.put", session: ended, rev });
      await commitClashing(catalog, "session-not-active", { ...known, filesRev });
      const other = { ...known, id: anUpdateSessionId(), filesRev };
      await commitClashing(catalog, "session-not-active", other);
    }));
};

const CONTENT: VerifiedContent = {
  verification: { status: "UNTRUSTED", reason: "nobody vouches", chain: ["AAAA"] },
  verifiedAt: BUILT_AT,
  accepted: [{ type: "UNTRUSTED_CERTIFICATE", by: "maria@vsphere.local" }],
  facts: {
    ovfVersion: "1",
    systems: [],
    disks: [],
    networks: ["VM Network"],
    licences: [],
    extraConfigKeys: [],
  },
};

/** What is kept of images, which nobody signs. */
const IMAGES: VerifiedContent = {
  verification: null,
  verifiedAt: BUILT_AT,
  accepted: [],
  facts: {
    images: [
      {
        file: "x.iso",
        formats: ["ISO9660"],
        volumeLabel: "Blätter",
        volumeBytes: 4096,
        fileBytes: 2048,
        boots: ["UEFI"],
        isHybrid: false,
      },
    ],
  },
  remarks: [
    {
      code: "iso.shorter_than_volume",
      severity: "WARNING",
      file: "x.iso",
      text: "It is short.",
      mend: "Fetch it again.",
    },
  ],
};

const describeVerifiedContent = (subject: CatalogSubject): void => {
  test("what was found out about a content version is kept with it, and goes with it", () =>
    withCatalog(subject, async (catalog) => {
      const item = await storeItem(catalog, { contentVersion: 2, files: [anItemFile()] });
      const revision = { ...aRevision(item), content: CONTENT };
      await commit(catalog, { kind: "revision.put", revision, kept: 2 });
      assert.deepEqual(await catalog.findVerifiedContent(item.id, 2), CONTENT);
      assert.deepEqual(await catalog.findRevisionFiles(item.id, 2), item.files);
      const next = { ...item, contentVersion: 3 };
      const rev = (await catalog.findItem(item.id))?.rev ?? 0;
      await commit(
        catalog,
        { kind: "item.put", item: next, rev },
        { kind: "revision.put", revision: aRevision(next), kept: 2 },
      );
      assert.equal(await catalog.findVerifiedContent(item.id, 3), null);
      assert.deepEqual(await catalog.findVerifiedContent(item.id, 2), CONTENT);
      await commit(catalog, { kind: "revision.put", revision: aRevision(next), kept: 1 });
      assert.equal(await catalog.findVerifiedContent(item.id, 2), null);
      assert.equal(await catalog.findVerifiedContent(anItemId(), 1), null);
    }));
  test("what was found out about images is kept as well", () =>
    withCatalog(subject, async (catalog) => {
      const item = await storeItem(catalog, { contentVersion: 2, files: [anItemFile()] });
      const revision = { ...aRevision(item), content: IMAGES };
      await commit(catalog, { kind: "revision.put", revision, kept: 2 });
      assert.deepEqual(await catalog.findVerifiedContent(item.id, 2), IMAGES);
    }));
};

/** What a catalog keeps of files that belong together. */
export const describePackages = (subject: CatalogSubject): void => {
  describe("packages", () => {
    describeSessionPackages(subject);
    describeVerifiedContent(subject);
  });
};
