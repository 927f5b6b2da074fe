import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import { addPush, fileNames, hexDigest, makeItem, openSession, send } from "./content.ts";
import { FORMS } from "./forms.ts";
import { serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  describe(`declared size and checksum, ${form.name}`, () => {
    test("declared 6, sent 5 or 7: refused with both values, file ERROR, and the same URL takes the right bytes [C106]", async () => {
      // S65, S67
      for (const [body, sent] of [
        ["fives", 5],
        ["sevens!", 7],
      ] as const) {
        for (const headers of [{}, { "Transfer-Encoding": "chunked" }]) {
          const session = await openSession(client);
          const uri = await addPush(client, session, "a.txt", { size: 6 });
          const answer = await send(uri, body, headers);
          assert.equal(answer.status, 400);
          assert.ok(answer.text.includes("6") && answer.text.includes(String(sent)), answer.text);
          const shown = await client.done(form.getFile(session, "a.txt"));
          assert.equal(shown.status, "ERROR");
          assert.ok(
            answer.text.includes(JSON.stringify(shown.error_message?.default_message)),
            "the same text",
          );
          assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
          await client.refused(form.completeSession(session), "not_allowed_in_current_state");
          assert.equal((await send(uri, "sixsix")).status, 200);
          await client.done(form.completeSession(session));
        }
      }
    });

    test("size 0 and -1 are unknown, and check nothing", async () => {
      // S54
      const session = await openSession(client);
      for (const size of [0, -1]) {
        assert.equal(
          (await send(await addPush(client, session, `size ${size}`, { size }), "some")).status,
          200,
        );
      }
    });

    test("a wrong checksum: refused, file ERROR with expected and actual value, the item unchanged [C107]", async () => {
      // S66
      const item = await makeItem(client);
      const session = await openSession(client, item);
      const expected = hexDigest("sha256", "right");
      const uri = await addPush(client, session, "a.txt", {
        checksum_info: { algorithm: "SHA256", checksum: expected },
      });
      const answer = await send(uri, "wrong");
      assert.equal(answer.status, 400);
      const shown = await client.done(form.getFile(session, "a.txt"));
      const text = shown.error_message?.default_message ?? "";
      assert.equal(shown.status, "ERROR");
      assert.ok(text.includes(expected) && text.includes(hexDigest("sha256", "wrong")), text);
      assert.ok(answer.text.includes(JSON.stringify(text)));
      assert.deepEqual(await fileNames(client, item), []);
    });

    test("SHA1 is meant where no algorithm is named; hex of any case matches; other spellings are read [C108]", async () => {
      // S55
      const wishes = [
        [{ checksum: hexDigest("sha1", "x") }, "SHA1"],
        [{ algorithm: "SHA1", checksum: hexDigest("sha1", "x").toUpperCase() }, "SHA1"],
        [{ algorithm: "MD5", checksum: hexDigest("md5", "x") }, "MD5"],
        [{ algorithm: "SHA2-256", checksum: hexDigest("sha256", "x") }, "SHA256"],
        [{ algorithm: "sha-512", checksum: hexDigest("sha512", "x") }, "SHA512"],
        [{ algorithm: "SHA1", checksum: "" }, "SHA256"],
      ] as const;
      for (const [checksum_info, algorithm] of wishes) {
        const session = await openSession(client);
        const uri = await addPush(client, session, "a", { checksum_info });
        assert.equal((await send(uri, "x")).status, 200, algorithm);
        const shown = (await client.done(form.getFile(session, "a"))).checksum_info;
        const digest = hexDigest(algorithm.toLowerCase() as "sha1", "x");
        assert.deepEqual(shown, { algorithm, checksum: digest });
      }
    });

    test("an unknown algorithm, or a digest of the wrong length, is invalid at add", async () => {
      // S55
      const session = await openSession(client);
      for (const checksum_info of [
        { algorithm: "CRC32", checksum: "00000000" },
        { checksum: "abc" },
        { checksum: "z".repeat(40) },
      ]) {
        await client.refused(
          form.addFile(session, { name: "a", source_type: "PUSH", checksum_info }),
          "invalid_argument",
        );
      }
    });
  });
}
