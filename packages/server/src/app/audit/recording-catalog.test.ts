import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  aGrant,
  aGroup,
  aLogin,
  anAccessToken,
  anAccount,
} from "@contentlib/testkit/builders/accounts";

import { aCertificateId, aDigest, anEntryId, aStagedId } from "@contentlib/testkit/builders/ids";
import { aLibrary, anItem, aRevision } from "@contentlib/testkit/builders/libraries";
import {
  aDownloadSession,
  anUpdateSession,
  aPushedFile,
  endedDownload,
  endedSession,
} from "@contentlib/testkit/builders/sessions";
import {
  aSecret,
  aSubscription,
  aTrustedCertificate,
} from "@contentlib/testkit/builders/subscriptions";
import { memoryStorage } from "@contentlib/testkit/rigs/app-rig";
import { ManualClock } from "../../adapters/clock/manual-clock.ts";
import { AsyncDeedScope } from "../../adapters/deeds/async-deed-scope.ts";
import type { AuditEntry, AuditObject } from "../../domain/audit-entry.ts";
import { DEFAULT_CONFIGURATION } from "../../domain/configuration.ts";
import type { TokenId } from "../../domain/ids.ts";
import type { Catalog, Change, ChangeSet, Deed } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import { Places } from "../access/places.ts";
import { OBJECTS_PER_ROW_MAX, recordingCatalog } from "./recording-catalog.ts";
import { FOLD_WINDOW_MS, TrailNames } from "./trail-names.ts";

const library = aLibrary({ name: "images" });
const item = anItem({ name: "debian", libraryId: library.id });
const ben = anAccount({ name: "ben" });
const ops = aGroup({ name: "ops", memberIds: [ben.id] });
const nightly = anAccessToken({ accountId: ben.id, label: "nightly" });
const grant = aGrant({
  subject: { kind: "group", id: ops.id },
  role: "editor",
  libraryId: library.id,
});
const owner = { ownerId: ben.id, ownerName: ben.name };
const session = anUpdateSession({ itemId: item.id, ...owner });
const download = aDownloadSession({ itemId: item.id, ...owner });
const subscriber = aLibrary({ name: "copies" });
const subscription = aSubscription({ libraryId: library.id, subscribedLibraryId: subscriber.id });
const certificate = aTrustedCertificate();
const file = aPushedFile({ name: "boot.iso" });

const BY_BEN: Deed = {
  doer: { kind: "user", accountId: ben.id, userName: "ben@vsphere.local", tokenId: nightly.id },
  operation: "item.update",
  address: "192.0.2.7",
  requestId: "request-7",
};

type Row = Extract<Change, { readonly kind: "audit.put" }>;

const told = ({ kind, id, name }: AuditObject): string => `${kind} ${name ?? id}`;

/** A catalog with the objects of the tests, and one around it whose commits are looked at and not kept. */
const open = async () => {
  const clock = new ManualClock();
  const { catalog } = await memoryStorage(clock);
  const made = await catalog.commit([
    { kind: "library.put", library, rev: null },
    { kind: "library.put", library: subscriber, rev: null },
    { kind: "item.put", item, rev: null },
    { kind: "account.put", account: ben, rev: null },
    { kind: "group.put", group: ops, rev: null },
    { kind: "token.put", token: nightly },
    { kind: "grant.put", grant },
    { kind: "session.create", session, files: [file] },
    { kind: "download.put", session: download, rev: null },
    { kind: "subscription.put", subscription, rev: null },
    { kind: "certificate.put", certificate },
  ]);
  assert.deepEqual(made, { kind: "committed" });
  const deeds = new AsyncDeedScope();
  const commits: ChangeSet[] = [];
  const inner: Catalog = new Proxy(catalog, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (name !== "commit") return typeof member === "function" ? member.bind(target) : member;
      return async (changes: ChangeSet) => {
        commits.push(changes);
        return { kind: "committed" };
      };
    },
  });
  const recording = (read: Catalog = inner): Catalog =>
    recordingCatalog(inner, { clock, deeds, names: new TrailNames(read, new Places(read)) });
  const around = recording();
  /** The rows that go with the changes; the changes themselves must be there as they are. */
  const rowsOf = async (
    changes: ChangeSet,
    deed: Deed | null = BY_BEN,
    by: Catalog = around,
  ): Promise<readonly Row[]> => {
    const commit = (): Promise<unknown> => by.commit(changes);
    await (deed === null ? commit() : deeds.within(deed, commit));
    const committed = commits.at(-1) ?? [];
    assert.deepEqual(committed.slice(0, changes.length), changes);
    return committed.slice(changes.length).map((change) => {
      assert.equal(change.kind, "audit.put");
      return change;
    });
  };
  return { clock, catalog, inner, recording, rowsOf };
};

const IN_DEBIAN = ["item debian", "library images"];

const UPLOAD_ENTRY = { sessionId: session.id, entryId: anEntryId() };

/** Of every kind of change what it is told as; null where it is nobody's. */
const TOLD: {
  readonly [Kind in Change["kind"]]: readonly [
    Extract<Change, { readonly kind: Kind }>,
    readonly string[] | null,
  ];
} = {
  "library.put": [
    { kind: "library.put", library: { ...library, name: "renamed" }, rev: 1 },
    ["library renamed"],
  ],
  "library.delete": [{ kind: "library.delete", id: library.id, rev: 1 }, ["library images"]],
  "library.expect": [{ kind: "library.expect", id: library.id, rev: 1 }, null],
  "item.put": [
    { kind: "item.put", item: { ...item, name: "renamed" }, rev: 1 },
    ["item renamed", "library images"],
  ],
  "item.delete": [{ kind: "item.delete", id: item.id, rev: 1 }, IN_DEBIAN],
  "item.expect": [{ kind: "item.expect", id: item.id, rev: 1 }, null],
  "item.expect-idle": [{ kind: "item.expect-idle", id: item.id }, null],
  "revision.put": [{ kind: "revision.put", revision: aRevision(item), kept: 5 }, null],
  "revision.expect": [
    { kind: "revision.expect", itemId: item.id, contentVersion: item.contentVersion },
    null,
  ],
  "session.create": [
    { kind: "session.create", session, files: [] },
    [`update-session ${session.id}`, ...IN_DEBIAN],
  ],
  "session.put": [
    { kind: "session.put", session: endedSession(session, "CANCELED"), rev: 1 },
    [`update-session ${session.id}`, ...IN_DEBIAN],
  ],
  "session.expect": [{ kind: "session.expect", id: session.id, rev: 1 }, null],
  "session.package": [
    {
      kind: "session.package",
      id: session.id,
      filesRev: 1,
      package: { type: "ovf", preview: { state: "UNAVAILABLE" }, algorithms: [] },
    },
    null,
  ],
  "session.extend": [{ kind: "session.extend", id: session.id, expiresAt: 1 }, null],
  "session.delete": [
    { kind: "session.delete", id: session.id, rev: 1 },
    [`update-session ${session.id}`, ...IN_DEBIAN],
  ],
  "partials.keep": [{ kind: "partials.keep", sessionId: session.id, at: 1 }, null],
  "kept-partial.take": [{ kind: "kept-partial.take", stagedId: aStagedId() }, null],
  "session-file.put": [
    { kind: "session-file.put", sessionId: session.id, file, rev: null },
    ["file boot.iso", `update-session ${session.id}`, ...IN_DEBIAN],
  ],
  "session-file.delete": [
    { kind: "session-file.delete", sessionId: session.id, name: "boot.iso", rev: 1 },
    ["file boot.iso", `update-session ${session.id}`, ...IN_DEBIAN],
  ],
  "download.put": [
    { kind: "download.put", session: endedDownload(download, "CANCELED"), rev: 1 },
    [`download-session ${download.id}`, ...IN_DEBIAN],
  ],
  "download.extend": [{ kind: "download.extend", id: download.id, expiresAt: 1 }, null],
  "download.delete": [
    { kind: "download.delete", id: download.id, rev: 1 },
    [`download-session ${download.id}`, ...IN_DEBIAN],
  ],
  "partial.put": [
    {
      kind: "partial.put",
      partial: { ...UPLOAD_ENTRY, fence: 1, stagedId: aStagedId(), durableBytes: 0 },
    },
    null,
  ],
  "partial.advance": [
    { kind: "partial.advance", entry: UPLOAD_ENTRY, fence: 1, durableBytes: 1 },
    null,
  ],
  "partial.expect": [{ kind: "partial.expect", entry: UPLOAD_ENTRY, fence: 1 }, null],
  "pins.spend": [{ kind: "pins.spend", holder: session.id, digests: [aDigest()] }, null],
  "client-token.put": [
    {
      kind: "client-token.put",
      key: { accountId: ben.id, operation: "item.create", token: "t" },
      resultId: item.id,
      at: 1,
    },
    null,
  ],
  "subscription.put": [
    { kind: "subscription.put", subscription, rev: 1 },
    [`subscription ${subscription.id}`, "library images"],
  ],
  "subscription.delete": [
    { kind: "subscription.delete", id: subscription.id, rev: 1 },
    [`subscription ${subscription.id}`, "library images"],
  ],
  "certificate.put": [
    { kind: "certificate.put", certificate },
    [`trusted-certificate ${certificate.id}`],
  ],
  "certificate.delete": [
    { kind: "certificate.delete", id: certificate.id },
    [`trusted-certificate ${certificate.id}`],
  ],
  "secret.put": [{ kind: "secret.put", secret: aSecret() }, ["secret artifacts"]],
  "secret.delete": [{ kind: "secret.delete", name: "artifacts" }, ["secret artifacts"]],
  "configuration.put": [
    { kind: "configuration.put", configuration: DEFAULT_CONFIGURATION, rev: 0 },
    ["configuration configuration"],
  ],
  "account.put": [
    { kind: "account.put", account: { ...ben, isDisabled: true }, rev: 1 },
    ["user ben"],
  ],
  "account.delete": [{ kind: "account.delete", id: ben.id, rev: 1 }, ["user ben"]],
  "login.put": [{ kind: "login.put", login: aLogin({ accountId: ben.id }) }, []],
  "login.touch": [{ kind: "login.touch", idHash: "h", lastAccessedAt: 1 }, null],
  "login.delete": [{ kind: "login.delete", idHash: "h" }, []],
  "logins.delete": [
    { kind: "logins.delete", of: { tokenId: nightly.id } },
    ["token nightly", "user ben"],
  ],
  "token.put": [{ kind: "token.put", token: nightly }, ["token nightly", "user ben"]],
  "token.delete": [{ kind: "token.delete", id: nightly.id }, ["token nightly", "user ben"]],
  "group.put": [{ kind: "group.put", group: { ...ops, name: "crew" }, rev: 1 }, ["group crew"]],
  "group.delete": [{ kind: "group.delete", id: ops.id, rev: 1 }, ["group ops", "user ben"]],
  "grant.put": [{ kind: "grant.put", grant }, ["grant EDITOR", "group ops", "library images"]],
  "grant.delete": [
    { kind: "grant.delete", id: grant.id },
    ["grant EDITOR", "group ops", "library images"],
  ],
  "audit.put": [
    {
      kind: "audit.put",
      entry: { event: "DENIED", operation: "x", actor: { kind: "server" }, objects: [], at: 1 },
      count: 1,
      lastAt: 1,
      fold: null,
    },
    null,
  ],
  "administrator.expect": [{ kind: "administrator.expect" }, null],
};

describe("what a change is told as", () => {
  for (const [kind, [change, expected]] of Object.entries(TOLD)) {
    const words = expected === null ? "no row" : `a row on ${expected.length} objects`;
    test(`${kind}: ${words}`, async () => {
      const { rowsOf } = await open();
      const rows = await rowsOf([change]);
      assert.deepEqual(
        rows.map(({ entry }) => entry.objects.map(told)),
        expected === null ? [] : [expected],
      );
    });
  }
});

describe("a row", () => {
  test("says who did it by which token, from where, when, and by which request", async () => {
    const { rowsOf, clock } = await open();
    const [row] = await rowsOf([TOLD["item.put"][0]]);
    const { objects: _objects, ...entry } = row?.entry ?? ({} as AuditEntry);
    assert.deepEqual(entry, {
      event: "CHANGE",
      operation: "item.update",
      actor: {
        kind: "user",
        accountId: ben.id,
        userName: "ben@vsphere.local",
        token: { id: nightly.id, label: "nightly" },
      },
      address: "192.0.2.7",
      requestId: "request-7",
      changed: ["name"],
      at: clock.now(),
    });
    assert.deepEqual([row?.count, row?.lastAt, row?.fold], [1, clock.now(), null]);
  });

  test("names a token that its own call revokes, and that is gone at the next", async () => {
    const { rowsOf, catalog } = await open();
    await rowsOf([TOLD["token.delete"][0]]);
    await catalog.commit([{ kind: "token.delete", id: nightly.id }]);
    const [row] = await rowsOf([TOLD["session.put"][0]]);
    assert.deepEqual(row?.entry.actor.kind === "user" && row.entry.actor.token, {
      id: nightly.id,
      label: "nightly",
    });
  });

  test("is the server's where nobody was said to do it, rather than lost", async () => {
    const { rowsOf } = await open();
    const [row] = await rowsOf([TOLD["item.put"][0]], null);
    assert.deepEqual(row?.entry.actor, { kind: "server" });
    assert.equal(row?.entry.operation, "server");
  });

  test("begins with what the operation is about, and tells the rest of its set after it", async () => {
    const { rowsOf } = await open();
    const set = [TOLD["session.put"][0], TOLD["download.put"][0], TOLD["library.delete"][0]];
    const [row, ...others] = await rowsOf(set, { ...BY_BEN, operation: "localLibrary.delete" });
    assert.deepEqual(others, []);
    assert.deepEqual(row?.entry.objects.map(told), [
      "library images",
      `update-session ${session.id}`,
      `download-session ${download.id}`,
      "item debian",
    ]);
  });

  test("takes the names that its own set gives, which nobody could read before", async () => {
    const { rowsOf } = await open();
    const made = anAccount({ name: "new" });
    const token = anAccessToken({ accountId: made.id, label: "first" });
    const cut = aGrant({ subject: { kind: "token", id: token.id }, role: "viewer" });
    const set: ChangeSet = [
      { kind: "account.put", account: made, rev: null },
      { kind: "token.put", token },
      { kind: "grant.put", grant: cut },
    ];
    const [row] = await rowsOf(set, { ...BY_BEN, operation: "token.create" });
    assert.deepEqual(row?.entry.objects.map(told), ["token first", "user new", "grant VIEWER"]);
  });

  test("knows new names once they are committed, and old ones without reading them again", async () => {
    const { rowsOf, recording, inner } = await open();
    let reads = 0;
    const counting: Catalog = new Proxy(inner, {
      get: (target, name) => {
        if (String(name).startsWith("find")) reads += 1;
        return Reflect.get(target, name, target);
      },
    });
    const by = recording(counting);
    await rowsOf(
      [{ kind: "library.put", library: { ...library, name: "renamed" }, rev: 1 }],
      null,
      by,
    );
    await rowsOf([TOLD["session.put"][0]], null, by);
    reads = 0;
    const [row] = await rowsOf([TOLD["session.put"][0]], null, by);
    assert.equal(reads, 0);
    assert.deepEqual(row?.entry.objects.map(told).slice(1), ["item debian", "library renamed"]);
  });

  test("is written without a name that can not be read", async () => {
    const { rowsOf, recording, inner } = await open();
    const failing: Catalog = new Proxy(inner, {
      get: (target, name) =>
        name === "findLibrary"
          ? async () => {
              throw new PortError("unavailable", "The disk is gone.");
            }
          : Reflect.get(target, name, target),
    });
    const [row] = await rowsOf([TOLD["library.delete"][0]], null, recording(failing));
    assert.deepEqual(row?.entry.objects, [{ kind: "library", id: library.id }]);
  });

  test("says what was changed of the row that is replaced, and nothing where that is another or unread", async () => {
    const { rowsOf, recording, inner } = await open();
    const account = { ...ben, isDisabled: true };
    const [row] = await rowsOf([{ kind: "account.put", account, rev: 1 }]);
    assert.deepEqual(row?.entry.changed, ["disabled"]);
    const [clashing] = await rowsOf([{ kind: "account.put", account, rev: 2 }]);
    assert.equal(clashing?.entry.changed, undefined);
    const failing: Catalog = new Proxy(inner, {
      get: (target, name) =>
        name === "findAccount"
          ? async () => {
              throw new PortError("unavailable", "The disk is gone.");
            }
          : Reflect.get(target, name, target),
    });
    const put: ChangeSet = [{ kind: "account.put", account, rev: 1 }];
    const [unread] = await rowsOf(put, BY_BEN, recording(failing));
    assert.deepEqual(unread?.entry.objects.map(told), ["user ben"]);
    assert.equal(unread.entry.changed, undefined);
  });

  test("has room for so many objects; what is more goes into further rows of the same commit", async () => {
    const { rowsOf } = await open();
    const count = OBJECTS_PER_ROW_MAX * 2 + 1;
    const set: ChangeSet = Array.from({ length: count }, () => {
      const one = anUpdateSession({ itemId: item.id, ...owner });
      return { kind: "session.put", session: endedSession(one, "CANCELED"), rev: 1 };
    });
    const rows = await rowsOf(set);
    const sessions = rows.map(
      ({ entry }) => entry.objects.filter(({ kind }) => kind === "update-session").length,
    );
    assert.deepEqual(sessions, [OBJECTS_PER_ROW_MAX, OBJECTS_PER_ROW_MAX, 1]);
    for (const { entry } of rows) assert.deepEqual(entry.objects.map(told).slice(-2), IN_DEBIAN);
  });

  test("tells files of the same name in two sessions apart", async () => {
    const { rowsOf } = await open();
    const other = anUpdateSession({ itemId: item.id, ...owner });
    const set: ChangeSet = [
      { kind: "session.create", session: other, files: [] },
      TOLD["session-file.put"][0],
      { ...TOLD["session-file.put"][0], sessionId: other.id },
    ];
    const [row] = await rowsOf(set);
    assert.equal(row?.entry.objects.filter(({ kind }) => kind === "file").length, 2);
  });
});

describe("what keeps a session from ending", () => {
  const active: ChangeSet = [
    { kind: "session.put", session, rev: 1 },
    { kind: "download.put", session: download, rev: 1 },
  ];

  test("is no row for keep-alive and for the server, and one for a change of it", async () => {
    const { rowsOf } = await open();
    for (const operation of ["updateSession.keepAlive", "downloadSession.keepAlive"])
      assert.deepEqual(await rowsOf(active, { ...BY_BEN, operation }), []);
    const start: Deed = { doer: { kind: "server" }, operation: "server.start" };
    assert.deepEqual(await rowsOf(active, start), []);
    const [row] = await rowsOf(active, { ...BY_BEN, operation: "updateSession.update" });
    assert.equal(row?.entry.objects[0]?.id, session.id);
  });

  test("a download session that begins is a row", async () => {
    const { rowsOf } = await open();
    const [row] = await rowsOf([{ kind: "download.put", session: download, rev: null }]);
    assert.equal(row?.entry.objects[0]?.id, download.id);
  });
});

describe("a login", () => {
  const put: ChangeSet = [TOLD["login.put"][0]];

  test("is an entry of its own kind, and those of one user, token and address are counted together", async () => {
    const { rowsOf, clock } = await open();
    const deed: Deed = { ...BY_BEN, operation: "login.create" };
    const [row] = await rowsOf(put, deed);
    assert.equal(row?.entry.event, "LOGIN");
    assert.equal(row.fold?.since, clock.now() - FOLD_WINDOW_MS);
    const keys: (string | undefined)[] = [row.fold?.key];
    const byPassword = { kind: "user", accountId: ben.id, userName: "ben@vsphere.local" } as const;
    for (const other of [
      { ...deed, address: "192.0.2.8" },
      { ...deed, operation: "login.delete" },
      { ...deed, doer: byPassword },
      { ...deed, doer: { ...byPassword, tokenId: "x" as string as TokenId } },
    ])
      keys.push((await rowsOf(put, other))[0]?.fold?.key);
    assert.equal(new Set(keys).size, 5);
    const [again] = await rowsOf(put, { ...deed, requestId: "request-8" });
    assert.equal(again?.fold?.key, keys[0]);
  });

  test("a deleted one among changes of an account is no login", async () => {
    const { rowsOf } = await open();
    const set = [TOLD["account.put"][0], TOLD["logins.delete"][0]];
    const [row] = await rowsOf(set, { ...BY_BEN, operation: "user.update" });
    assert.equal(row?.entry.event, "CHANGE");
  });
});

test("a certificate that nobody knows any more is told by its id", async () => {
  const { rowsOf } = await open();
  const id = aCertificateId();
  const [row] = await rowsOf([{ kind: "certificate.delete", id }]);
  assert.deepEqual(row?.entry.objects, [{ kind: "trusted-certificate", id }]);
});
