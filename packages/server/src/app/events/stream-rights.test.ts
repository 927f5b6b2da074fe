import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { RigUser } from "@contentlib/testkit/rigs/access-rig";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall, RIG_ORIGIN } from "@contentlib/testkit/rigs/app-rig";
import { Follow, turn } from "@contentlib/testkit/rigs/event-rig";
import { refusedWith } from "@contentlib/testkit/rigs/session-rig";
import type { EventStream } from "../app.ts";
import type { Caller } from "../call.ts";

let rig: AccessRig;
let library: string;
let session: string;
let viewer: RigUser;

beforeEach(async () => {
  rig = await AccessRig.open();
  library = await rig.library();
  session = await rig.updateSession(await rig.item(library), aCall());
  viewer = await rig.user("viewer", library);
});

/** The caller behind a login of the user's own, by a token. */
const loggedIn = async (user: RigUser): Promise<Caller> => {
  const { text } = await rig.token(user);
  const { logins } = rig.rig.app;
  const caller = await logins.authenticate(
    await logins.create({ kind: "token", token: text }, RIG_ORIGIN),
  );
  assert.ok(caller !== null);
  return caller;
};

type Followed = { readonly update_session_id: string } | { readonly library_id: string };

const open = (input: Followed, caller: Caller): Promise<EventStream | null> =>
  rig.rig.app.events.open(input, { caller, lastEventId: null });

const follow = async (input: Followed, caller: Caller): Promise<Follow> => {
  const stream = await open(input, caller);
  assert.ok(stream !== null);
  return new Follow(stream);
};

test("who may see the item may follow its session, and who may not finds none", async () => {
  const update_session_id = session;
  const stream = await follow({ update_session_id }, await loggedIn(viewer));
  assert.deepEqual(await stream.kinds(), ["SESSION_STATE"]);
  const stranger = (await rig.user()).call().caller;
  await refusedWith("update_session.not_found", open({ update_session_id }, stranger));
  await refusedWith("library.not_found", open({ library_id: library }, stranger));
});

test("streams end with the right to what they tell, before that is answered; others go on", async () => {
  const caller = await loggedIn(viewer);
  const elsewhere = await rig.library("elsewhere");
  await rig.handlers["grant.create"](
    { create_spec: { user: viewer.id, role: "VIEWER", library_id: elsewhere } },
    aCall(),
  );
  const [ofSession, ofLibrary, ofOther] = [
    await follow({ update_session_id: session }, caller),
    await follow({ library_id: library }, caller),
    await follow({ library_id: elsewhere }, caller),
  ];
  const [first] = await rig.storage.catalog.listGrants({
    subject: { kind: "account", id: viewer.id },
  });
  await rig.handlers["grant.delete"]({ grant_id: first?.id ?? "" }, aCall());
  await turn();
  assert.deepEqual([ofSession.isOver, ofLibrary.isOver, ofOther.isOver], [true, true, false]);
  await rig.handlers["user.update"]({ user: viewer.id, update_spec: { disabled: true } }, aCall());
  await turn();
  assert.equal(ofOther.isOver, true);
});

test("a stream that is opened while the right to it goes tells nothing", async () => {
  const caller = await loggedIn(viewer);
  const { catalog } = rig.storage;
  const { findSession } = catalog;
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  catalog.findSession = async (id) => {
    reached.resolve();
    await opened.promise;
    return await findSession.call(catalog, id);
  };
  const opening = refusedWith(
    "update_session.not_found",
    open({ update_session_id: session }, caller),
  );
  await reached.promise;
  const taking = rig.takeAll(viewer);
  for (let turns = 0; turns < 20; turns += 1) await turn();
  opened.resolve();
  await opening;
  await taking;
});
