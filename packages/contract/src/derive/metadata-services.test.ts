import assert from "node:assert/strict";
import { test } from "node:test";
import type { DataValue } from "../bindings/rpc/data-value.ts";
import { answerMetadata, METADATA_SERVICES } from "./metadata-services.ts";
import type { Operation } from "../operations/operation.ts";
import { OPERATIONS } from "../operations/operations.ts";
import { RPC_OPERATIONS } from "./rpc-operations.ts";

const INTROSPECTION = "com.vmware.vapi.std.introspection";
const METADATA = "com.vmware.vapi.metadata";
const METAMODEL = `${METADATA}.metamodel`;
const SESSION = "com.vmware.cis.session";
const UPDATE_SESSION = "com.vmware.content.library.item.update_session";

type Unwrapped = Readonly<Record<string, unknown>>;

/** Takes the wrappers off: structures become their members, maps objects, and unset values go. */
const unwrap = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value !== "object" || value === null) return value;
  const [[wrapper, inner] = ["", undefined], ...others] = Object.entries(value);
  assert.deepEqual(others, [], "a wrapper has one member");
  if (wrapper === "OPTIONAL") return inner === null ? undefined : unwrap(inner);
  assert.equal(wrapper, "STRUCTURE");
  const [members] = Object.values(inner as Readonly<Record<string, object>>);
  return Object.fromEntries(
    Object.entries(members ?? {}).map(([name, member]) => [name, unwrap(member)]),
  );
};

const inputOf = (members: object) => ({ STRUCTURE: { "operation-input": members } });

const outputOf = (service: string, operation: string, members: object = {}): DataValue => {
  const answer = answerMetadata(service, operation, inputOf(members));
  assert.ok(answer !== undefined && "outputText" in answer, `${service}.${operation}`);
  return JSON.parse(answer.outputText) as DataValue;
};

const ask = (service: string, operation: string, members: object = {}): Unwrapped =>
  unwrap(outputOf(service, operation, members)) as Unwrapped;

const list = (service: string, members: object = {}): readonly string[] =>
  unwrap(outputOf(service, "list", members)) as readonly string[];

/** The entries of a map, unwrapped. */
const entriesOf = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map(
    (value as readonly { readonly key: string; readonly value: unknown }[]).map((entry) => [
      entry.key,
      entry.value,
    ]),
  );

/** Every object inside a value, itself among them. */
const objectsIn = (value: unknown): readonly Unwrapped[] => {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (typeof value !== "object" || value === null) return [];
  return [value as Unwrapped, ...Object.values(value).flatMap(objectsIn)];
};

const services = list(`${INTROSPECTION}.service`);
const operations = services.flatMap((service_id) =>
  list(`${INTROSPECTION}.operation`, { service_id }).map((operation_id) => ({
    service_id,
    operation_id,
  })),
);

/** Those that the descriptions of the API have, which its clients compare the metadata with. */
const described = RPC_OPERATIONS.filter(
  ({ operationId }) => (OPERATIONS[operationId] as Operation).origin !== "undescribed",
);

test("all described operations with a JSON-RPC form are told of, those on metadata among them, and no others", () => {
  const found = operations.map(({ service_id, operation_id }) => `${service_id}.${operation_id}`);
  const content = described.map(({ service, method }) => `${service}.${method}`);
  const others = found.filter((name) => !content.includes(name));
  assert.equal(new Set(found).size, found.length);
  assert.deepEqual(
    content.filter((name) => !found.includes(name)),
    [],
  );
  for (const name of others) {
    const cut = name.lastIndexOf(".");
    assert.ok(METADATA_SERVICES.has(name.slice(0, cut), name.slice(cut + 1)), name);
  }
  assert.deepEqual(
    METADATA_SERVICES.names().filter((name) => !services.includes(name)),
    [],
  );
});

test("the services and operations are told alike by introspection, the metamodel and the authentication", () => {
  for (const family of [METAMODEL, `${METADATA}.authentication`]) {
    assert.deepEqual(list(`${family}.service`), services);
    for (const service_id of services)
      assert.deepEqual(
        list(`${family}.service.operation`, { service_id }),
        list(`${INTROSPECTION}.operation`, { service_id }),
      );
  }
  for (const id of services)
    assert.deepEqual(
      ask(`${INTROSPECTION}.service`, "get", { id })["operations"],
      list(`${INTROSPECTION}.operation`, { service_id: id }),
    );
});

test("every name that a list gives can be got, and is the name of what is got", () => {
  for (const kind of ["component", "package", "service", "structure", "enumeration"])
    for (const name of list(`${METAMODEL}.${kind}`)) {
      const got = ask(`${METAMODEL}.${kind}`, "get", { [`${kind}_id`]: name });
      const info = kind === "component" ? (got["info"] as Unwrapped) : got;
      assert.equal(info["name"], name);
      assert.ok(kind === "enumeration" || info["documentation"], name);
    }
});

test("every type that anything names can be got", () => {
  const known = new Set([
    ...list(`${METAMODEL}.structure`).map((name) => `com.vmware.vapi.structure ${name}`),
    ...list(`${METAMODEL}.enumeration`).map((name) => `com.vmware.vapi.enumeration ${name}`),
  ]);
  const named = list(`${METAMODEL}.component`)
    .flatMap((component_id) => objectsIn(ask(`${METAMODEL}.component`, "get", { component_id })))
    .filter((each) => each["resource_id"] !== undefined)
    .map((each) => `${String(each["resource_type"])} ${String(each["resource_id"])}`);
  assert.ok(named.length > 100);
  assert.deepEqual(
    named.filter((name) => !known.has(name)),
    [],
  );
});

test("a structure inside itself is referred to and not repeated", () => {
  const { output_definition } = ask(`${INTROSPECTION}.operation`, "get", {
    service_id: UPDATE_SESSION,
    operation_id: "get",
  });
  const references = objectsIn(output_definition).filter(
    (each) => each["type"] === "STRUCTURE_REF",
  );
  assert.deepEqual(
    new Set(references.map((each) => each["name"])),
    new Set(["com.vmware.vapi.std.localization_param"]),
  );
});

/** Builds the least value of a definition: what is required, and optional values unset. */
const leastOf = (definition: Unwrapped): DataValue => {
  switch (definition["type"]) {
    case "STRING":
      return "text";
    case "LONG":
      return 1;
    case "BOOLEAN":
      return true;
    case "SECRET":
      return { SECRET: "text" };
    case "OPTIONAL":
      return { OPTIONAL: null };
    case "LIST":
      return [];
    case "STRUCTURE": {
      const fields = [...entriesOf(definition["fields"])];
      const members = fields.map(([name, field]) => [name, leastOf(field as Unwrapped)]);
      return { STRUCTURE: { [String(definition["name"])]: Object.fromEntries(members) } };
    }
    default:
      return assert.fail(String(definition["type"]));
  }
};

test("a value that is built of its definition fits the operation", () => {
  const refused = described.filter(({ service, method, decodeInput }) => {
    const names = { service_id: service, operation_id: method };
    const { input_definition } = ask(`${INTROSPECTION}.operation`, "get", names);
    return "code" in decodeInput(leastOf(input_definition as Unwrapped));
  });
  assert.deepEqual(refused, []);
});

test("a parameter that only a lenient server does without is told to be required", () => {
  const names = { service_id: UPDATE_SESSION, operation_id: "fail" };
  const { input_definition } = ask(`${INTROSPECTION}.operation`, "get", names);
  const fields = entriesOf((input_definition as Unwrapped)["fields"]);
  assert.deepEqual([...fields.keys()].toSorted(), ["client_error_message", "update_session_id"]);
  for (const field of fields.values()) assert.deepEqual((field as Unwrapped)["type"], "STRING");
});

test("a union names its tag and, for each member, the values that go with it", () => {
  const structure_id = "com.vmware.content.library.item.updatesession.file.info";
  const { fields } = ask(`${METAMODEL}.structure`, "get", { structure_id });
  const metadata = new Map(
    (fields as readonly Unwrapped[]).map((field) => [field["name"], entriesOf(field["metadata"])]),
  );
  const elements = (field: string, heading: string) => {
    const map = metadata.get(field)?.get(heading) as Unwrapped;
    return entriesOf(map["elements"]);
  };
  assert.deepEqual(elements("source_type", "UnionTag").get("value"), {
    type: "STRING",
    long_value: undefined,
    string_value: "source_type",
    list_value: undefined,
    structure_id: undefined,
    structure_ids: undefined,
  });
  const endpoint = elements("upload_endpoint", "UnionCase");
  assert.equal((endpoint.get("tag") as Unwrapped)["string_value"], "source_type");
  assert.deepEqual((endpoint.get("value") as Unwrapped)["list_value"], ["PUSH"]);
  assert.equal(metadata.get("name")?.size, 0);
});

test("every operation tells of the errors that all share, and of those it declares", () => {
  const names = { service_id: UPDATE_SESSION, operation_id: "complete" };
  const { errors } = ask(`${METAMODEL}.service.operation`, "get", names);
  const told = (errors as readonly Unwrapped[]).map((error) => String(error["structure_id"]));
  for (const error of ["not_allowed_in_current_state", "not_found", "unauthenticated"])
    assert.ok(told.includes(`com.vmware.vapi.std.errors.${error}`), error);
  const { error_definitions } = ask(`${INTROSPECTION}.operation`, "get", names);
  const defined = (error_definitions as readonly Unwrapped[]).map((each) => each["name"]);
  assert.deepEqual(defined, told);
});

test("a login is made by password, metadata goes without, and all else by the id of a login", () => {
  for (const names of operations) {
    const { schemes } = ask(`${METADATA}.authentication.service.operation`, "get", names);
    const [scheme, ...others] = schemes as readonly Unwrapped[];
    const isLogin = names.service_id === SESSION && names.operation_id === "create";
    const isMetadata = METADATA_SERVICES.has(names.service_id, names.operation_id);
    const security = "com.vmware.vapi.std.security";
    const expected = isLogin
      ? { scheme_type: "SESSIONLESS", scheme: `${security}.user_pass` }
      : isMetadata
        ? { scheme_type: "SESSIONLESS", scheme: `${security}.no_authentication` }
        : {
            scheme_type: "SESSION_AWARE",
            session_manager: SESSION,
            scheme: `${security}.session_id`,
          };
    assert.deepEqual({ session_manager: undefined, ...expected }, scheme);
    assert.deepEqual(others, []);
  }
});

test("prints stay, and differ between components", () => {
  const printOf = (component_id: string) =>
    unwrap(outputOf(`${METAMODEL}.component`, "fingerprint", { component_id }));
  const components = list(`${METAMODEL}.component`);
  assert.deepEqual(components.map(printOf), components.map(printOf));
  assert.equal(new Set(components.map(printOf)).size, components.length);
  for (const component_id of components)
    assert.equal(
      ask(`${METAMODEL}.component`, "get", { component_id })["fingerprint"],
      printOf(component_id),
    );
});

test("a name that names nothing is not found, whatever objects inherit", () => {
  const nothing = ["", "no.such.name", "__proto__", "constructor", "toString"];
  for (const name of nothing) {
    const asked = [
      answerMetadata(`${INTROSPECTION}.service`, "get", inputOf({ id: name })),
      answerMetadata(`${METAMODEL}.structure`, "get", inputOf({ structure_id: name })),
      answerMetadata(`${METAMODEL}.component`, "get", inputOf({ component_id: name })),
      answerMetadata(
        `${INTROSPECTION}.operation`,
        "get",
        inputOf({ service_id: SESSION, operation_id: name }),
      ),
      answerMetadata(
        `${METADATA}.authentication.service.operation`,
        "list",
        inputOf({ service_id: name }),
      ),
    ];
    for (const answer of asked) assert.deepEqual(answer, { notFound: name });
  }
});

test("input that does not fit is refused with the member's name", () => {
  const get = (input: Readonly<Record<string, unknown>>) =>
    answerMetadata(`${METAMODEL}.structure`, "get", input);
  const inherited = inputOf(Object.create({ structure_id: "x" }) as object);
  for (const input of [
    inputOf({}),
    inputOf({ structure_id: 7 }),
    inputOf({ structure_id: null }),
    inputOf({ structure_id: { OPTIONAL: "x" } }),
    inherited,
  ])
    assert.deepEqual(get(input), { invalid: "structure_id: a string is expected" });
  for (const input of [{}, { STRUCTURE: {} }, { STRUCTURE: { other: { structure_id: "x" } } }])
    assert.deepEqual(get(input), { invalid: "a structure named operation-input is expected" });
});

test("optional input is wrapped, and may be left out", () => {
  const commands = (members: object) =>
    answerMetadata(`${METADATA}.cli.command`, "list", inputOf(members));
  const all = commands({});
  assert.ok(all !== undefined && "outputText" in all);
  assert.deepEqual(commands({ path: { OPTIONAL: null } }), all);
  const some = commands({ path: { OPTIONAL: "com.vmware.cis.session" } });
  assert.ok(some !== undefined && "outputText" in some);
  assert.equal((JSON.parse(some.outputText) as readonly unknown[]).length, 3);
  assert.deepEqual(commands({ path: "com.vmware.cis.session" }), {
    invalid: "path: an optional value is wrapped in OPTIONAL",
  });
  assert.deepEqual(commands({ path: { OPTIONAL: "no.such" } }), { notFound: "no.such" });
});

test("what is not served is no operation", () => {
  for (const [service, operation] of [
    [`${METAMODEL}.source`, "list"],
    [`${METAMODEL}.resource`, "list"],
    [`${METADATA}.privilege.service`, "list"],
    [`${METADATA}.routing.service`, "list"],
    [`${METAMODEL}.structure`, "create"],
    [`${METAMODEL}.structure`, "constructor"],
    ["constructor", "list"],
    [SESSION, "create"],
  ] as const) {
    assert.equal(answerMetadata(service, operation, inputOf({})), undefined);
    assert.equal(METADATA_SERVICES.has(service, operation), false);
  }
});
