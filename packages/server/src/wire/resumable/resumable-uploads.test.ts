import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { RawConnection } from "@contentlib/testkit/rigs/raw-connection";
import { TransferRig } from "@contentlib/testkit/rigs/transfer-rig";
import type { Told } from "@contentlib/testkit/rigs/wire-rig";
import { basic } from "@contentlib/testkit/rigs/wire-rig";
import { UPLOAD_STALL_TIMEOUT_MS } from "../byte-endpoints.ts";
import { LINGER_MS } from "../linger.ts";

const MIB = 1024 * 1024;
/** Longer than a session of the rig lives without a sign of life. */
const LONG_MS = 600_000;

let rig: TransferRig;
beforeEach(async () => {
  rig = await TransferRig.open();
});
afterEach(async () => await rig.close());

type Headers = Readonly<Record<string, string>>;

/** What the protocols have in common: how each is told, and how an append at an offset looks. */
interface Protocol {
  readonly name: string;
  readonly version: Headers;
  append(offsetBytes: number): Headers;
}

const draft = (name: string, version: string): Protocol => ({
  name,
  version: { "upload-draft-interop-version": version },
  append: (offsetBytes) => ({
    "content-type": "application/partial-upload",
    "upload-offset": String(offsetBytes),
    "upload-complete": "?0",
  }),
});

const PROTOCOLS: readonly Protocol[] = [
  {
    name: "tus",
    version: { "tus-resumable": "1.0.0" },
    append: (offsetBytes) => ({
      "content-type": "application/offset+octet-stream",
      "upload-offset": String(offsetBytes),
    }),
  },
  draft("draft 05", "6"),
  draft("draft 12", "9"),
];

const headOf = (method: string, path: string, headers: Headers): string => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\nHost: x\r\n${lines.join("")}\r\n`;
};

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
};

const receivedOf = async (name: string): Promise<number> =>
  (await rig.file(name)).bytes_transferred;

for (const protocol of PROTOCOLS) {
  describe(protocol.name, () => {
    const ask = async (method: string, path: string, headers: Headers = {}): Promise<Told> =>
      await rig.wire.ask(method, path, { headers: { ...protocol.version, ...headers } });

    const append = async (path: string, offsetBytes: number, body: string): Promise<Told> =>
      await rig.wire.ask("PATCH", path, {
        body,
        headers: { ...protocol.version, ...protocol.append(offsetBytes) },
      });

    /** Begins to append so many bytes, of which the first are sent. */
    const begin = async (
      path: string,
      lengthBytes: number,
      first: string | Uint8Array,
    ): Promise<RawConnection> => {
      const headers = {
        ...protocol.version,
        ...protocol.append(0),
        "content-length": `${lengthBytes}`,
      };
      const connection = rig.wire.connect();
      await connection.send(headOf("PATCH", path, headers));
      await connection.send(first);
      return connection;
    };

    test("HEAD cuts whoever is sending, and what it tells is where the next bytes go", async () => {
      const path = await rig.add("a.iso", { size: 1000 });
      const older = await begin(path, 1000, "first bytes");
      await until(async () => (await receivedOf("a.iso")) === 11);
      const head = await ask("HEAD", path);
      assert.equal(head.headers["upload-offset"], "11");
      const told = await older.until(/\r\n\r\n\{.*\}$/);
      assert.match(told, /^HTTP\/1\.1 412 /);
      assert.match(told, /superseded by a newer writer/);
      assert.doesNotMatch(told, /upload-offset/i);
      older.destroy();
      assert.equal((await append(path, 11, "more")).status, 204);
      assert.equal(await receivedOf("a.iso"), 15);
    });

    test("an append cuts whoever is sending, and so does a plain PUT, which begins at 0", async () => {
      const path = await rig.add("a.iso");
      const first = await begin(path, 1000, "first bytes");
      await until(async () => (await receivedOf("a.iso")) === 11);
      const refused = await append(path, 0, "other");
      assert.equal(refused.status, 409);
      assert.match(await first.until(/\r\n\r\n\{.*\}$/), /^HTTP\/1\.1 412 /);
      first.destroy();
      const second = rig.wire.connect();
      const headers = { ...protocol.version, ...protocol.append(11), "content-length": "1000" };
      await second.send(`${headOf("PATCH", path, headers)}more`);
      await until(async () => (await receivedOf("a.iso")) === 15);
      assert.equal((await rig.wire.ask("PUT", path, { body: "whole" })).status, 200);
      assert.match(await second.until(/\r\n\r\n\{.*\}$/), /^HTTP\/1\.1 412 /);
      second.destroy();
      assert.equal((await rig.file("a.iso")).size, 5);
    });

    test("a plain PUT that is cut is told so by 409", async () => {
      const path = await rig.add("a.iso");
      const older = rig.wire.connect();
      await older.send(`${headOf("PUT", path, { "content-length": "1000" })}first bytes`);
      await until(async () => (await receivedOf("a.iso")) === 11);
      const head = await ask("HEAD", path);
      assert.equal(head.headers["upload-offset"], "11");
      const told = await older.until(/\r\n\r\n\{.*\}$/);
      assert.match(told, /^HTTP\/1\.1 409 .*superseded by a newer writer/s);
      older.destroy();
    });

    test("a client in the middle of 50 MB gets its answer, and is read from for a moment", async () => {
      const path = await rig.add("a.iso");
      const older = await begin(path, 50 * MIB, Buffer.alloc(MIB));
      await until(async () => (await receivedOf("a.iso")) > 0);
      // Like many a client, it looks for an answer only once it has sent all of its bytes.
      older.pause();
      await ask("HEAD", path);
      for (let sent = 0; sent < 40; sent += 1) await older.send(Buffer.alloc(MIB));
      older.resume();
      const told = await older.until(/\r\n\r\n\{.*\}$/);
      assert.match(told, /^HTTP\/1\.1 412 /);
      assert.match(told, /\r\nConnection: close\r\n/i);
      await rig.wire.clock.advance(LINGER_MS);
      await older.closed();
      const kept = Number((await ask("HEAD", path)).headers["upload-offset"]);
      assert.equal(await receivedOf("a.iso"), kept);
      assert.ok(kept <= 2 * MIB, String(kept));
    });

    test("a refusal before the first byte reaches a client that sends on", async () => {
      const path = await rig.add("a.iso", { size: 50 * MIB });
      const connection = rig.wire.connect();
      const headers = { ...protocol.version, ...protocol.append(7), "content-length": "50000000" };
      await connection.send(headOf("PATCH", path, headers));
      await connection.send(Buffer.alloc(8 * MIB));
      const told = await connection.until(/\r\n\r\n\{.*\}$/);
      assert.match(told, /^HTTP\/1\.1 409 /);
      assert.match(told, /\r\nConnection: close\r\n/i);
      connection.destroy();
      assert.equal((await ask("HEAD", path)).headers["upload-offset"], "0");
    });

    test("leave to send is given once nothing speaks against it, and not else", async () => {
      const path = await rig.add("a.iso", { size: 4 });
      const asking = (offsetBytes: number): string =>
        headOf("PATCH", path, {
          ...protocol.version,
          ...protocol.append(offsetBytes),
          "content-length": "4",
          expect: "100-continue",
        });
      const refused = rig.wire.connect();
      await refused.send(asking(2));
      assert.match(await refused.until(/\r\n\r\n\{.*\}$/), /^HTTP\/1\.1 409 /);
      refused.destroy();
      const connection = rig.wire.connect();
      await connection.send(asking(0));
      await connection.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
      await connection.send("0123");
      assert.match(await connection.until(/ 20[04] [\s\S]*\r\n\r\n$/), /upload-offset: 4/i);
      connection.destroy();
    });

    test("a client that fell silent is told in a way after which clients go on", async () => {
      const path = await rig.add("a.iso", { size: 1000 });
      const connection = await begin(path, 1000, "first bytes");
      await until(async () => (await receivedOf("a.iso")) === 11);
      await rig.wire.clock.advance(UPLOAD_STALL_TIMEOUT_MS + 5000);
      const told = await connection.until(/\r\n\r\n\{.*\}$/);
      assert.match(told, /^HTTP\/1\.1 503 /);
      assert.match(told, /broke off; 11 bytes are here/);
      connection.destroy();
      assert.equal((await ask("HEAD", path)).headers["upload-offset"], "11");
    });

    test("one that vanishes leaves what came", async () => {
      const path = await rig.add("a.iso", { size: 1000 });
      const connection = await begin(path, 1000, "first bytes");
      await until(async () => (await receivedOf("a.iso")) === 11);
      connection.destroy();
      await until(async () => (await rig.file("a.iso")).status !== "TRANSFERRING");
      assert.equal(await receivedOf("a.iso"), 11);
      assert.equal((await append(path, 11, "more")).status, 204);
    });

    test("Repr-Digest is told to those who want it, of what is here", async () => {
      const path = await rig.add("a.iso", { size: 1000 });
      const wanting = { "want-repr-digest": "sha-512=3, sha-256=10" };
      assert.equal((await ask("HEAD", path, wanting)).headers["repr-digest"], undefined);
      await append(path, 0, "first bytes");
      const digest = createHash("sha256").update("first bytes").digest("base64");
      const told = (await ask("HEAD", path, wanting)).headers["repr-digest"];
      assert.equal(told, `sha-256=:${digest}:`);
      for (const want of ["sha-256=0", "sha-512=1", "nonsense"])
        assert.equal(
          (await ask("HEAD", path, { "want-repr-digest": want })).headers["repr-digest"],
          undefined,
        );
      assert.equal((await ask("HEAD", path)).headers["repr-digest"], undefined);
    });

    test("an address whose session expired is 404, whatever is asked of it", async () => {
      const path = await rig.add("a.iso", { size: 10 });
      await append(path, 0, "0123");
      await rig.wire.clock.advance(LONG_MS);
      await rig.wire.app.duties.expireSessions();
      await gone(path, 404);
    });

    test("an address whose file was removed is 404, and the bytes are not those of the file that is added again", async () => {
      const path = await rig.add("a.iso", { size: 10 });
      await append(path, 0, "0123");
      const removed = await rig.wire.call(
        "DELETE",
        `/api/content/library/item/update-session/${rig.sessionId}/file/a.iso`,
      );
      assert.ok(removed.status < 300, removed.text);
      await gone(path, 404);
      const again = await rig.add("a.iso", { size: 10 });
      assert.equal((await ask("HEAD", again)).headers["upload-offset"], "0");
    });

    test("an address whose session is over is 410: to ask again does not help", async () => {
      const path = await rig.add("a.iso", { size: 10 });
      await append(path, 0, "0123");
      assert.equal((await rig.act("cancel")).status, 204);
      await gone(path, 410);
    });

    test("an address that was never made is 404, however the request is formed", async () => {
      await gone(`/cls/data/${"A".repeat(71)}/a.iso`, 404);
      const garbled = await ask("PATCH", "/cls/data/x/a.iso", { "upload-offset": "x" });
      assert.equal(garbled.status, 404);
    });

    const gone = async (path: string, status: number): Promise<void> => {
      for (const told of [
        await ask("HEAD", path),
        await append(path, 4, "4567"),
        await ask("DELETE", path),
      ]) {
        assert.equal(told.status, status, told.text);
        assert.equal(told.headers["upload-offset"], undefined);
        assert.equal(told.headers["cache-control"], "no-store");
        for (const [name, value] of Object.entries(protocol.version))
          assert.equal(told.headers[name], value);
      }
      assert.ok((await rig.wire.ask("OPTIONS", path)).status >= 400);
    };
  });
}

test("an address is dead once its owner may not change the item any more", async () => {
  const { wire } = rig;
  const library = (await wire.call("POST", "/api/content/local-library", { name: "others" })).json;
  await wire.call("POST", "/api/contentlib/users", { name: "eve", password: "Eves-password-1" });
  const granted = await wire.call("POST", "/api/contentlib/grants", {
    user: "eve",
    role: "EDITOR",
    library_id: library,
  });
  const login = await wire.ask("POST", "/api/session", {
    headers: basic("eve", "Eves-password-1"),
  });
  const asEve = async (path: string, body: object): Promise<unknown> => {
    const headers = {
      "vmware-api-session-id": String(login.json),
      "content-type": "application/json",
    };
    return (await wire.ask("POST", path, { headers, body: JSON.stringify(body) })).json;
  };
  const item = await asEve("/api/content/library/item", { library_id: library, name: "hers" });
  const sessions = "/api/content/library/item/update-session";
  const session = await asEve(sessions, { library_item_id: item });
  const spec = { name: "a.iso", source_type: "PUSH", size: 10 };
  const file = (await asEve(`${sessions}/${String(session)}/file`, spec)) as {
    readonly upload_endpoint: { readonly uri: string };
  };
  const path = new URL(file.upload_endpoint.uri).pathname;
  for (const { version } of PROTOCOLS)
    assert.ok((await wire.ask("HEAD", path, { headers: version })).status < 300);
  const revoked = await wire.call("DELETE", `/api/contentlib/grants/${String(granted.json)}`);
  assert.equal(revoked.status, 204, revoked.text);
  for (const { name, version, append } of PROTOCOLS) {
    const headers = { ...version, ...append(0) };
    const statuses = [
      (await wire.ask("HEAD", path, { headers: version })).status,
      (await wire.ask("PATCH", path, { body: "0123", headers })).status,
      (await wire.ask("DELETE", path, { headers: version })).status,
    ];
    assert.deepEqual(statuses, [410, 410, 410], name);
  }
});

test("a plain HEAD looks and takes nothing: the writer goes on", async () => {
  const path = await rig.add("a.iso", { size: 15 });
  const writer = rig.wire.connect();
  await writer.send(`${headOf("PUT", path, { "content-length": "15" })}first bytes`);
  await until(async () => (await receivedOf("a.iso")) === 11);
  const head = await rig.wire.ask("HEAD", path);
  assert.deepEqual([head.status, head.headers["upload-length"]], [200, "15"]);
  assert.equal(head.headers["cache-control"], "no-store");
  assert.ok(Number(head.headers["upload-offset"]) <= 11);
  await writer.send("more");
  assert.match(await writer.until(/\r\n\r\n$/), /^HTTP\/1\.1 200 /);
  writer.destroy();
  assert.equal((await rig.file("a.iso")).status, "READY");
});

test("what only the protocols have needs the name of one", async () => {
  const path = await rig.add("a.iso");
  const patch = await rig.wire.ask("PATCH", path, { body: "x" });
  assert.equal(patch.status, 415);
  assert.match(String(patch.headers["accept-patch"]), /offset\+octet-stream.*partial-upload/);
  const deleted = await rig.wire.ask("DELETE", path);
  assert.equal(deleted.status, 400);
  for (const { text } of [patch, deleted])
    assert.match(text, /needs Tus-Resumable or Upload-Draft-Interop-Version/);
});

test("an endpoint of a download takes no bytes in any protocol", async () => {
  const { path } = await rig.publish("a.iso", "0123");
  for (const { version, append } of PROTOCOLS) {
    const told = await rig.wire.ask("PATCH", path, {
      body: "4",
      headers: { ...version, ...append(4) },
    });
    assert.equal(told.status, 404, told.text);
  }
  for (const method of ["PATCH", "DELETE", "OPTIONS"]) {
    const told = await rig.wire.ask(method, path);
    assert.deepEqual([told.status, told.headers.allow], [405, "GET, HEAD"]);
  }
});

test("no address is ever logged or told back, whatever goes wrong in whatever protocol", async () => {
  const broken = await TransferRig.open({}, (app) => ({
    ...app,
    transfers: {
      ...app.transfers,
      resumeUpload: () => Promise.reject(new Error("inner detail")),
      openAppend: () => Promise.reject(new Error("inner detail")),
    },
  }));
  const path = await broken.add("secret name.iso");
  const segment = path.split("/")[3] ?? "";
  for (const { version, append } of PROTOCOLS) {
    for (const [method, headers] of [
      ["HEAD", version],
      ["PATCH", { ...version, ...append(0) }],
      ["PATCH", { ...version, ...append(0), "upload-offset": "x" }],
      ["PROPFIND", version],
      ["DELETE", version],
    ] as const) {
      const told = await broken.wire.ask(method, path, { headers });
      assert.ok(!`${told.text}${JSON.stringify(told.headers)}`.includes(segment), method);
      assert.ok(!told.text.includes("inner detail"));
    }
  }
  assert.ok(broken.wire.logLines.some((line) => line.includes("inner detail")));
  assert.ok(!broken.wire.logLines.some((line) => line.includes(segment)));
  await broken.close();
});

test("a head that is too long costs its own connection only", async () => {
  const path = await rig.add("a.iso", { size: 4 });
  const bomb = { "tus-resumable": "1.0.0", "upload-metadata": "x".repeat(100_000) };
  const told = await rig.wire.raw(headOf("HEAD", path, bomb));
  assert.match(told, /^HTTP\/1\.1 431 /);
  const many = Object.fromEntries(
    Array.from({ length: 3000 }, (_, at) => [`x-${at}`, "1"]),
  ) as Headers;
  assert.match(await rig.wire.raw(headOf("HEAD", path, many)), /^HTTP\/1\.1 431 /);
  const head = await rig.wire.ask("HEAD", path, { headers: { "tus-resumable": "1.0.0" } });
  assert.equal(head.headers["upload-offset"], "0");
});
