import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import type { OperationId, OperationInput } from "@contentlib/contract";
import type { OperationRight, Right } from "@contentlib/contract/vocabulary";
import { FAULTS, OPERATION_RIGHTS } from "@contentlib/contract/vocabulary";
import { A_CERTIFICATE, ANOTHER_CERTIFICATE } from "@contentlib/testkit/builders/certificates";
import { AccessRig } from "@contentlib/testkit/rigs/access-rig";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { OPEN_SOURCE } from "@contentlib/testkit/rigs/library-rig";
import type { Role } from "@contentlib/contract/vocabulary";
import { covers } from "../../domain/access/rights.ts";
import type { Call, Handlers } from "../call.ts";
import { Fault } from "../fault.ts";
import { textAt } from "./parameters.ts";

/** What a call comes to, as far as rights are concerned: an operation that was let in may still have reasons of its own. */
type Outcome = "allowed" | "unauthorized" | "not_found";

/** Who calls. The first three, and `keeper`, have their role on the one library alone. */
const ACTORS = {
  stranger: { here: null, everywhere: null },
  viewer: { here: "viewer", everywhere: null },
  editor: { here: "editor", everywhere: null },
  keeper: { here: "administrator", everywhere: null },
  administrator: { here: "administrator", everywhere: "administrator" },
} as const satisfies Readonly<
  Record<string, { readonly here: Role | null; readonly everywhere: Role | null }>
>;
type Actor = keyof typeof ACTORS;

/** Real objects that calls are about. What begins with `other` lies in a library on which only administrators of everything have a role. */
interface World {
  readonly library: string;
  readonly item: string;
  readonly emptyItem: string;
  readonly subscribed: string;
  readonly otherItem: string;
  readonly session: string;
  readonly download: string;
  readonly subscription: string;
  readonly certificate: string;
  readonly user: string;
  readonly self: string;
  readonly ownToken: string;
  readonly group: string;
  readonly grant: string;
}

let rig: AccessRig;
before(async () => {
  rig = await AccessRig.open();
});

const published = { authentication_method: "NONE", published: true } as const;

const aWorld = async (self: string): Promise<World> => {
  const { handlers } = rig;
  const call = aCall();
  const create = { name: `images ${self}`, publish_info: published };
  const library = await handlers["localLibrary.create"]({ create_spec: create }, call);
  const item = await rig.filledItem(library);
  const subscribed = await handlers["subscribedLibrary.create"](
    { create_spec: { name: "copies", subscription_info: OPEN_SOURCE } },
    call,
  );
  const follower = await handlers["subscribedLibrary.create"](
    { create_spec: { name: "followers", subscription_info: OPEN_SOURCE } },
    call,
  );
  const subscription = await handlers["subscription.create"](
    { library, spec: { subscribed_library: existing(follower) } },
    call,
  );
  const session = await rig.updateSession(item, call);
  await rig.addFile(session, "b.iso", call);
  const { id: download } = await rig.download(item, call);
  const user = await rig.user("viewer", library);
  const [grant] = await rig.storage.catalog.listGrants({
    subject: { kind: "account", id: user.id },
  });
  await handlers["secret.set"]({ set_spec: SECRET }, call);
  const owned = { id: self as never, name: "self", call: () => call };
  return {
    library,
    item,
    emptyItem: await rig.item(library, "empty"),
    subscribed,
    otherItem: await rig.item(await rig.library("other"), "debian"),
    session,
    download,
    subscription,
    certificate: await handlers["trustedCertificate.create"](
      { spec: { cert_text: A_CERTIFICATE.pem } },
      call,
    ),
    user: user.id,
    self,
    ownToken: (await rig.token(owned)).id,
    group: await handlers["group.create"]({ create_spec: { name: `g-${self}` } }, call),
    grant: grant?.id ?? "",
  };
};

const SECRET = { name: "artifacts", origin: "https://files.example", password: "open sesame" };

const existing = (
  subscribed_library: string,
): OperationInput<"subscription.create">["spec"]["subscribed_library"] => ({
  target: "USE_EXISTING",
  subscribed_library,
  location: "LOCAL",
});

type Inputs = {
  readonly [Id in keyof Handlers]: (world: World) => OperationInput<Id>;
};

/** A call of every operation, on real objects; on one's own where the right is about that. */
const INPUTS: Inputs = {
  "audit.list": () => ({}),
  "configuration.get": () => ({}),
  "configuration.update": () => ({ model: {} }),
  "downloadSession.cancel": ({ download }) => ({ download_session_id: download }),
  "downloadSession.create": ({ item }) => ({ create_spec: { library_item_id: item } }),
  "downloadSession.delete": ({ download }) => ({ download_session_id: download }),
  "downloadSession.fail": ({ download }) => ({ download_session_id: download }),
  "downloadSession.get": ({ download }) => ({ download_session_id: download }),
  "downloadSession.keepAlive": ({ download }) => ({ download_session_id: download }),
  "downloadSession.list": ({ item }) => ({ library_item_id: item }),
  "downloadSessionFile.get": ({ download }) => ({
    download_session_id: download,
    file_name: "a.iso",
  }),
  "downloadSessionFile.list": ({ download }) => ({ download_session_id: download }),
  "downloadSessionFile.prepare": ({ download }) => ({
    download_session_id: download,
    file_name: "a.iso",
  }),
  "grant.create": ({ library, user }) => ({
    create_spec: { user, role: "EDITOR", library_id: library },
  }),
  "grant.delete": ({ grant }) => ({ grant_id: grant }),
  "grant.list": () => ({}),
  "group.create": ({ self }) => ({ create_spec: { name: `h-${self}` } }),
  "group.delete": ({ group }) => ({ group }),
  "group.get": ({ group }) => ({ group }),
  "group.list": () => ({}),
  "group.update": ({ group }) => ({ group, update_spec: {} }),
  "item.copy": ({ otherItem, library }) => ({
    source_library_item_id: otherItem,
    destination_create_spec: { library_id: library, name: "copy" },
  }),
  "item.create": ({ library }) => ({ create_spec: { library_id: library, name: "fedora" } }),
  "item.delete": ({ item }) => ({ library_item_id: item }),
  "item.find": () => ({ spec: { name: "debian" } }),
  "item.get": ({ item }) => ({ library_item_id: item }),
  "item.list": ({ library }) => ({ library_id: library }),
  "item.publish": ({ item }) => ({ library_item_id: item, force_sync_content: false }),
  "item.update": ({ item }) => ({ library_item_id: item, update_spec: { name: "fedora" } }),
  "itemChange.get": ({ item }) => ({ library_item: item, version: "2" }),
  "itemChange.list": ({ item }) => ({ library_item: item }),
  "itemFact.get": ({ item }) => ({ library_item: item }),
  "itemFile.get": ({ item }) => ({ library_item_id: item, name: "a.iso" }),
  "itemFile.list": ({ item }) => ({ library_item_id: item }),
  "itemStorage.get": ({ item }) => ({ library_item_id: item, file_name: "a.iso" }),
  "itemStorage.list": ({ item }) => ({ library_item_id: item }),
  "itemVersion.download": ({ item }) => ({ library_item: item, version: "2" }),
  "itemVersion.get": ({ item }) => ({ library_item: item, version: "2" }),
  "itemVersion.rollback": ({ item }) => ({ library_item: item, version: "2" }),
  "library.delete": ({ library }) => ({ library_id: library }),
  "library.find": () => ({ spec: { name: "images" } }),
  "library.get": ({ library }) => ({ library_id: library }),
  "library.list": () => ({}),
  "library.update": ({ library }) => ({ library_id: library, update_spec: { name: "other" } }),
  "librarySetting.get": ({ library }) => ({ library }),
  "librarySetting.update": ({ library }) => ({ library, update_spec: { revisions: 2 } }),
  "localLibrary.create": () => ({ create_spec: { name: "images" } }),
  "localLibrary.delete": ({ library }) => ({ library_id: library }),
  "localLibrary.get": ({ library }) => ({ library_id: library }),
  "localLibrary.list": () => ({}),
  "localLibrary.publish": ({ library }) => ({ library_id: library }),
  "localLibrary.update": ({ library }) => ({ library_id: library, update_spec: { name: "b" } }),
  "probe.get": () => ({ uri: "no address" }),
  "securityPolicy.list": () => ({}),
  "secret.delete": () => ({ name: "artifacts" }),
  "secret.list": () => ({}),
  "secret.set": () => ({ set_spec: SECRET }),
  "sessionOverview.list": () => ({}),
  "subscribedItem.evict": ({ item }) => ({ library_item_id: item }),
  "subscribedItem.sync": ({ item }) => ({ library_item_id: item, force_sync_content: false }),
  "subscribedLibrary.create": () => ({
    create_spec: { name: "copies", subscription_info: OPEN_SOURCE },
  }),
  "subscribedLibrary.delete": ({ library }) => ({ library_id: library }),
  "subscribedLibrary.evict": ({ library }) => ({ library_id: library }),
  "subscribedLibrary.get": ({ library }) => ({ library_id: library }),
  "subscribedLibrary.list": () => ({}),
  "subscribedLibrary.probe": () => ({ subscription_info: { subscription_url: "x" } }),
  "subscribedLibrary.sync": ({ library }) => ({ library_id: library }),
  "subscribedLibrary.update": ({ library }) => ({ library_id: library, update_spec: {} }),
  "subscription.create": ({ library, subscribed }) => ({
    library,
    spec: { subscribed_library: existing(subscribed) },
  }),
  "subscription.delete": ({ library, subscription }) => ({ library, subscription }),
  "subscription.get": ({ library, subscription }) => ({ library, subscription }),
  "subscription.list": ({ library }) => ({ library }),
  "subscription.update": ({ library, subscription }) => ({ library, subscription, spec: {} }),
  "token.create": ({ self }) => ({ create_spec: { name: `made by ${self}` } }),
  "token.delete": ({ ownToken }) => ({ token_id: ownToken }),
  "token.list": () => ({}),
  "trustedCertificate.create": () => ({ spec: { cert_text: ANOTHER_CERTIFICATE.pem } }),
  "trustedCertificate.delete": ({ certificate }) => ({ certificate }),
  "trustedCertificate.get": ({ certificate }) => ({ certificate }),
  "trustedCertificate.list": () => ({}),
  "type.list": () => ({}),
  "updateSession.cancel": ({ session }) => ({ update_session_id: session }),
  "updateSession.complete": ({ session }) => ({ update_session_id: session }),
  "updateSession.create": ({ emptyItem }) => ({ create_spec: { library_item_id: emptyItem } }),
  "updateSession.delete": ({ session }) => ({ update_session_id: session }),
  "updateSession.fail": ({ session }) => ({ update_session_id: session }),
  "updateSession.get": ({ session }) => ({ update_session_id: session }),
  "updateSession.keepAlive": ({ session }) => ({ update_session_id: session }),
  "updateSession.list": ({ item }) => ({ library_item_id: item }),
  "updateSession.update": ({ session }) => ({ update_session_id: session, update_spec: {} }),
  "updateSessionFile.add": ({ session }) => ({
    update_session_id: session,
    file_spec: { name: "c.iso", source_type: "PUSH" },
  }),
  "updateSessionFile.get": ({ session }) => ({ update_session_id: session, file_name: "b.iso" }),
  "updateSessionFile.list": ({ session }) => ({ update_session_id: session }),
  "updateSessionFile.probe": () => ({ source_endpoint: { uri: "no address" } }),
  "updateSessionFile.remove": ({ session }) => ({
    update_session_id: session,
    file_name: "b.iso",
  }),
  "updateSessionFile.validate": ({ session }) => ({ update_session_id: session }),
  "user.create": ({ self }) => ({ create_spec: { name: `u-${self.slice(0, 8)}` } }),
  "user.delete": ({ user }) => ({ user }),
  "user.get": ({ self }) => ({ user: self }),
  "user.list": () => ({}),
  "user.update": ({ self }) => ({ user: self, update_spec: { description: "changed" } }),
  "whoami.get": () => ({}),
};

/** The role of the actor on what the right is asked on; undefined where none is asked for. */
const roleOnObject = (
  { on }: Right,
  input: object,
  actor: Actor,
  world: World,
): Role | null | undefined => {
  const { here, everywhere } = ACTORS[actor];
  if (on.kind === "everything") return everywhere;
  if (on.kind === "anywhere") return here ?? everywhere;
  if (!("parameter" in on) || on.kind === "self") return undefined;
  const text = textAt(input as never, on.parameter);
  if (text === undefined) return on.whenAbsent === "everything" ? everywhere : undefined;
  return text === world.subscribed || text === world.otherItem ? everywhere : here;
};

/** Sessions are the rig's: they belong to somebody else, but for administrators, who are the rig themselves. */
const byOneRight = (right: Right, input: object, actor: Actor, world: World): Outcome => {
  const present = roleOnObject(right, input, actor, world);
  if (right.role === "none" || present === undefined) return "allowed";
  const isNamed = "parameter" in right.on;
  if (present === null) return isNamed ? "not_found" : "unauthorized";
  const { others } = right;
  if (others === undefined || actor === "administrator")
    return covers(present, right.role) ? "allowed" : "unauthorized";
  if (others === "nobody") return "unauthorized";
  return covers(present, others) ? "allowed" : "unauthorized";
};

const expected = (right: OperationRight, input: object, actor: Actor, world: World): Outcome => {
  const outcomes = [right, ...(right.also ?? [])].map((one) =>
    byOneRight(one, input, actor, world),
  );
  return (
    outcomes.find((one) => one === "unauthorized") ??
    outcomes.find((one) => one === "not_found") ??
    "allowed"
  );
};

const outcomeOf = async (work: Promise<unknown>): Promise<Outcome> => {
  try {
    await work;
    return "allowed";
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    const { class: kind } = FAULTS[error.code];
    return kind === "unauthorized" || kind === "not_found" ? kind : "allowed";
  }
};

/** The actor, who calls himself; administrators are the rig. */
const actorOn = async (actor: Actor): Promise<{ readonly id: string; call(): Call }> =>
  actor === "administrator"
    ? { id: aCall().caller.accountId, call: () => aCall() }
    : await rig.user();

const grantRole = async (actor: Actor, id: string, library_id: string): Promise<void> => {
  const { here } = ACTORS[actor];
  if (actor === "administrator" || here === null) return;
  const role = here.toUpperCase() as "VIEWER" | "EDITOR" | "ADMINISTRATOR";
  await rig.handlers["grant.create"]({ create_spec: { user: id, role, library_id } }, aCall());
};

suite("the table of rights holds for every operation and every role", () => {
  for (const id of Object.keys(INPUTS) as (keyof Handlers)[]) {
    test(id, async () => {
      const right: OperationRight = OPERATION_RIGHTS[id satisfies OperationId];
      const found: Partial<Record<Actor, Outcome>> = {};
      const wanted: Partial<Record<Actor, Outcome>> = {};
      for (const actor of Object.keys(ACTORS) as Actor[]) {
        const caller = await actorOn(actor);
        const world = await aWorld(caller.id);
        await grantRole(actor, caller.id, world.library);
        const input = INPUTS[id](world);
        const handler = rig.handlers[id] as (input: object, call: Call) => Promise<unknown>;
        found[actor] = await outcomeOf(handler(input, caller.call()));
        wanted[actor] = expected(right, input, actor, world);
        await rig.handlers["group.delete"]({ group: world.group }, aCall()).catch(() => undefined);
      }
      assert.deepEqual(found, wanted);
    });
  }
});
