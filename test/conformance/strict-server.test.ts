// A strict server refuses what clients in the wild do beyond the documents; whatever the documents say it takes, on every form.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ask } from "./client.ts";
import { FORMS } from "./forms.ts";
import { openWorld } from "./operation-case.ts";
import { askerOf, OPERATION_CASES } from "./operation-cases.ts";
import { serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest({ isStrict: true });

for (const form of FORMS) {
  test(`a strict server takes every documented call, ${form.name} [C20]`, async () => {
    const world = await openWorld(await server.client(form));
    for (const [id, one] of Object.entries(OPERATION_CASES)) {
      const asking = await one.real(world);
      if (asking === null) continue;
      const reply = await ask(form, server.url, asking, await askerOf(one, world, server));
      assert.equal(reply.faultClass, one.answersInstead ?? null, `${id}: ${reply.text}`);
    }
  });
}
