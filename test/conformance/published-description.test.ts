// Every reply that the conformance tests see is held against the published machine-readable description (`ask` does that), and
// `every-operation.test.ts` sees each operation. Here the check itself is checked.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { checkPublished, descriptionIsAbsent, publishedAt } from "./published-description.ts";

const skip = descriptionIsAbsent ?? false;

const reply = (status: number, body: unknown) => {
  const text = JSON.stringify(body);
  return { status, text, bytes: Buffer.from(text) };
};

describe("the published description", { skip }, () => {
  test("is really read: a reply that departs from it is told of", () => {
    const path = "/api/content/library/item/update-session/x";
    const complaints = [
      checkPublished("GET", path, reply(200, { state: "EXPIRED" })),
      checkPublished("GET", path, reply(200, { color: "red" })),
      checkPublished("GET", path, reply(200, { client_progress: "5" })),
      checkPublished("GET", path, reply(201, {})),
      checkPublished("DELETE", path, reply(204, {})),
      checkPublished("GET", path, reply(404, { error_type: "NOT_FOUND", messages: [{ id: "x" }] })),
    ];
    for (const [index, each] of complaints.entries())
      assert.ok(each.length > 0, `reply ${index} passes`);
    assert.deepEqual(
      checkPublished("GET", path, reply(200, { state: "DONE", client_progress: 5 })),
      [],
    );
  });

  test("is read to the members of its maps", () => {
    const path = "/api/content/security-policies";
    const policies = (rule: unknown) =>
      reply(200, [{ policy: "p", name: "n", item_type_rules: { ovf: rule } }]);
    assert.deepEqual(checkPublished("GET", path, policies("OVF_STRICT_VERIFICATION")), []);
    assert.ok(checkPublished("GET", path, policies("NO_RULE")).length > 0);
    assert.ok(checkPublished("GET", path, policies(5)).length > 0);
  });

  test("knows its operations by verb, address, action and the parameters that an address asks for", () => {
    const item = "/api/content/library/item";
    const keys: readonly (readonly [string, string, string])[] = [
      ["GET", `${item}?library_id=x`, `${item}?library_id`],
      ["GET", `${item}/x`, `${item}/{libraryItemId}`],
      ["GET", `${item}/x/file`, `${item}/{libraryItemId}/file`],
      ["GET", `${item}/x/file?name=y`, `${item}/{libraryItemId}/file?name`],
      ["GET", `${item}/x/changes/2`, `${item}/{libraryItem}/changes/{version}`],
      ["POST", `${item}/x?action=copy&client_token=t`, `${item}/{sourceLibraryItemId}?action=copy`],
      ["GET", `${item}/update-session?library_item_id=x`, `${item}/update-session`],
      ["GET", "/rest/content/library/item/x/changes", "/rest/content/library/item/{}/changes"],
      [
        "POST",
        "/rest/com/vmware/content/library/item/id:x?~action=copy",
        "/rest/com/vmware/content/library/item/id:{}?~action=copy",
      ],
    ];
    const bare = (key: string | undefined) => key?.replaceAll(/\{\w*\}/g, "{}");
    for (const [method, target, key] of keys)
      assert.equal(bare(publishedAt(method, target)?.key), bare(`${method} ${key}`), target);
    assert.equal(publishedAt("DELETE", "/api/content/library/x"), undefined);
    assert.equal(publishedAt("GET", "/api/content/library?color=red"), undefined);
  });
});
