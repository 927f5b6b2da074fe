// Archives that the server fetches by itself: what their clients see of them on every wire.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { RequestListener, ServerResponse } from "node:http";
import { after, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { aDiscImage } from "@contentlib/testkit/ovf/disc-image";
import { archivedFiles, ovaOf } from "@contentlib/testkit/ovf/ova-of";
import { LOOPBACK_FENCE, startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";
import type { Client } from "./client.ts";
import { fileNames, makeLibrary, openSession, readFile } from "./content.ts";
import { api, FORMS } from "./forms.ts";
import { none } from "./http-asking.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const pull = { pullAllow: LOOPBACK_FENCE.allow, pullDeny: [], pullProxy: null };
const LOOK_MS = 5;
/** How long a pull may take on a busy machine. */
const PATIENCE_MS = 60_000;

const DISK = "vm-disk1.vmdk";
const MEMBERS = archivedFiles();
const LIE = "bytes of a fisk";
const IMAGE = aDiscImage({ iso: { label: "TOOLS" } });

const CONTENTS: Readonly<Record<string, Uint8Array>> = {
  "vm.ova": ovaOf(MEMBERS),
  "lying.ova": ovaOf({ ...MEMBERS, [DISK]: LIE }),
  "short.iso": IMAGE.subarray(0, -1),
  "whole.iso": IMAGE,
};

const digest = (algorithm: string, bytes: string | Uint8Array): string =>
  createHash(algorithm).update(bytes).digest("hex");

/** Answers that are held in the middle of the file. */
const held: (() => void)[] = [];

const answer: RequestListener = ({ url = "" }, response: ServerResponse) => {
  const [, kind = "", name = ""] = url.split("/");
  const content = CONTENTS[name];
  if (content === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader("Content-Length", content.length);
  if (kind !== "held") response.end(content);
  else {
    response.write(content.subarray(0, 700));
    held.push(() => void response.end(content.subarray(700)));
  }
};

const source = await startRemoteServer(answer);
after(() => source.close());

for (const form of FORMS)
  describe(`an archive that is pulled, ${form.name}`, async () => {
    const server = await serverUnderTest({ pull });
    const client: Client = await server.client(form);
    const ours: Client = await server.client(api);

    const makeItem = async (type: string, library?: string): Promise<string> => {
      const library_id = library ?? (await makeLibrary(client));
      return await client.done(form.createItem({ library_id, name: freshName("item"), type }));
    };

    const addPull = async (session: string, name: string, path: string, spec = {}) =>
      await client.done(
        form.addFile(session, {
          name,
          source_type: "PULL",
          source_endpoint: { uri: `${source.origin}${path}` },
          ...spec,
        }),
      );

    const until = async (holds: () => boolean | Promise<boolean>) => {
      for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) {
        if (await holds()) return;
        await wait(LOOK_MS);
      }
      assert.fail("It does not come so far.");
    };

    const settled = async (session: string, name: string) => {
      const look = async () => await client.done(form.getFile(session, name));
      await until(async () => ["READY", "ERROR"].includes((await look()).status));
      return await look();
    };

    const ended = async (session: string) => {
      await until(async () => (await client.done(form.getSession(session))).state !== "ACTIVE");
      return await client.done(form.getSession(session));
    };

    const release = async () => {
      await until(() => held.length > 0);
      held.pop()?.();
    };

    test("by the MD5 of the whole, completed while it comes, is the package it holds", async () => {
      // S110, S112, S120, S127
      const item = await makeItem("ovf");
      const session = await openSession(client, item);
      const archive = CONTENTS["vm.ova"] ?? new Uint8Array();
      const checksum_info = { algorithm: "MD5", checksum: digest("md5", archive) };
      await addPull(session, "vm.ova", "/held/vm.ova", { checksum_info });
      assert.deepEqual((await client.done(form.getSession(session))).preview_info, {
        state: "PREPARING",
      });
      await client.done(form.completeSession(session));
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
      await client.refused(form.validate(session), "not_allowed_in_current_state");
      await release();
      const { state, error_message } = await ended(session);
      assert.equal(state, "DONE", error_message?.default_message);
      assert.deepEqual(await fileNames(client, item), ["vm.ovf", DISK]);
      assert.equal(await readFile(client, item, DISK), MEMBERS[DISK]);
      assert.equal(await readFile(client, item, "vm.ova"), Buffer.from(archive).toString());
    });

    test("lists its members once it is here, as pulled from where it was", async () => {
      // S122
      const session = await openSession(client, await makeItem("ovf"));
      await addPull(session, "vm.ova", "/now/vm.ova");
      const ready = await settled(session, "vm.ova");
      assert.equal(ready.status, "READY", ready.error_message?.default_message);
      const source_endpoint = { uri: `${source.origin}/now/vm.ova` };
      const listed = await client.done(form.listFiles(session));
      assert.deepEqual(
        listed.map(({ name }) => name),
        ["vm.ova", ...Object.keys(MEMBERS)],
      );
      for (const file of listed) {
        assert.equal(file.source_type, "PULL");
        assert.deepEqual(file.source_endpoint, source_endpoint);
        assert.equal(file.upload_endpoint, undefined);
      }
      const disk = await client.done(form.getFile(session, DISK));
      assert.deepEqual(
        [disk.status, disk.bytes_transferred, disk.checksum_info],
        [
          "READY",
          MEMBERS[DISK]?.length,
          { algorithm: "SHA256", checksum: digest("sha256", MEMBERS[DISK] ?? "") },
        ],
      );
      const { preview_info } = await client.done(form.getSession(session));
      assert.equal(preview_info?.state, "AVAILABLE");
      await client.done(form.cancelSession(session));
    });

    test("whose manifest lies turns to ERROR, and so does the session that waits for it, with archive, member and digests", async () => {
      // S113, S120
      const item = await makeItem("ovf");
      const session = await openSession(client, item);
      await addPull(session, "vm.ova", "/held/lying.ova");
      await client.done(form.completeSession(session));
      await release();
      const { state, error_message } = await ended(session);
      assert.equal(state, "ERROR");
      const file = await client.done(form.getFile(session, "vm.ova"));
      assert.equal(file.status, "ERROR");
      const expected = [
        "vm.ova: vm.mf:2: vm-disk1.vmdk",
        digest("sha256", MEMBERS[DISK] ?? ""),
        digest("sha256", LIE),
      ];
      for (const text of [error_message, file.error_message])
        for (const part of expected)
          assert.ok(text?.default_message.includes(part), text?.default_message);
      assert.deepEqual(await fileNames(client, item), []);
    });

    test("with another MD5 than it was declared turns to ERROR with both, and can be added again", async () => {
      // S66
      const item = await makeItem("ovf");
      const session = await openSession(client, item);
      const archive = CONTENTS["vm.ova"] ?? new Uint8Array();
      const checksum_info = { algorithm: "MD5", checksum: "0".repeat(32) };
      await addPull(session, "vm.ova", "/now/vm.ova", { checksum_info });
      const { status, error_message } = await settled(session, "vm.ova");
      assert.equal(status, "ERROR");
      for (const part of ["0".repeat(32), digest("md5", archive)])
        assert.ok(error_message?.default_message.includes(part), error_message?.default_message);
      await addPull(session, "vm.ova", "/now/vm.ova");
      assert.equal((await settled(session, "vm.ova")).status, "READY");
      await client.done(form.completeSession(session));
      assert.deepEqual(await fileNames(client, item), ["vm.ovf", DISK]);
    });

    test("an image that is pulled is rejected where its library says so", async () => {
      // S132
      const library = await makeLibrary(client);
      const path = `/api/contentlib/libraries/${library}/settings`;
      await ours.done(none("PATCH", path, { reject_bad_iso: true }));
      const item = await makeItem("iso", library);
      const session = await openSession(client, item);
      await addPull(session, "x.iso", "/now/short.iso");
      const { status, error_message } = await settled(session, "x.iso");
      assert.equal(status, "ERROR");
      for (const part of [IMAGE.length - 1, IMAGE.length])
        assert.match(error_message?.default_message ?? "", new RegExp(`\\b${part}\\b`));
      const refusal = form.completeSession(session);
      await client.refused(refusal, "not_allowed_in_current_state");
      await addPull(session, "x.iso", "/now/whole.iso");
      assert.equal((await settled(session, "x.iso")).status, "READY");
      await client.done(form.completeSession(session));
      assert.deepEqual(await fileNames(client, item), ["x.iso"]);
    });

    test("a rejected image ends the completion that waits for it", async () => {
      // S113, S132
      const library = await makeLibrary(client);
      const path = `/api/contentlib/libraries/${library}/settings`;
      await ours.done(none("PATCH", path, { reject_bad_iso: true }));
      const item = await makeItem("iso", library);
      const session = await openSession(client, item);
      await addPull(session, "x.iso", "/held/short.iso");
      await client.done(form.completeSession(session));
      await release();
      const { state, error_message } = await ended(session);
      assert.equal(state, "ERROR");
      assert.match(error_message?.default_message ?? "", /x\.iso/);
      assert.deepEqual(await fileNames(client, item), []);
    });
  });
