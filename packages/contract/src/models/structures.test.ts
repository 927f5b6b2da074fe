import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { z } from "zod";
import { shapeOf } from "../derive/shape.ts";
import type { ObjectShape } from "../vocabulary/shape.ts";

/** Every structure that a file of this folder exports. */
const structuresOf = async (): Promise<readonly ObjectShape[]> => {
  const files = readdirSync(import.meta.dirname).filter((file) => !file.endsWith(".test.ts"));
  const modules = await Promise.all(
    files.map((file): Promise<Readonly<Record<string, unknown>>> => import(`./${file}`)),
  );
  return modules
    .flatMap((module) => Object.values(module))
    .filter((value) => value instanceof z.ZodObject)
    .map((schema) => shapeOf(schema))
    .filter((shape) => shape.kind === "object");
};

const structures = await structuresOf();

/** Members that the structure knows, whether it uses them or not. */
const knownMembers = ({ members, ignored }: ObjectShape) =>
  new Set([...members.keys(), ...ignored]);

test("there are structures to look at", () => {
  assert.ok(structures.length > 50, String(structures.length));
});

test("every structure has a canonical name, ours ones of our own", () => {
  for (const { name, canonical } of structures)
    assert.match(
      canonical,
      /^(com\.vmware\.(content|cis|vapi\.std)|contentlib)(\.[a-z_]+)+$/,
      name,
    );
});

test("what the API requires is a member of the structure, and always sent where it is an output", () => {
  for (const { name, members, apiRequired } of structures)
    for (const member of apiRequired) assert.ok(members.get(member)?.required, `${name}.${member}`);
});

test("the unions of a structure speak of members it knows", () => {
  for (const structure of structures) {
    const known = knownMembers(structure);
    for (const { tag, cases } of structure.unions) {
      assert.ok(known.has(tag), `${structure.name}.${tag}`);
      for (const { required = [], allowed = [] } of Object.values(cases))
        for (const member of [...required, ...allowed])
          assert.ok(known.has(member), `${structure.name}.${member}`);
    }
  }
});

test("a union has a case for each value of its tag", () => {
  for (const { name, members, unions } of structures)
    for (const { tag, cases } of unions) {
      const shape = members.get(tag)?.shape;
      if (shape?.kind === "enumeration")
        assert.deepEqual(Object.keys(cases).toSorted(), [...shape.values].toSorted(), name);
    }
});

test("forms that share a canonical name share what the API says of it", () => {
  for (const [canonical, forms] of Map.groupBy(structures, (structure) => structure.canonical)) {
    const [first, ...others] = forms.map(({ apiRequired, unions }) => ({ apiRequired, unions }));
    for (const other of others) assert.deepEqual(other, first, canonical);
  }
});

test("a newer member is taken where it is an input, and never shown", () => {
  const holders = structures.filter(({ members }) => members.has("ssl_certificate"));
  assert.deepEqual(holders.map(({ name }) => name).toSorted(), [
    "SourceEndpoint",
    "SubscriptionSpec",
  ]);
});

test("passwords and tokens are marked as secret, and no output holds one but that of a new token", () => {
  const holders = structures.flatMap(({ name, members }) =>
    [...members].flatMap(([member, { shape }]) =>
      shape.kind === "string" && shape.format === "password" ? [`${name}.${member}`] : [],
    ),
  );
  assert.deepEqual(holders.toSorted(), [
    "NewToken.token",
    "PublishSpec.current_password",
    "PublishSpec.password",
    "SourceSecretSetSpec.password",
    "SubscriptionSpec.password",
    "UserCreateSpec.password",
    "UserUpdateSpec.password",
  ]);
  for (const { name, members } of structures)
    for (const member of members.keys())
      if (/password/.test(member)) assert.ok(holders.includes(`${name}.${member}`), name);
});
