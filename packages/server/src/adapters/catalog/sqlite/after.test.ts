import assert from "node:assert/strict";
import { test } from "node:test";
import { systemAfter } from "./after.ts";

test("the system's timer rings when its time is over, unless it is called off", async () => {
  const rung: string[] = [];
  const keepAlive = setInterval(() => undefined, 1_000);
  try {
    await new Promise<void>((resolve) => {
      const callOff = systemAfter(1, () => rung.push("called off"));
      callOff();
      callOff();
      systemAfter(2, () => {
        rung.push("rung");
        resolve();
      });
    });
  } finally {
    clearInterval(keepAlive);
  }
  assert.deepEqual(rung, ["rung"]);
});
