import assert from "node:assert/strict";
import { test } from "node:test";
import { sendingWaves } from "./sending-waves.ts";

const wavesOf = (...names: string[]): readonly (readonly string[])[] =>
  sendingWaves(names.map((name) => ({ name }))).map((wave) => wave.map(({ name }) => name));

test("what proves a package goes before its descriptor, all else at the same time", () => {
  assert.deepEqual(wavesOf("a.OVF", "a.vmdk", "a.MF", "a.cert"), [
    ["a.MF", "a.cert"],
    ["a.OVF", "a.vmdk"],
  ]);
});

test("files that are no package go in one wave", () => {
  for (const names of [[], ["a.iso", "b.txt"], ["a.mf", "a.cert"], ["a.ovf", "a.vmdk"]])
    assert.deepEqual(wavesOf(...names), [names]);
});
