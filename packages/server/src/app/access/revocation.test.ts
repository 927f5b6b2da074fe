import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import { HandSource } from "@contentlib/testkit/bytes/byte-sources";
import type { RigUser } from "@contentlib/testkit/rigs/access-rig";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall, RIG_ORIGIN } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, STAYS } from "@contentlib/testkit/rigs/session-rig";
import type { ByteSink } from "../../ports/index.ts";
import type { Call } from "../call.ts";

let rig: AccessRig;
let library: string;
let item: string;
let editor: RigUser;
beforeEach(async () => {
  rig = await AccessRig.open();
  library = await rig.library();
  item = await rig.filledItem(library);
  editor = await rig.user("editor", library);
});

/** An upload by the call that has begun and not ended. */
const uploading = async (
  call: Call,
  itemId = item,
): Promise<{
  readonly id: string;
  readonly segment: string;
  readonly source: HandSource;
  readonly sent: Promise<unknown>;
}> => {
  const id = await rig.updateSession(itemId, call);
  const segment = await rig.addFile(id, "big.iso", call);
  const slot = await rig.rig.app.transfers.openUpload(segment, null, RIG_ORIGIN);
  const source = new HandSource();
  const sent = slot.receive(source, STAYS);
  // Whoever looks later finds how it ended.
  sent.catch(() => undefined);
  await source.poured;
  source.push(Buffer.from("first bytes"));
  return { id, segment, source, sent };
};

const stateOf = async (update_session_id: string): Promise<string> =>
  (await rig.handlers["updateSession.get"]({ update_session_id }, aCall())).state;

const downloadStateOf = async (download_session_id: string): Promise<string> =>
  (await rig.handlers["downloadSession.get"]({ download_session_id }, aCall())).state;

/** All that a revocation must have done to an upload by the time it answers. */
const assertCut = async (
  upload: Awaited<ReturnType<typeof uploading>>,
  why: RegExp,
): Promise<void> => {
  assert.ok(upload.source.stopped, "no byte more is taken");
  assert.match(await refusedWith("transfer.cut", upload.sent), why);
  assert.equal(await stateOf(upload.id), "CANCELED");
  await assert.rejects(rig.rig.app.transfers.openUpload(upload.segment, null, RIG_ORIGIN));
  await assert.rejects(rig.rig.app.transfers.checkUpload(upload.segment));
  assert.deepEqual(await Array.fromAsync(rig.storage.blobs.listStaged()), []);
  assert.deepEqual(rig.rig.journal.troubles, []);
};

const takenAway = (events: AccessRig["rig"]["journal"]["events"]): readonly string[] =>
  events.flatMap(({ kind, event }) =>
    kind === "sessionEnded" && "why" in event && event.why !== "completed"
      ? [String(event.why)]
      : [],
  );

suite("before the call answers, uploads are over", () => {
  test("of a user whose grant is taken away", async () => {
    const upload = await uploading(editor.call());
    await rig.takeAll(editor);
    await assertCut(upload, /The transfer of big\.iso was cut: a grant was taken away\./);
    assert.deepEqual(takenAway(rig.rig.journal.events), ["a grant was taken away"]);
  });

  test("of a user who is disabled", async () => {
    const upload = await uploading(editor.call());
    const update_spec = { disabled: true };
    await rig.handlers["user.update"]({ user: editor.id, update_spec }, aCall());
    await assertCut(upload, /was disabled/);
    await refusedWith("login.required", rig.handlers["type.list"]({}, editor.call()));
  });

  test("of a user who is deleted", async () => {
    const upload = await uploading(editor.call());
    await rig.handlers["user.delete"]({ user: editor.id }, aCall());
    await assertCut(upload, /was cut/);
  });

  test("of a token that is revoked, and of no other login of its user", async () => {
    const token = await rig.token(editor);
    const other = await uploading(editor.call(), await rig.item(library, "other"));
    const upload = await uploading(token.call());
    await rig.handlers["token.delete"]({ token_id: token.id }, editor.call());
    await assertCutButOne(upload, other);
    await refusedWith("login.required", rig.handlers["type.list"]({}, token.call()));
  });

  test("of a token that is cut down to less than it needs", async () => {
    const token = await rig.token(editor);
    const upload = await uploading(token.call());
    const create_spec = { token_id: token.id, role: "VIEWER", library_id: library } as const;
    await rig.handlers["grant.create"]({ create_spec }, aCall());
    await assertCut(upload, /was cut/);
  });

  test("of a former member of a group", async () => {
    const member = await rig.user();
    const create_spec = { name: "makers", members: [member.id] };
    const group = await rig.handlers["group.create"]({ create_spec }, aCall());
    await rig.handlers["grant.create"](
      { create_spec: { group, role: "EDITOR", library_id: library } },
      aCall(),
    );
    const upload = await uploading(member.call());
    await rig.handlers["group.update"]({ group, update_spec: { members: [] } }, aCall());
    await assertCut(upload, /the group makers was changed/);
  });

  test("of the members of a group that is deleted", async () => {
    const member = await rig.user();
    const create_spec = { name: "makers", members: [member.id] };
    const group = await rig.handlers["group.create"]({ create_spec }, aCall());
    await rig.handlers["grant.create"](
      { create_spec: { group, role: "EDITOR", library_id: library } },
      aCall(),
    );
    const upload = await uploading(member.call());
    await rig.handlers["group.delete"]({ group }, aCall());
    await assertCut(upload, /was cut/);
  });
});

const assertCutButOne = async (
  upload: Awaited<ReturnType<typeof uploading>>,
  other: Awaited<ReturnType<typeof uploading>>,
): Promise<void> => {
  assert.ok(upload.source.stopped);
  assert.match(await refusedWith("transfer.cut", upload.sent), /was revoked/);
  assert.equal(await stateOf(upload.id), "CANCELED");
  await assert.rejects(rig.rig.app.transfers.openUpload(upload.segment, null, RIG_ORIGIN));
  assert.equal(await stateOf(other.id), "ACTIVE");
  other.source.push(Buffer.from(" and more"));
  other.source.end();
  await other.sent;
};

test("a user who keeps a role that is enough loses nothing", async () => {
  await rig.handlers["grant.create"](
    { create_spec: { user: editor.id, role: "ADMINISTRATOR", library_id: library } },
    aCall(),
  );
  const upload = await uploading(editor.call());
  const [first] = await rig.storage.catalog.listGrants({
    subject: { kind: "account", id: editor.id },
  });
  await rig.handlers["grant.delete"]({ grant_id: first?.id ?? "" }, aCall());
  assert.equal(await stateOf(upload.id), "ACTIVE");
  upload.source.end();
  await upload.sent;
  await rig.handlers["updateSession.complete"]({ update_session_id: upload.id }, editor.call());
});

test("a creator who may still look sees how his session ended, and does no more with it", async () => {
  const upload = await uploading(editor.call());
  await rig.handlers["grant.create"](
    { create_spec: { user: editor.id, role: "VIEWER", library_id: library } },
    aCall(),
  );
  const [first] = await rig.storage.catalog.listGrants({
    subject: { kind: "account", id: editor.id },
  });
  await rig.handlers["grant.delete"]({ grant_id: first?.id ?? "" }, aCall());
  const session = { update_session_id: upload.id };
  const { state } = await rig.handlers["updateSession.get"](session, editor.call());
  assert.equal(state, "CANCELED");
  await refusedWith(
    "access.missing_right",
    rig.handlers["updateSession.complete"](session, editor.call()),
  );
});

/** A sink that takes nothing yet: a reader who is slow. */
const slowSink: ByteSink = { chunk: () => false, end: () => undefined, fail: () => undefined };

suite("downloads", () => {
  test("end with the right to see, and the call answers when their readers have let go", async () => {
    const { id, segment } = await rig.download(item, editor.call());
    const slot = await rig.rig.app.transfers.openDownload(segment);
    slot.read({ start: 0, endExclusive: slot.sizeBytes }, slowSink);
    let isAnswered = false;
    const answered = rig.takeAll(editor).then(() => (isAnswered = true));
    const ended = Promise.withResolvers<void>();
    slot.ended.addEventListener("abort", () => ended.resolve());
    await ended.promise;
    await refusedWith("transfer.unknown_endpoint", rig.rig.app.transfers.openDownload(segment));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isAnswered, false);
    slot.close();
    await answered;
    assert.equal(await downloadStateOf(id), "CANCELED");
  });

  test("of one who becomes a viewer from an editor go on", async () => {
    await rig.handlers["grant.create"](
      { create_spec: { user: editor.id, role: "VIEWER", library_id: library } },
      aCall(),
    );
    const { id, segment } = await rig.download(item, editor.call());
    const [first] = await rig.storage.catalog.listGrants({
      subject: { kind: "account", id: editor.id },
    });
    await rig.handlers["grant.delete"]({ grant_id: first?.id ?? "" }, aCall());
    assert.equal(await downloadStateOf(id), "ACTIVE");
    (await rig.rig.app.transfers.openDownload(segment)).close();
  });

  test("a reader who hangs keeps nobody waiting for ever, and the operator hears of it", async () => {
    const { segment } = await rig.download(item, editor.call());
    const slot = await rig.rig.app.transfers.openDownload(segment);
    const ended = Promise.withResolvers<void>();
    slot.ended.addEventListener("abort", () => ended.resolve());
    const answered = rig.takeAll(editor);
    await ended.promise;
    let isAnswered = false;
    const over = (): void => void (isAnswered = true);
    answered.then(over, over);
    // When it begins to wait for transfers is its own affair.
    while (!isAnswered) {
      await new Promise((resolve) => setImmediate(resolve));
      await rig.clock.advance(1_000);
    }
    await answered;
    assert.deepEqual(
      rig.rig.journal.troubles.map(({ where }) => where),
      ["taking rights away"],
    );
    slot.close();
  });
});

test("after a restart nothing lives on that was lost just before the server died", async () => {
  const upload = await uploading(editor.call());
  const { id, segment } = await rig.download(item, editor.call());
  const [grant] = await rig.storage.catalog.listGrants({
    subject: { kind: "account", id: editor.id },
  });
  await rig.storage.catalog.commit([{ kind: "grant.delete", id: grant?.id as never }]);
  await rig.restart();
  assert.equal(await stateOf(upload.id), "CANCELED");
  assert.equal(await downloadStateOf(id), "CANCELED");
  await assert.rejects(rig.rig.app.transfers.openUpload(upload.segment, null, RIG_ORIGIN));
  await assert.rejects(rig.rig.app.transfers.openDownload(segment));
});

test("addresses are dead when the token expires that made them", async () => {
  const expiresAt = rig.clock.now() + 60_000;
  const token = await rig.token(editor, { expires_time: new Date(expiresAt).toISOString() });
  const session = await rig.updateSession(item, token.call());
  const upload = await rig.addFile(session, "a.iso", token.call());
  const { segment } = await rig.download(item, token.call());
  await rig.rig.app.transfers.checkUpload(upload);
  await rig.clock.advance(60_000);
  await refusedWith("transfer.unknown_endpoint", rig.rig.app.transfers.checkUpload(upload));
  await refusedWith("transfer.unknown_endpoint", rig.rig.app.transfers.openDownload(segment));
  await refusedWith("login.required", rig.handlers["library.list"]({}, token.call()));
});

test("what moves when its token expires is ended, and what moves under another login is not", async () => {
  const expires_time = new Date(rig.clock.now() + 60_000).toISOString();
  const token = await rig.token(editor, { expires_time });
  const upload = await uploading(token.call());
  const other = await uploading(editor.call(), await rig.item(library, "other"));
  const { id, segment } = await rig.download(item, token.call());
  const slot = await rig.rig.app.transfers.openDownload(segment);
  await rig.clock.advance(59_999);
  await rig.rig.app.duties.expireSessions();
  assert.equal(slot.ended.aborted, false);
  await rig.clock.advance(1);
  await rig.rig.app.duties.expireSessions();
  assert.equal(slot.ended.aborted, true);
  assert.equal(await downloadStateOf(id), "CANCELED");
  assert.match(await refusedWith("transfer.cut", upload.sent), /its token has expired/);
  assert.equal(await stateOf(upload.id), "CANCELED");
  assert.equal(await stateOf(other.id), "ACTIVE");
  slot.close();
});

test("two administrators who take each other's rights away do not wait for each other", async () => {
  const one = await rig.user("administrator");
  const other = await rig.user("administrator");
  const disabled = { update_spec: { disabled: true } };
  const outcomes = await Promise.allSettled([
    rig.handlers["user.update"]({ user: other.id, ...disabled }, one.call()),
    rig.handlers["user.update"]({ user: one.id, ...disabled }, other.call()),
  ]);
  assert.ok(outcomes.some(({ status }) => status === "fulfilled"));
  // Whoever disables himself is not waited for by himself.
  const last = await rig.user("administrator");
  await rig.handlers["user.update"]({ user: last.id, ...disabled }, last.call());
  await refusedWith("login.required", rig.handlers["type.list"]({}, last.call()));
});
