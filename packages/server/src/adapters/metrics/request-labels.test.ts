import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RequestLabeling, statusClassOf } from "./request-labels.ts";

const labelsOf = (route: string, method = "GET"): string => {
  const { road, operation } = new RequestLabeling().labelsOf({ route, method });
  return `${road} ${operation}`;
};

describe("labels of requests", () => {
  test("an operation is the same on all roads", () => {
    for (const road of ["api", "rest", "rpc"])
      assert.equal(labelsOf(`${road} item.get`), `${road} item.get`);
  });

  test("bytes are told apart by what is done, pages by their path", () => {
    assert.deepEqual(
      ["PUT", "POST", "GET", "HEAD", "BREW"].map((method) => labelsOf("bytes /cls/data/", method)),
      ["bytes upload", "bytes upload", "bytes download", "bytes probe", "bytes other"],
    );
    assert.equal(labelsOf("pages /healthz"), "pages /healthz");
    assert.equal(labelsOf("pages /docs"), "pages /docs");
    assert.equal(labelsOf("pages /docs/any/file"), "pages /docs");
  });

  test("the services that describe the others are one", () => {
    assert.equal(labelsOf("rpc com.vmware.vapi.metadata.cli.command.list"), "rpc metadata");
    assert.equal(labelsOf("rpc metadata"), "rpc metadata");
  });

  for (const route of [
    "api (none)",
    "api secret.name",
    "rest constructor",
    "api __proto__",
    "pages (none)",
    "pages /secret",
    "pages /docsecret",
    "bytes",
    "(broken)",
    "(no place)",
    "secret item.get2",
    "",
  ])
    test(`whatever is not ours is other: ${JSON.stringify(route)}`, () => {
      assert.match(labelsOf(route, "SECRET"), /^(api|rest|pages|bytes|other) other$/);
    });

  test("labels that are alike are one object, however much clients make up", () => {
    const labeling = new RequestLabeling();
    const all = new Set<object>();
    for (const road of ["api", "rest", "rpc", "pages", "bytes", "made up"])
      for (let n = 0; n < 200; n += 1)
        all.add(labeling.labelsOf({ route: `${road} ${n}`, method: `M${n}` }));
    assert.equal(all.size, 6);
    const known = labeling.labelsOf({ route: "api item.get", method: "GET" });
    assert.equal(labeling.labelsOf({ route: "api item.get", method: "GET" }), known);
  });
});

test("a status is told by its class, an error of JSON-RPC and a client that is gone by name", () => {
  const classOf = (status: number, fault?: string): string =>
    statusClassOf({ method: "GET", route: "", durationMs: 1, status, fault });
  assert.deepEqual(
    [200, 204, 304, 404, 503, 0, 999, 42].map((status) => classOf(status)),
    ["2xx", "2xx", "3xx", "4xx", "5xx", "gone", "other", "other"],
  );
  assert.equal(classOf(200, "not_found"), "error");
  assert.equal(classOf(404, "not_found"), "4xx");
});
