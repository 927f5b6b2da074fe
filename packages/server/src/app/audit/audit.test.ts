import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AuditEntry, AuditObject, OperationInput } from "@contentlib/contract";
import { HandSource } from "@contentlib/testkit/bytes/byte-sources";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall, RIG_ORIGIN, RIG_SETTINGS } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, STAYS } from "@contentlib/testkit/rigs/session-rig";
import type { RigStorage } from "@contentlib/testkit/rigs/app-rig";

const UPLOAD_ID = "22222222-0000-4000-8000-000000000001";

type Filters = OperationInput<"audit.list">;

const open = async (around: (storage: RigStorage) => RigStorage = (storage) => storage) => {
  const rig = await AccessRig.open(around);
  /** What the trail tells, oldest first. */
  const entries = async (filters: Filters = {}): Promise<readonly AuditEntry[]> =>
    (await rig.handlers["audit.list"](filters, aCall())).entries.toReversed();
  return { rig, entries };
};

const told = ({ kind, name, id }: AuditObject): string => `${kind} ${name ?? id}`;

const who = ({ actor, user, token_name }: AuditEntry): string =>
  [actor, user, token_name].filter((part) => part !== undefined).join(" ");

describe("what is done", () => {
  test("an item is filled: each step is told, the bytes as those of whoever made the session", async () => {
    const { rig, entries } = await open();
    const library = await rig.library();
    const ben = await rig.user("editor", library);
    const token = await rig.token(ben, { name: "nightly" });
    const item = await rig.item(library);
    const session = await rig.updateSession(item, token.call());
    const segment = await rig.addFile(session, "a.iso", token.call());
    const slot = await rig.rig.app.transfers.openUpload(segment, null, {
      address: "192.0.2.9",
      requestId: UPLOAD_ID,
    });
    const source = new HandSource();
    const sending = slot.receive(source, STAYS);
    await source.poured;
    source.push(Buffer.from("bytes"));
    source.end();
    await sending;
    await rig.handlers["updateSession.keepAlive"]({ update_session_id: session }, token.call());
    await rig.handlers["updateSession.complete"]({ update_session_id: session }, token.call());
    const all = await entries({ object_id: session });
    const place = ["ITEM debian", "LIBRARY images"];
    assert.deepEqual(
      all.map(({ operation, objects }) => [operation, ...objects.map(told)]),
      [
        ["updateSession.create", `UPDATE_SESSION ${session}`, ...place],
        ["updateSessionFile.add", "FILE a.iso", `UPDATE_SESSION ${session}`, ...place],
        ["transfer.upload", "FILE a.iso", `UPDATE_SESSION ${session}`, ...place],
        ["updateSession.complete", `UPDATE_SESSION ${session}`, ...place],
      ],
    );
    for (const entry of all) {
      assert.equal(who(entry), `USER ${ben.name}@vsphere.local nightly`);
      assert.deepEqual([entry.user_id, entry.token_id], [ben.id, token.id]);
    }
    const upload = all.find(({ operation }) => operation === "transfer.upload");
    assert.deepEqual([upload?.address, upload?.request_id], ["192.0.2.9", UPLOAD_ID]);
  });

  test("bytes that are given up for others, and a file that turns out wrong, are told as well", async () => {
    const { rig, entries } = await open();
    const session = await rig.updateSession(await rig.item(await rig.library()), aCall());
    const segment = await rig.addFile(session, "a.iso", aCall());
    await rig.send(segment, "first");
    const slot = await rig.rig.app.transfers.openUpload(segment, null, RIG_ORIGIN);
    slot.close();
    assert.equal((await entries({ operation: "transfer.upload" })).length, 2);
  });

  test("taking a right away tells what was cancelled for it, under the call that took it", async () => {
    const { rig, entries } = await open();
    const library = await rig.library();
    const item = await rig.filledItem(library);
    const ben = await rig.user("editor", library);
    const token = await rig.token(ben, { name: "nightly" });
    const session = await rig.updateSession(item, token.call());
    const { id: download } = await rig.download(item, token.call());
    await rig.handlers["token.delete"]({ token_id: token.id }, aCall());
    const all = await entries({ operation: "token.delete" });
    assert.deepEqual(
      all.map(({ objects }) => objects.map(told)[0]),
      ["TOKEN nightly", `UPDATE_SESSION ${session}`, `DOWNLOAD_SESSION ${download}`],
    );
    for (const entry of all) assert.equal(who(entry), "USER administrator@vsphere.local");
    // Nothing that ben did before has lost the name of the token it was done by.
    for (const entry of await entries({ token_id: token.id }))
      assert.equal(entry.token_name, "nightly");
  });

  test("what ends for want of activity is the server's doing, whoever comes across it", async () => {
    const { rig, entries } = await open();
    const item = await rig.filledItem(await rig.library());
    const first = await rig.updateSession(item, aCall());
    const { id: download } = await rig.download(item, aCall());
    await rig.clock.advance(RIG_SETTINGS.sessionTimeoutMs + 1);
    await refusedWith(
      "update_session.expired",
      rig.handlers["updateSession.cancel"]({ update_session_id: first }, aCall()),
    );
    await rig.rig.app.duties.expireSessions();
    const all = await entries({ operation: "server.expire" });
    assert.deepEqual(
      all.map((entry) => [who(entry), entry.address, entry.objects[0]?.id]),
      [
        ["SERVER", undefined, first],
        ["SERVER", undefined, download],
      ],
    );
    assert.deepEqual(await entries({ operation: "updateSession.cancel" }), []);
  });

  test("a restart tells nothing of sessions that go on", async () => {
    const { rig, entries } = await open();
    await rig.updateSession(await rig.item(await rig.library()), aCall());
    await rig.rig.app.duties.recordActivity();
    await rig.restart();
    assert.deepEqual(await entries({ operation: "server.start" }), []);
  });

  test("what is looked at is not told, nor who keeps alive", async () => {
    const { rig, entries } = await open();
    const item = await rig.filledItem(await rig.library());
    const session = await rig.updateSession(item, aCall());
    const before = await entries();
    await rig.handlers["item.get"]({ library_item_id: item }, aCall());
    await rig.handlers["updateSession.keepAlive"](
      { update_session_id: session, client_progress: 20 },
      aCall(),
    );
    await rig.rig.app.duties.recordActivity();
    await rig.rig.app.duties.purge();
    assert.deepEqual(await entries(), before);
  });
});

describe("what is not kept", () => {
  test("a clash leaves no row, and the decision that is taken again leaves one", async () => {
    let renames = 0;
    const { rig, entries } = await open((storage) => ({
      ...storage,
      catalog: catalogAround(storage.catalog, async (name, proceed) => {
        if (name === "commit of item.put" && (renames += 1) === 2) {
          const row = await storage.catalog.findItem(item as never);
          assert.ok(row);
          await storage.catalog.commit([{ kind: "item.put", item: row.value, rev: row.rev }]);
        }
        return await proceed();
      }),
    }));
    const item = await rig.item(await rig.library());
    const update_spec = { description: "changed" };
    await rig.handlers["item.update"]({ library_item_id: item, update_spec }, aCall());
    assert.equal(renames, 3);
    assert.equal((await entries({ operation: "item.update" })).length, 1);
  });

  test("a call that is refused for its input, or finds nothing to change, leaves none", async () => {
    const { rig, entries } = await open();
    const library = await rig.library();
    const before = await entries();
    const item = await rig.item(library);
    await refusedWith("item.name_taken", rig.item(library));
    await rig.handlers["item.update"]({ library_item_id: item, update_spec: {} }, aCall());
    const since = (await entries()).slice(before.length).map(({ operation }) => operation);
    assert.deepEqual(since, ["item.create"]);
  });
});

describe("what is denied", () => {
  test("whoever sees and may not is told with what is missing", async () => {
    const { rig, entries } = await open();
    const library = await rig.library();
    const ben = await rig.user("viewer", library);
    const update_spec = { name: "mine" };
    const call = { ...ben.call(), address: "192.0.2.9", requestId: "denied-1" };
    const text = await refusedWith(
      "access.missing_right",
      rig.handlers["localLibrary.update"]({ library_id: library, update_spec }, call),
    );
    const [entry, ...others] = await entries({ event: "DENIED" });
    assert.deepEqual(others, []);
    assert.ok(entry);
    assert.deepEqual(
      [who(entry), entry.operation, entry.objects.map(told), entry.reason],
      [`USER ${ben.name}@vsphere.local`, "localLibrary.update", ["LIBRARY images"], text],
    );
    assert.deepEqual([entry.address, entry.request_id, entry.count], ["192.0.2.9", "denied-1", 1]);
  });

  test("whoever may not even see is told, though he heard that there is no such thing", async () => {
    const { rig, entries } = await open();
    const item = await rig.item(await rig.library());
    const stranger = await rig.user();
    for (let times = 0; times < 3; times += 1)
      await refusedWith(
        "item.not_found",
        rig.handlers["item.get"]({ library_item_id: item }, stranger.call()),
      );
    const [entry] = await entries({ event: "DENIED", object_id: item });
    assert.equal(entry?.count, 3);
    assert.deepEqual(entry.objects.map(told), ["ITEM debian", "LIBRARY images"]);
    assert.match(entry.reason ?? "", /may not know/);
  });

  test("what never was is nobody's denial", async () => {
    const { rig, entries } = await open();
    const stranger = await rig.user();
    const made = "11111111-0000-4000-8000-000000000001";
    await refusedWith(
      "item.not_found",
      rig.handlers["item.get"]({ library_item_id: made }, stranger.call()),
    );
    assert.deepEqual(await entries({ event: "DENIED" }), []);
  });

  test("what an operation finds out itself is told too", async () => {
    const { rig, entries } = await open();
    const ben = await rig.user();
    await refusedWith(
      "access.missing_right",
      rig.handlers["user.update"]({ user: ben.id, update_spec: { disabled: true } }, ben.call()),
    );
    const [entry] = await entries({ event: "DENIED" });
    assert.equal(entry?.operation, "user.update");
  });

  test("so is a stream of events, and asking beforehand is not", async () => {
    const { rig, entries } = await open();
    const library_id = await rig.library();
    const stranger = await rig.user();
    await rig.handlers["whoami.get"]({ can: "item.create", on: library_id }, stranger.call()).catch(
      () => undefined,
    );
    assert.deepEqual(await entries({ event: "DENIED" }), []);
    const call = stranger.call();
    const follower = { caller: call.caller, origin: call, lastEventId: null };
    await refusedWith("library.not_found", rig.rig.app.events.open({ library_id }, follower));
    const [entry] = await entries({ event: "DENIED" });
    assert.deepEqual(
      [entry?.operation, entry?.address, entry?.objects.map(told)],
      ["event.stream", "127.0.0.1", ["LIBRARY images"]],
    );
  });
});

describe("logins", () => {
  const password = { kind: "password", userName: "administrator", password: "secret" } as const;

  test("are counted together, told with their token, and their ends as well", async () => {
    const { rig, entries } = await open();
    const { logins } = rig.rig.app;
    const ben = await rig.user("viewer");
    const token = await rig.token(ben, { name: "nightly" });
    for (let times = 0; times < 3; times += 1) {
      const loginId = await logins.create({ kind: "token", token: token.text }, RIG_ORIGIN);
      const caller = await logins.authenticate(loginId);
      assert.ok(caller);
      await logins.delete(caller, RIG_ORIGIN);
    }
    await logins.create(password, RIG_ORIGIN);
    assert.deepEqual(
      (await entries({ event: "LOGIN" })).map((entry) => [
        who(entry),
        entry.operation,
        entry.count,
      ]),
      [
        [`USER ${ben.name}@vsphere.local nightly`, "login.create", 3],
        [`USER ${ben.name}@vsphere.local nightly`, "login.delete", 3],
        ["USER administrator@vsphere.local", "login.create", 1],
      ],
    );
  });

  test("that are refused are told by the name that was tried, which finds them", async () => {
    const { rig, entries } = await open();
    const { logins } = rig.rig.app;
    const wrong = { ...password, password: "a wrong one" };
    await refusedWith("login.refused", logins.create(wrong, RIG_ORIGIN));
    await refusedWith("login.refused", logins.create({ kind: "token", token: "no" }, RIG_ORIGIN));
    const [entry] = await entries({ user: "Administrator", event: "LOGIN_REFUSED" });
    assert.deepEqual(
      [entry && who(entry), entry?.reason],
      ["UNKNOWN administrator@vsphere.local", "wrong password"],
    );
    const [alone] = await entries({ event: "LOGIN_REFUSED", operation: "login.create" }).then(
      (all) => all.toReversed(),
    );
    assert.deepEqual([alone?.user, alone?.reason], [undefined, "unknown or expired token"]);
  });
});

describe("asking", () => {
  test("comes in parts, newest first, until there is no next", async () => {
    const { rig } = await open();
    for (let count = 0; count < 5; count += 1) await rig.library(`library ${count}`);
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const part: Filters = { limit: 2, ...(before === undefined ? {} : { before }) };
      const page = await rig.handlers["audit.list"](part, aCall());
      assert.ok(page.entries.length <= 2);
      seen.push(...page.entries.map(({ objects }) => objects[0]?.name ?? ""));
      before = page.next;
    } while (before !== undefined);
    assert.deepEqual(
      seen,
      [4, 3, 2, 1, 0].map((count) => `library ${count}`),
    );
  });

  test("is answered by all criteria together", async () => {
    const { rig, entries } = await open();
    const library = await rig.library();
    const beganAt = new Date(rig.clock.now()).toISOString();
    await rig.clock.advance(60_000);
    const ben = await rig.user("administrator");
    const call = { ...ben.call(), address: "192.0.2.9", requestId: UPLOAD_ID };
    await rig.handlers["localLibrary.update"](
      { library_id: library, update_spec: { description: "d" } },
      call,
    );
    const nowAt = new Date(rig.clock.now()).toISOString();
    const fits: Filters = {
      event: "CHANGE",
      operation: "localLibrary.update",
      user: ben.name.toUpperCase(),
      address: "192.0.2.9",
      request_id: UPLOAD_ID.toUpperCase(),
      object_id: library.toUpperCase(),
      since: nowAt,
    };
    assert.equal((await entries(fits)).length, 1);
    const misses: readonly Filters[] = [
      { event: "LOGIN" },
      { operation: "item.update" },
      { user: "administrator" },
      { user: `${ben.name}@elsewhere` },
      { token_id: library },
      { address: "192.0.2.8" },
      { request_id: library },
      { object_id: ben.id },
      { since: "2100-01-01T00:00:00Z" },
      { until: nowAt },
      { until: beganAt },
    ];
    for (const miss of misses) assert.deepEqual(await entries({ ...fits, ...miss }), []);
  });

  test("by whatever a row can be of finds nothing where there is no such row", async () => {
    const { entries } = await open();
    for (const operation of ["transfer.upload", "several", "server.expire", "server.metrics"])
      assert.deepEqual(await entries({ operation }), [], operation);
    for (const object_id of ["a.iso", "0".repeat(64), "Installation Guide"])
      assert.deepEqual(await entries({ object_id }), [], object_id);
    assert.deepEqual(await entries({ address: "2001:DB8::7" }), []);
  });

  test("in a way that makes no sense is refused, and says for which parameter", async () => {
    const { rig } = await open();
    const wrong: readonly Filters[] = [
      { since: "yesterday" },
      { until: "2027-02-31T00:00:00Z" },
      { before: "" },
      { before: "-1" },
      { before: "1e3" },
      { before: "9".repeat(40) },
      { operation: "item.destroy" },
      { operation: "" },
      { token_id: "nightly" },
      { request_id: "request" },
      { object_id: "images/debian" },
      { object_id: "" },
      { address: "localhost" },
      { address: "192.0.2.0/24" },
      { limit: 0 },
      { limit: 1_001 },
    ];
    for (const filters of wrong) {
      const [parameter = ""] = Object.keys(filters);
      const asked = rig.handlers["audit.list"](filters, aCall());
      const text = await refusedWith("access.invalid_property", asked);
      assert.match(text, new RegExp(`^The ${parameter} is not valid:`));
    }
  });

  test("is for administrators of everything, and who asks without being one is told of", async () => {
    const { rig, entries } = await open();
    const library = await rig.library();
    const ben = await rig.user("administrator", library);
    await refusedWith("access.missing_right", rig.handlers["audit.list"]({}, ben.call()));
    const [entry] = await entries({ event: "DENIED" });
    assert.equal(entry?.operation, "audit.list");
  });
});

test("rows go once they have been kept for long enough", async () => {
  const { rig, entries } = await open();
  await rig.library("old");
  await rig.clock.advance(RIG_SETTINGS.auditKeptMs);
  await rig.library("new");
  await rig.rig.app.duties.purge();
  assert.equal((await entries()).length, 2);
  await rig.clock.advance(1);
  await rig.rig.app.duties.purge();
  assert.deepEqual(
    (await entries()).map(({ objects }) => objects[0]?.name),
    ["new"],
  );
});

test("what was refused just before a stop is kept", async () => {
  const { rig, entries } = await open();
  const wrong = { kind: "password", userName: "ben", password: "wrong" } as const;
  await refusedWith("login.refused", rig.rig.app.logins.create(wrong, RIG_ORIGIN));
  await rig.rig.app.drain();
  await rig.restart();
  assert.equal((await entries({ event: "LOGIN_REFUSED" })).length, 1);
});
