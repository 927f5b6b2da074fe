import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, test } from "node:test";
import { TransferRig } from "@contentlib/testkit/rigs/transfer-rig";
import type { Ask, Told } from "@contentlib/testkit/rigs/wire-rig";

const BODY_TYPE = "application/partial-upload";
const PROBLEMS = "https://iana.org/assignments/http-problem-types#";

let rig: TransferRig;
beforeEach(async () => {
  rig = await TransferRig.open();
});
afterEach(async () => await rig.close());

interface Client {
  ask(method: string, path: string, given?: Ask): Promise<Told>;
  patch(
    path: string,
    at: { readonly offset: string | number; readonly isLast: boolean | string },
    body: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Told>;
  /** Offset, completeness and length, as HEAD tells them. */
  state(path: string): Promise<readonly unknown[]>;
}

const clientOf = (interopVersion: string): Client => {
  const ask: Client["ask"] = async (method, path, given = {}) => {
    const headers = { "upload-draft-interop-version": interopVersion, ...given.headers };
    const told = await rig.wire.ask(method, path, { ...given, headers });
    assert.equal(told.headers["upload-draft-interop-version"], interopVersion, told.text);
    return told;
  };
  return {
    ask,
    patch: async (path, { offset, isLast }, body, headers = {}) =>
      await ask("PATCH", path, {
        body,
        headers: {
          "content-type": BODY_TYPE,
          "upload-offset": String(offset),
          "upload-complete": typeof isLast === "string" ? isLast : isLast ? "?1" : "?0",
          ...headers,
        },
      }),
    state: async (path) => {
      const { headers } = await ask("HEAD", path);
      return [headers["upload-offset"], headers["upload-complete"], headers["upload-length"]];
    },
  };
};

const jsonOf = ({ text }: Told): Readonly<Record<string, unknown>> =>
  JSON.parse(text) as Readonly<Record<string, unknown>>;

for (const [name, interopVersion, ageLimit] of [
  ["draft 05", "6", "expires"],
  ["draft 12", "9", "max-age"],
] as const) {
  describe(name, () => {
    const client = clientOf(interopVersion);

    test("HEAD tells offset, completeness, length and how long the upload lives", async () => {
      const path = await rig.add("a.iso", { size: 10 });
      const { status, text, headers } = await client.ask("HEAD", path);
      assert.deepEqual([status, text], [204, ""]);
      assert.equal(headers["cache-control"], "no-store");
      const limit = new RegExp(`^${ageLimit}=(\\d+)$`).exec(String(headers["upload-limit"]));
      assert.ok(Number(limit?.[1]) > 0, String(headers["upload-limit"]));
      assert.deepEqual(await client.state(path), ["0", "?0", "10"]);
      const got = await client.ask("GET", path);
      assert.deepEqual([got.status, got.text, got.headers["upload-offset"]], [204, "", "0"]);
      assert.deepEqual(await client.state(await rig.add("b.iso")), ["0", "?0", undefined]);
    });

    test("PATCH appends, and the one that says it is the last completes the file", async () => {
      const path = await rig.add("a.iso");
      const first = await client.patch(path, { offset: 0, isLast: false }, "0123");
      assert.deepEqual(
        [first.status, first.headers["upload-complete"], first.headers["upload-offset"]],
        [204, "?0", "4"],
      );
      assert.deepEqual(await client.state(path), ["4", "?0", undefined]);
      const last = await client.patch(path, { offset: 4, isLast: true }, "456789");
      assert.deepEqual(
        [last.status, last.headers["upload-complete"], last.headers["upload-offset"]],
        [200, "?1", "10"],
      );
      assert.deepEqual(await client.state(path), ["10", "?1", "10"]);
      assert.equal((await rig.file("a.iso")).status, "READY");
    });

    test("the end can be told by an empty request, also once more", async () => {
      const path = await rig.add("a.iso", { size: 4 });
      await client.patch(path, { offset: 0, isLast: false }, "0123");
      for (const _ of [1, 2]) {
        const told = await client.patch(path, { offset: 4, isLast: true }, "");
        assert.deepEqual([told.status, told.headers["upload-complete"]], [200, "?1"]);
      }
      assert.equal((await rig.file("a.iso")).status, "READY");
    });

    test("an offset that is not where the bytes end is 409 with both, and changes nothing", async () => {
      const path = await rig.add("a.iso", { size: 10 });
      await client.patch(path, { offset: 0, isLast: false }, "0123");
      const told = await client.patch(path, { offset: 6, isLast: false }, "67");
      assert.equal(told.status, 409);
      assert.deepEqual(
        [told.headers["upload-offset"], told.headers["upload-complete"]],
        ["4", "?0"],
      );
      assert.equal(told.headers["content-type"], "application/problem+json");
      const { title, ...problem } = jsonOf(told);
      assert.ok(typeof title === "string" && title !== "");
      assert.deepEqual(problem, {
        type: `${PROBLEMS}mismatching-upload-offset`,
        status: 409,
        "expected-offset": 4,
        "provided-offset": 6,
      });
      assert.deepEqual(await client.state(path), ["4", "?0", "10"]);
    });

    test("lengths that do not agree are 400 with their own type, and change nothing", async () => {
      const path = await rig.add("a.iso", { size: 10 });
      await client.patch(path, { offset: 0, isLast: false }, "0123");
      const tries: [boolean, string, Record<string, string>][] = [
        [false, "45", { "upload-length": "11" }],
        [true, "45", {}],
        [true, "456789", { "upload-length": "9" }],
        [false, "4567890", {}],
      ];
      for (const [isLast, body, headers] of tries) {
        const told = await client.patch(path, { offset: 4, isLast }, body, headers);
        assert.equal(told.status, 400, body);
        assert.equal(jsonOf(told)["type"], `${PROBLEMS}inconsistent-upload-length`);
        assert.equal(told.headers["upload-complete"], "?0");
        assert.equal(told.headers["upload-offset"], "4");
        assert.deepEqual(await client.state(path), ["4", "?0", "10"]);
      }
    });

    test("a length that is told with the bytes stays", async () => {
      const path = await rig.add("a.iso");
      const told = { "upload-length": "10" };
      await client.patch(path, { offset: 0, isLast: false }, "0123", told);
      assert.deepEqual(await client.state(path), ["4", "?0", "10"]);
      const other = { "upload-length": "8" };
      assert.equal(
        (await client.patch(path, { offset: 4, isLast: false }, "45", other)).status,
        400,
      );
      assert.equal((await client.patch(path, { offset: 4, isLast: true }, "456789")).status, 200);
    });

    test("headers are items of structured fields: what stands behind them is ignored, and what is none too", async () => {
      const path = await rig.add("a.iso");
      const length = { "upload-length": "ten" };
      const told = await client.patch(
        path,
        { offset: "0;a=1; b", isLast: '?0;x="y;z"' },
        "01",
        length,
      );
      assert.equal(told.status, 204, told.text);
      assert.deepEqual(await client.state(path), ["2", "?0", undefined]);
      for (const offset of ["-2", "2.0", '"2"', "0x2", "2, 2", "9007199254740992"]) {
        const refused = await client.patch(path, { offset, isLast: false }, "23");
        assert.equal(refused.status, 400, offset);
        assert.match(refused.text, /Upload-Offset/);
      }
      for (const isLast of ["1", "true", "?2", "?1, ?1"]) {
        const refused = await client.patch(path, { offset: 2, isLast }, "23");
        assert.equal(refused.status, 400, isLast);
        assert.match(refused.text, /Upload-Complete/);
      }
      assert.deepEqual(await client.state(path), ["2", "?0", undefined]);
    });

    test("bytes of another type are 415 and say that the upload goes on", async () => {
      const path = await rig.add("a.iso");
      await client.patch(path, { offset: 0, isLast: false }, "01");
      const type = { "content-type": "application/offset+octet-stream" };
      const told = await client.patch(path, { offset: 2, isLast: false }, "01", type);
      assert.equal(told.status, 415);
      assert.deepEqual(
        [told.headers["upload-complete"], told.headers["upload-offset"]],
        ["?0", "2"],
      );
    });

    test("a file that is not what was declared is 400, and the answer says that more bytes do not help", async () => {
      const checksum = createHash("sha256").update("0123").digest("hex");
      const path = await rig.add("a.iso", { checksum_info: { algorithm: "SHA256", checksum } });
      const told = await client.patch(path, { offset: 0, isLast: true }, "0124");
      assert.deepEqual([told.status, told.headers["upload-complete"]], [400, "?1"]);
      assert.equal((await rig.file("a.iso")).status, "ERROR");
      assert.equal((await client.patch(path, { offset: 0, isLast: true }, "0123")).status, 200);
    });

    test("bytes that do not fit their own digest are refused and dropped", async () => {
      const path = await rig.add("a.iso");
      for (const algorithm of ["sha256", "sha512"]) {
        const digest = createHash(algorithm).update("0123").digest("base64");
        const name = algorithm.replace("sha", "sha-");
        const headers = { "content-digest": `md5=:AAAA:, ${name}=:${digest}:` };
        const told = await client.patch(path, { offset: 0, isLast: false }, "0124", headers);
        assert.deepEqual([told.status, told.headers["upload-offset"]], [400, "0"], told.text);
        assert.match(told.text, /dropped/);
      }
      assert.deepEqual(await client.state(path), ["0", "?0", undefined]);
    });

    test("DELETE drops what came and the file waits again", async () => {
      const path = await rig.add("a.iso", { size: 4 });
      await client.patch(path, { offset: 0, isLast: false }, "01");
      assert.equal((await client.ask("DELETE", path)).status, 204);
      assert.deepEqual(await client.state(path), ["0", "?0", "4"]);
    });

    test("a request that asks or drops has no word of bytes", async () => {
      const path = await rig.add("a.iso", { size: 4 });
      await client.patch(path, { offset: 0, isLast: false }, "01");
      for (const method of ["HEAD", "DELETE"])
        for (const headers of [
          { "upload-offset": "0" },
          { "upload-complete": "?0" },
          { "upload-length": "4" },
        ])
          assert.equal((await client.ask(method, path, { headers })).status, 400);
      assert.deepEqual(await client.state(path), ["2", "?0", "4"]);
    });

    test("a whole file may say that it is one, and the beginning of one may not come by PUT or POST", async () => {
      const path = await rig.add("a.iso");
      for (const method of ["PUT", "POST"]) {
        const headers = { "upload-complete": "?0" };
        const refused = await client.ask(method, path, { body: "01", headers });
        assert.equal(refused.status, 405);
        assert.match(refused.text, /update session has made the upload/);
        assert.match(String(refused.headers.allow), /PATCH/);
      }
      const told = await rig.wire.ask("PUT", path, {
        body: "0123",
        headers: { "upload-draft-interop-version": interopVersion, "upload-complete": "?1" },
      });
      assert.equal(told.status, 200);
      assert.equal((await rig.file("a.iso")).status, "READY");
    });

    test("the real method may stand in a header", async () => {
      const path = await rig.add("a.iso");
      await client.patch(path, { offset: 0, isLast: false }, "01");
      const headers = {
        "x-http-method-override": "patch",
        "content-type": BODY_TYPE,
        "upload-offset": "2",
        "upload-complete": "?1",
      };
      const told = await client.ask("POST", path, { body: "23", headers });
      assert.deepEqual([told.status, told.headers["upload-offset"]], [200, "4"]);
      assert.equal((await rig.file("a.iso")).size, 4);
    });

    test("bytes that are said to begin behind others are no whole file", async () => {
      const path = await rig.add("a.iso");
      await client.patch(path, { offset: 0, isLast: false }, "01");
      for (const method of ["PUT", "POST"]) {
        const headers = { "upload-offset": "2", "upload-complete": "?1" };
        const told = await client.ask(method, path, { body: "23", headers });
        assert.equal(told.status, 405);
      }
      assert.deepEqual((await client.state(path)).slice(0, 2), ["2", "?0"]);
    });

    test("OPTIONS tells how to append", async () => {
      const path = await rig.add("a.iso");
      const told = await client.ask("OPTIONS", path);
      assert.equal(told.status, 204);
      assert.match(String(told.headers["accept-patch"]), /application\/partial-upload/);
    });
  });
}

test("any other version is refused, and both that are spoken are named", async () => {
  const path = await rig.add("a.iso", { size: 4 });
  for (const version of ["3", "5", "7", "8", "10", "06", "six", "6, 9", "constructor"]) {
    for (const method of ["PATCH", "DELETE", "PUT"]) {
      const told = await rig.wire.ask(method, path, {
        headers: { "upload-draft-interop-version": version },
      });
      assert.equal(told.status, 400, version);
      assert.match(told.text, /must be 6 \(draft 05\) or 9 \(draft 12\)/);
    }
    const head = await rig.wire.ask("HEAD", path, {
      headers: { "upload-draft-interop-version": version },
    });
    assert.equal(head.status, 400);
  }
  assert.deepEqual(await clientOf("9").state(path), ["0", "?0", "4"]);
});

test("a PUT or POST that tells an offset names a protocol or is refused", async () => {
  const path = await rig.add("a.iso");
  await clientOf("9").patch(path, { offset: 0, isLast: false }, "01");
  for (const method of ["PUT", "POST"]) {
    const headers = { "upload-offset": "2" };
    assert.equal((await rig.wire.ask(method, path, { body: "23", headers })).status, 405);
  }
  assert.deepEqual((await clientOf("9").state(path)).slice(0, 2), ["2", "?0"]);
});

test("what only the drafts have is taken as the newest of them, and is never a whole file", async () => {
  const path = await rig.add("a.iso");
  const headers = { "upload-complete": "?0", "upload-offset": "0", "content-type": BODY_TYPE };
  const told = await rig.wire.ask("PATCH", path, { body: "01", headers });
  assert.deepEqual([told.status, told.headers["upload-draft-interop-version"]], [204, "9"]);
  const part = await rig.wire.ask("PUT", path, {
    body: "01",
    headers: { "upload-complete": "?0" },
  });
  assert.equal(part.status, 405);
  assert.equal((await rig.file("a.iso")).status, "WAITING_FOR_TRANSFER");
});
