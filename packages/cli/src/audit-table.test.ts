import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuditEntry, AuditObject } from "@contentlib/client";
import { auditLine, auditTable, tableWidth } from "./audit-table.ts";

const entry = (told: Partial<AuditEntry> = {}): AuditEntry => ({
  id: "1",
  event: "CHANGE",
  operation: "item.create",
  actor: "USER",
  user: "administrator@vsphere.local",
  address: "127.0.0.1",
  objects: [],
  first_time: "2026-11-25T22:55:25.123Z",
  last_time: "2026-11-25T22:55:25.123Z",
  count: 1,
  ...told,
});

const object = (
  kind: AuditObject["kind"],
  name?: string,
  more: Partial<AuditObject> = {},
): AuditObject => ({
  kind,
  id: `id of ${name ?? kind}`,
  ...(name === undefined ? {} : { name }),
  ...more,
});

const place = [object("ITEM", "up"), object("LIBRARY", "images")];

/** The cells of one entry where nothing is cut. */
const cells = (told: Parameters<typeof entry>[0]): readonly string[] =>
  (auditTable([entry(told)], Infinity)[1] ?? "").split(/ {2,}/);

const onOf = (...objects: readonly AuditObject[]): string | undefined => cells({ objects })[4];
const noteOf = (told: Parameters<typeof entry>[0]): string | undefined => cells(told)[5];

test("objects are told in the words one would use", () => {
  assert.equal(onOf(), "-");
  assert.equal(onOf(...place), "images/up");
  assert.equal(onOf(object("LIBRARY", "images")), "images");
  assert.equal(onOf(object("UPDATE_SESSION"), ...place), "session of images/up");
  const objects = [object("UPDATE_SESSION"), ...place];
  assert.equal(cells({ operation: "updateSession.complete", objects })[4], "images/up");
  assert.equal(
    onOf(object("FILE", "a.iso"), object("UPDATE_SESSION"), ...place),
    "a.iso of images/up",
  );
  assert.equal(onOf(object("TOKEN", "n2"), object("USER", "ci")), "token n2 of ci");
  assert.equal(
    onOf(object("TOKEN", "n2"), object("USER", "ci"), object("UPDATE_SESSION"), ...place),
    "token n2 of ci, session of images/up",
  );
  assert.equal(
    onOf(object("GRANT", "EDITOR"), object("USER", "ci"), object("LIBRARY", "images")),
    "grant editor, user ci, images",
  );
  assert.equal(onOf(object("CONFIGURATION")), "configuration");
  assert.equal(onOf(object("ITEM", "up"), object("ITEM", "down")), "item up, item down");
});

test("what a newer server tells of a change is told, and nothing where it does not", () => {
  assert.equal(
    onOf(object("GROUP", "ops"), object("USER", "ben", { relation: "joined" })),
    "group ops, user ben joined",
  );
  assert.equal(noteOf({ changed: ["name", "description"] }), "changed name, description");
  const objects = [object("GROUP", "ops"), object("USER", "ben", { relation: "left" })];
  assert.equal(noteOf({ changed: ["members"], objects }), undefined);
  assert.equal(noteOf({ changed: ["members"] }), "changed members");
  assert.equal(noteOf({ changed: ["canceled"] }), "canceled");
  assert.equal(
    noteOf({ changed: ["password", "sync_hours", "disabled"] }),
    "changed password, sync hours, disabled",
  );
  assert.equal(noteOf({ changed: [] }), undefined);
});

test("notes are short: the right that lacks, why a login was refused, until when it went on", () => {
  const reason =
    "ContentLibrary.DeleteLocalLibrary on library images is needed, which comes with the role administrator. It can be granted by root.";
  assert.equal(
    noteOf({ event: "DENIED", reason }),
    "needs ContentLibrary.DeleteLocalLibrary on images",
  );
  const everywhere = "ContentLibrary.CreateLocalLibrary on everything is needed, which comes";
  assert.equal(
    noteOf({ event: "DENIED", reason: everywhere }),
    "needs ContentLibrary.CreateLocalLibrary on everything",
  );
  assert.equal(
    noteOf({ event: "DENIED", reason: "The session belongs to ben." }),
    "denied: The session belongs to ben.",
  );
  assert.equal(
    noteOf({
      event: "LOGIN_REFUSED",
      reason: "wrong password",
      count: 12,
      last_time: "2026-11-25T22:58:01.000Z",
    }),
    "refused: wrong password; 12 times until 22:58:01",
  );
  assert.equal(
    noteOf({ count: 2, last_time: "2026-11-26T00:01:00.000Z" }),
    "2 times until 2026-11-26 00:01:00Z",
  );
});

test("a row has the time of the first, and who did it with which token", () => {
  const told = { token_id: "t", token_name: "ci-token", last_time: "2026-11-25T22:58:01.000Z" };
  assert.deepEqual(cells(told).slice(0, 4), [
    "2026-11-25 22:55:25Z",
    "administrator (ci-token)",
    "127.0.0.1",
    "item.create",
  ]);
  assert.equal(cells({ actor: "SERVER", operation: "server.start" })[1], "server");
  assert.equal(cells({ actor: "SERVER", operation: "serverless.start" })[1], "data directory");
});

test("no line is wider than the terminal, and what does not fit beside goes beneath", () => {
  const entries = [
    entry({ objects: [object("UPDATE_SESSION"), ...place] }),
    entry({
      token_id: "t",
      token_name: "a-very-long-name-of-a-token-for-nightly",
      operation: "updateSession.keepAlive",
      objects: [
        object("LIBRARY", "a library of a rather long name, longer than the whole line is"),
      ],
      event: "DENIED",
      address: "2001:db8:1234:5678:9abc:def0:1234:5678",
      reason: "ContentLibrary.DeleteLocalLibrary on library images is needed, which comes",
    }),
    entry({ objects: [object("LIBRARY", "two\nlines")], reason: "x".repeat(500) }),
  ];
  for (const width of [80, 100, 132, 200])
    for (const lines of [
      auditTable(entries, width),
      [null, ...entries].flatMap((one) => auditLine(one, width)),
    ]) {
      for (const line of lines) assert.ok([...line].length <= width, `${width}: ${line}`);
      const text = lines.join("\n");
      assert.equal(/FROM/.test(text), width >= 100);
      assert.match(text, /session of images\/up$/m);
      assert.match(
        text,
        /^2026-11-25 22:55:25Z {2}admini[^…]*….*nightly\) .*updateSession\.keepAlive/m,
      );
      assert.match(text, /needs ContentLibrary\.DeleteLocalLibrary on images$/m);
      assert.match(text, /two ↵ lines/);
    }
});

test("a note with nothing before it stays on the line where it fits there", () => {
  const told = { token_id: "t", token_name: "a-very-long-name-of-a-token", reason: "unknown" };
  const login = entry({ operation: "login.create", event: "LOGIN_REFUSED", ...told });
  const session = entry({ operation: "updateSession.complete" });
  const [, line = "", ...others] = auditTable([login, session], 100);
  assert.match(line, /login\.create +refused: unknown$/);
  assert.equal(others.length, 1);
});

test("the width is the terminal's within reason, and without a terminal nothing is cut", () => {
  const stream = { write: () => true, isTTY: true };
  assert.equal(tableWidth({ ...stream, columns: 100 }), 100);
  assert.equal(tableWidth({ ...stream, columns: 40 }), 80);
  assert.equal(tableWidth({ ...stream, columns: 400 }), 200);
  assert.equal(tableWidth(stream), 80);
  assert.equal(tableWidth({ ...stream, isTTY: false, columns: 100 }), Infinity);
  const long = "x".repeat(300);
  assert.ok(auditLine(entry({ user: long }), Infinity)[0]?.includes(long));
});
