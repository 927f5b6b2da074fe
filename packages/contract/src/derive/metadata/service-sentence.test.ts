import assert from "node:assert/strict";
import { test } from "node:test";
import { contractCatalog } from "./contract-catalog.ts";
import { serviceSentence } from "./service-sentence.ts";

test("every service of the contract has a sentence of its own", () => {
  const services = [...contractCatalog().services.values()];
  const sentences = services.map(({ about }) => about);
  assert.equal(new Set(sentences).size, services.length);
  for (const { name, about } of services) assert.ok(!about.includes(name), name);
  assert.equal(serviceSentence("no.such.service"), "The service no.such.service.");
});
