import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask, readReply } from "./client.ts";
import { HTTP_FORMS } from "./forms.ts";
import { exchange } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();
const get = (path: string) => exchange({ method: "GET", url: server.url + path });

describe("pages beside the API", () => {
  test("health and readiness need no login", async () => {
    for (const path of ["/healthz", "/readyz"]) {
      const answer = await get(path);
      assert.deepEqual([answer.status, answer.text], [200, '{"status":"ok"}'], path);
    }
  });

  for (const form of HTTP_FORMS) {
    test(`the description of ${form.name} is served, and tells every address the tests use`, async () => {
      const answer = await get(`/openapi/${form.name}.json`);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers["content-type"], "application/json");
      const { openapi, paths } = JSON.parse(answer.text) as {
        openapi: string;
        paths: Record<string, object>;
      };
      assert.match(openapi, /^3\./);
      const verbs = Object.values(paths).flatMap((path) => Object.keys(path));
      assert.ok(verbs.filter((verb) => /^(?:get|post|patch|delete)$/.test(verb)).length >= 30);
    });

    test(`services that are not served are operation_not_found, ${form.name}`, async () => {
      const { loginId } = await server.client(form);
      const base = form.name === "rest" ? "/rest/com/vmware/content" : "/api/content";
      for (const path of ["/usages", "/library/x/item/y", "/nonsense"]) {
        const reply = await ask(
          form,
          server.url,
          { method: "GET", path: base + path, status: 0 },
          { "vmware-api-session-id": loginId },
        );
        assert.deepEqual([reply.status, reply.faultClass], [404, "operation_not_found"], path);
      }
    });
  }

  test("any other path is a JSON error, not a page", async () => {
    for (const path of ["/", "/index.html", "/rest", "/cls", "/%ff", "/../x"]) {
      const answer = await get(path);
      assert.equal(answer.status, 404, path);
      const form = HTTP_FORMS[path.startsWith("/rest/") ? 0 : 1];
      assert.ok(form);
      assert.equal(readReply(form, answer).faultClass, "operation_not_found", path);
    }
  });
});
