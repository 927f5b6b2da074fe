// What one wire shows of an object, the others show too, member for member.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type Operation, OPERATION_IDS, type OperationId, OPERATIONS } from "@contentlib/contract";
import { api, FORMS } from "./forms.ts";
import { openWorld, type World } from "./operation-case.ts";
import { OPERATION_CASES } from "./operation-cases.ts";
import { serverUnderTest } from "./server-under-test.ts";
import { SUBSCRIBING } from "./subscribing-forms.ts";

const server = await serverUnderTest();

/** Each login shows itself, and when it was used last. */
const OWN: readonly OperationId[] = ["login.get"];

const isCompared = (id: OperationId): boolean => {
  const { effect, origin }: Operation = OPERATIONS[id];
  // What this server adds to the API is on one wire alone.
  return effect === "safe" && origin !== "ours" && !OWN.includes(id);
};

const worlds: World[] = [];
before(async () => {
  const world = await openWorld(await server.client(api));
  for (const form of FORMS) {
    const client = await server.client(form);
    worlds.push({ ...world, client, form, spell: SUBSCRIBING[form.name] });
  }
});

for (const id of OPERATION_IDS) {
  if (id === "event.stream" || !isCompared(id)) continue;
  test(`${id} answers the same on every wire`, async () => {
    const answers: unknown[] = [];
    for (const world of worlds) {
      const asking = await OPERATION_CASES[id].real(world);
      if (asking !== null) answers.push(await world.client.done(asking));
    }
    assert.ok(answers.length >= 2, "two wires at least have it");
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
  });
}
