// Every operation of the contract on every wire, by people of every kind with logins of their own: what comes of it is what the table
// of rights says and what whoami said before, and what is hidden is not told from what never was.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type CallerInfo, type OperationId, OPERATION_IDS } from "@contentlib/contract";
import {
  OPERATION_RIGHTS,
  type OperationRight,
  type Right,
  type Role,
  ROLES,
} from "@contentlib/contract/vocabulary";
import type { Client, Reply } from "./client.ts";
import { api, type Asking, type Form, FORMS } from "./forms.ts";
import { MADE_UP, openWorld, type World } from "./operation-case.ts";
import { casesByLogin, OPERATION_CASES } from "./operation-cases.ts";
import { ACCESS, People, type RoleName, textOf } from "./people.ts";
import { serverUnderTest } from "./server-under-test.ts";
import { type OwnSessions, SharingClient } from "./sharing-client.ts";

const server = await serverUnderTest();
const people = await People.on(server);

/** Somebody of a kind. */
interface Stance {
  readonly name: string;
  /** On the libraries of the calls; null for none. */
  readonly role: Role | null;
  readonly ownSessions: OwnSessions;
}

const STANCES: readonly Stance[] = [
  { name: "somebody without grants", role: null, ownSessions: "none" },
  { name: "a viewer, on sessions of others", role: "viewer", ownSessions: "none" },
  { name: "a viewer, on his own downloads", role: "viewer", ownSessions: "downloads" },
  { name: "an editor, on sessions of others", role: "editor", ownSessions: "none" },
  { name: "an editor, on his own sessions", role: "editor", ownSessions: "all" },
  { name: "an administrator of the library", role: "administrator", ownSessions: "none" },
];

type Expected = "allowed" | "not_found" | "unauthorized";
type Case = Exclude<OperationId, "event.stream">;

/** Parameters that the calls of the cases leave out. */
const LEFT_OUT: Partial<Record<OperationId, string>> = {
  "grant.create": "create_spec.library_id",
  "subscription.create": "spec.subscribed_library.subscribed_library",
  "updateSession.list": "library_item_id",
};

/** Where a library that can not be seen is a filter: what fits it is listed as if the library had never been. */
const FILTERED: Partial<Record<OperationId, Expected>> = {
  "item.find": "allowed",
  "grant.list": "not_found",
};

/** Whose account or token the calls of the cases are about: those of others are not there. */
const OF_OTHERS: readonly OperationId[] = ["user.get", "user.update", "token.delete"];

const rank = (role: Role | null): number => (role === null ? -1 : ROLES.indexOf(role));

const byRole = (stance: Stance, needed: Role | "none"): Expected => {
  if (needed === "none") return "allowed";
  if (stance.role === null) return "not_found";
  return rank(stance.role) >= rank(needed) ? "allowed" : "unauthorized";
};

const isOwn = ({ ownSessions }: Stance, kind: "update-session" | "download-session"): boolean =>
  ownSessions === "all" || (ownSessions === "downloads" && kind === "download-session");

/** What a right is asked on: by the parameter, or without it. */
const kindOf = (id: OperationId, { on }: Right) =>
  "parameter" in on && on.parameter === LEFT_OUT[id] ? (on.whenAbsent ?? on.kind) : on.kind;

function expectedOf(id: OperationId, right: Right, stance: Stance): Expected {
  const kind = kindOf(id, right);
  switch (kind) {
    case "everything":
      return right.role === "none" ? "allowed" : "unauthorized";
    case "anything":
      return "allowed";
    case "anywhere":
      return byRole(stance, right.role) === "allowed" ? "allowed" : "unauthorized";
    case "self":
      return OF_OTHERS.includes(id) ? "not_found" : "allowed";
    case "update-session":
    case "download-session": {
      if (isOwn(stance, kind)) return byRole(stance, right.role);
      if (right.others !== "nobody") return byRole(stance, right.others ?? right.role);
      return stance.role === null ? "not_found" : "unauthorized";
    }
    default:
      return byRole(stance, right.role);
  }
}

/** By the table alone, not by the code that the server judges with. */
function expectedBy(id: OperationId, stance: Stance): Expected {
  if (stance.role === null && FILTERED[id] !== undefined) return FILTERED[id];
  const right: OperationRight = OPERATION_RIGHTS[id];
  const all = [right, ...(right.also ?? [])].map((one) => expectedOf(id, one, stance));
  return (
    all.find((one) => one === "unauthorized") ?? all.find((one) => one === "not_found") ?? "allowed"
  );
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const vanished = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value).replaceAll(UUID, MADE_UP)) as Value;

const inCapitals = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value).replaceAll(UUID, (id) => id.toUpperCase())) as Value;

/** What a reply says, beside the ids in it. */
const shown = ({ status, faultClass, value }: Reply): unknown =>
  vanished({ status, faultClass, value });

function hold(id: Case, reply: Reply, expected: Expected): void {
  const instead = OPERATION_CASES[id].answersInstead ?? null;
  assert.equal(reply.faultClass, expected === "allowed" ? instead : expected, reply.text);
  if (expected === "unauthorized") holdDenial(id, reply);
}

/** A denial says which right, on what, with which role, and who can help; or whose the session is. */
function holdDenial(id: Case, reply: Reply): void {
  const [message] = reply.messages;
  assert.ok(message);
  if (message.id === "contentlib.access.not_owner") {
    assert.match(message.default_message, /belongs to \S+@vsphere\.local/);
    return;
  }
  assert.equal(message.id, "contentlib.access.missing_right");
  const [privilege = "", on = "", role = "", granters = ""] = message.args;
  const { privilege: needed, also = [] }: OperationRight = OPERATION_RIGHTS[id];
  assert.ok([needed, ...also.map((one) => one.privilege)].includes(privilege), privilege);
  assert.match(on, /^(?:everything|a library|library \S+|library item \S+)$/);
  assert.ok(rank(role as Role) >= 0, role);
  assert.match(granters, /^an administrator of (?:it|everything): .*administrator@vsphere\.local/);
  for (const arg of message.args) assert.ok(message.default_message.includes(arg));
}

/** What whoami said is what came. Of two objects it is asked about one, and tells what is needed on the other. */
function holdTold(id: Case, told: CallerInfo, reply: Reply): void {
  const { also }: OperationRight = OPERATION_RIGHTS[id];
  const isAllowed = reply.faultClass === (OPERATION_CASES[id].answersInstead ?? null);
  if (also === undefined) {
    // What the object that was not asked about needs is told in words: it may be missing.
    if (told.besides === undefined || isAllowed) assert.equal(told.can, isAllowed, told.why);
    assert.equal(told.why, isAllowed ? undefined : textOf(reply));
    assert.equal(told.besides, undefined);
  } else if (isAllowed || told.besides === undefined) assert.equal(told.can, isAllowed, told.why);
}

/** The object of the call, as it is asked about beforehand. */
function objectOf(id: Case, { path, body }: Asking<unknown>): string | undefined {
  const { on }: OperationRight = OPERATION_RIGHTS[id];
  if (!("parameter" in on) || on.parameter === LEFT_OUT[id]) return undefined;
  const name = on.parameter.split(".").at(-1) ?? "";
  const inBody = (body as Readonly<Record<string, unknown>> | undefined)?.[name];
  if (typeof inBody === "string") return inBody;
  const url = new URL(path, server.url);
  const inQuery = url.searchParams.get(name);
  if (inQuery !== null) return inQuery;
  if (on.kind === "self" && !OF_OTHERS.includes(id)) return undefined;
  return path.match(UUID)?.[0] ?? url.pathname.split("/").at(-1);
}

for (const form of FORMS) {
  for (const stance of STANCES) {
    describe(`rights of ${stance.name}, ${form.name}`, () => {
      let world: World;
      let client: Client;

      before(async () => {
        ({ client, world } = await worldOf(form, stance));
      });

      for (const id of casesByLogin(form)) {
        test(`${id}: ${expectedBy(id, stance)}`, async () => {
          const asking = await OPERATION_CASES[id].real(world);
          assert.ok(asking, `${form.name} has a call of it`);
          const expected = expectedBy(id, stance);
          const told = await askedBefore(form, client, id, asking);
          const reply = await client.ask(asking);
          hold(id, reply, expected);
          if (told !== null) holdTold(id, told, reply);
          if (expected !== "allowed") {
            const loud = await client.ask(inCapitals(asking));
            assert.equal(loud.faultClass, reply.faultClass, "an id is one in any spelling");
          }
          const isHidden = stance.role === null && !OF_OTHERS.includes(id);
          if (isHidden && (expected === "not_found" || id in FILTERED))
            assert.deepEqual(shown(reply), shown(await client.ask(vanished(asking))));
        });
      }
    });
  }
}

async function worldOf(
  form: Form,
  { role, ownSessions }: Stance,
): Promise<{ readonly client: Client; readonly world: World }> {
  const person = await people.person();
  const client = await people.client(form, person);
  const share = async (library: string): Promise<void> => {
    if (role !== null)
      await people.grant({ user: person.id }, role.toUpperCase() as RoleName, library);
  };
  const administrator = new SharingClient(await server.client(form), {
    share,
    owner: client,
    ownSessions,
  });
  return { client, world: await openWorld(administrator) };
}

/** What whoami says of the call; null where it is not on the wire that has whoami. */
async function askedBefore(form: Form, client: Client, id: Case, asking: Asking<unknown>) {
  if (form.name !== "api" || id in FILTERED) return null;
  return await client.done(ACCESS.whoami(id, objectOf(id, asking)));
}

test("every operation but streams was tried", () => {
  const byPassword = OPERATION_IDS.filter((id) => !casesByLogin(api).some((one) => one === id));
  assert.deepEqual(byPassword.sort(), ["event.stream", "login.create", "login.delete"]);
});
