// Every operation of the contract on every wire that has it: once on real objects to its success, whose answer `ask` holds against
// the published description, and once on made-up identifiers to an error that it declares and that the body names.
import assert from "node:assert/strict";
import { before, describe, test, type TestContext } from "node:test";
import {
  type FaultClass,
  IMPLICIT_FAULT_CLASSES,
  type Operation,
  OPERATION_IDS,
  type OperationId,
  OPERATIONS,
} from "@contentlib/contract";
import { operationIdsOn } from "@contentlib/contract/bindings";
import { EventReader } from "@contentlib/testkit/client/event-reader";
import { ask, type Reply, statusOf } from "./client.ts";
import { api, type Asking, type Form, FORMS, rpc } from "./forms.ts";
import { MADE_UP, openWorld, type OperationCase, SOURCE, type World } from "./operation-case.ts";
import { askerOf, OPERATION_CASES, STREAMS } from "./operation-cases.ts";
import { descriptionIsAbsent, publishedAt, publishedContent } from "./published-description.ts";
import { serverUnderTest } from "./server-under-test.ts";

interface WouldAct {
  readonly id: OperationId;
  readonly asking: (world: World) => Asking<unknown>;
  readonly answers: FaultClass;
}

/** What would have to publish to others, or follow them, and what it answers as long as that can not be done. */
const WOULD_ACT: readonly WouldAct[] = [
  {
    id: "localLibrary.publish",
    asking: ({ spell, published, subscription }) =>
      spell.publish(published, { subscriptions: [{ subscription }] }),
    answers: "unsupported",
  },
  {
    id: "item.publish",
    asking: ({ spell, itemOfPublished, subscription }) =>
      spell.publishItem(itemOfPublished, { subscriptions: [{ subscription }] }),
    answers: "unsupported",
  },
  {
    id: "subscribedLibrary.sync",
    asking: ({ spell, subscribed }) => spell.sync(subscribed),
    answers: "unsupported",
  },
  {
    id: "subscribedLibrary.probe",
    asking: ({ spell }) => spell.probe({ ...SOURCE, subscription_url: "ds:///vmfs/1/lib.json" }),
    answers: "unsupported",
  },
  {
    id: "subscribedItem.evict",
    asking: ({ spell, item }) => spell.evictItem(item),
    answers: "invalid_element_type",
  },
  {
    id: "subscribedItem.sync",
    asking: ({ spell, item }) => spell.syncItem(item),
    answers: "invalid_element_type",
  },
];

const server = await serverUnderTest();

const operationOf = (id: OperationId): Operation => OPERATIONS[id];

const idsOn = (form: Form): readonly OperationId[] =>
  form.name === "rpc"
    ? OPERATION_IDS.filter((id) => operationOf(id).origin !== "ours")
    : operationIdsOn(form.name);

const isDeclared = (id: OperationId, faultClass: FaultClass): boolean =>
  operationOf(id).faults.includes(faultClass);

const isImplicit = (faultClass: FaultClass): boolean =>
  IMPLICIT_FAULT_CLASSES.some((implicit) => implicit === faultClass);

/** Holds a refusal to its class, to the status of that class, and to what the operation declares. */
function holdRefusal(id: OperationId, form: Form, reply: Reply, faultClass: FaultClass): void {
  assert.equal(reply.faultClass, faultClass, reply.text);
  assert.equal(reply.status, statusOf(form, faultClass), reply.text);
  assert.ok(isDeclared(id, faultClass) || isImplicit(faultClass), `${id} declares ${faultClass}`);
}

/** The call belongs to the operation, so far as its spelling tells. */
function holdCall(id: OperationId, { rpc: call }: Asking<unknown>): void {
  if (call === undefined) return;
  const { service, method } = operationOf(id);
  assert.deepEqual([call.service, call.operation], [service, method]);
}

const keyOf = (asking: Asking<unknown>): string =>
  publishedAt(asking.method, asking.path)?.key ?? `nothing published: ${asking.path}`;

test("every operation has its case", () => {
  assert.deepEqual(Object.keys(OPERATION_CASES).concat(STREAMS).sort(), [...OPERATION_IDS].sort());
});

for (const form of FORMS) {
  const called = new Set<string>();
  const refused = new Set<string>();
  let world: World;

  const onReal = async (id: OperationId, one: OperationCase): Promise<void> => {
    const asking = await one.real(world);
    assert.ok(asking, `${form.name} has a call of ${id}`);
    holdCall(id, asking);
    const reply = await ask(form, server.url, asking, await askerOf(one, world, server));
    called.add(keyOf(asking));
    if (one.answersInstead !== undefined) {
      holdRefusal(id, form, reply, one.answersInstead);
      return;
    }
    assert.equal(reply.faultClass, null, reply.text);
    assert.equal(reply.status, asking.status, reply.text);
  };

  const onMadeUp = async (id: OperationId, one: OperationCase): Promise<void> => {
    const {
      asking,
      faultClass,
      headers = { "vmware-api-session-id": world.client.loginId },
    } = one.madeUp(world);
    assert.ok(asking, `${form.name} has a call of ${id}`);
    const reply = await ask(form, server.url, asking, headers);
    holdRefusal(id, form, reply, faultClass);
    refused.add(keyOf(asking));
    const statuses = publishedAt(asking.method, asking.path)?.statuses;
    if (statuses !== undefined && !isImplicit(faultClass))
      assert.ok(statuses.includes(reply.status), `${reply.status} is published for ${id}`);
  };

  describe(`every operation, ${form.name}`, () => {
    before(async () => {
      world = await openWorld(await server.client(form));
    });

    for (const id of idsOn(form)) {
      if (id === "event.stream") continue;
      const one = OPERATION_CASES[id];
      const real = one.answersInstead === undefined ? "succeeds" : `answers ${one.answersInstead}`;
      test(`${id} ${real} on real objects`, async () => await onReal(id, one));
      test(`${id} refuses what is made up, as it declares`, async () => await onMadeUp(id, one));
    }

    test("has no call that the wire does not have", async () => {
      const absent = OPERATION_IDS.filter((id) => !idsOn(form).includes(id));
      for (const id of absent) {
        if (id !== "event.stream") assert.equal(await OPERATION_CASES[id].real(world), null, id);
      }
    });

    test("what would have to publish or to follow says that it can not", async (t: TestContext) => {
      for (const { id, asking, answers } of WOULD_ACT) {
        const reply = await world.client.ask(asking(world));
        holdRefusal(id, form, reply, answers);
        t.diagnostic(
          `${form.name}: ${id} answers ${answers}: ${reply.messages[0]?.default_message}`,
        );
      }
    });

    const { name } = form;
    if (name === "rpc") return;
    test(
      "all that is published was asked for, both ways [C30]",
      { skip: descriptionIsAbsent ?? false },
      (t: TestContext) => {
        const all = publishedContent(name);
        for (const [how, seen] of Object.entries({ called, refused }))
          assert.deepEqual(
            all.filter((key) => !seen.has(key)),
            [],
            `not ${how}`,
          );
        const unable = WOULD_ACT.map(({ id, answers }) => `${id} (${answers})`).join(", ");
        const seen = `${all.filter((key) => called.has(key)).length} of ${all.length}`;
        t.diagnostic(
          `${seen} operations of ${name}, of which ${WOULD_ACT.length} can not act yet: ${unable}`,
        );
      },
    );
  });
}

test("event.stream tells of a real session, and of no made-up one", async (t) => {
  const { client, session } = await openWorld(await server.client(api));
  const headers = { "vmware-api-session-id": client.loginId };
  const at = (query: string) => `${server.url}/api/contentlib/events${query}`;
  const reader = await EventReader.open(at(`?update_session_id=${session}`), { headers });
  t.after(() => reader.close());
  assert.equal(reader.status, 200);
  assert.match(String(reader.headers["content-type"]), /^text\/event-stream/);
  await client.done(api.cancelSession(session));
  await reader.until(({ name }) => name.includes("state"));
  const path = `/api/contentlib/events?update_session_id=${MADE_UP}`;
  await client.refused({ method: "GET", path, status: 200 }, "not_found");
  const neither = { method: "GET", path: "/api/contentlib/events", status: 200 };
  await client.refused(neither, "invalid_argument");
});

test("JSON-RPC says of an unknown operation that there is none", async () => {
  const client = await server.client(rpc);
  const asking = { ...rpc.listLibraries() };
  assert.ok(asking.rpc);
  const unknown = { ...asking, rpc: { ...asking.rpc, operation: "count" } };
  await client.refused(unknown, "operation_not_found");
});
