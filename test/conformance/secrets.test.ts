import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { PinoJournal } from "@contentlib/server/adapters/journal/pino-journal";
import { PASSWORD } from "./client.ts";
import { addPush, downloadUrl, makeItem, openSession, read, send } from "./content.ts";
import { rest } from "./forms.ts";
import { exchange } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

/** The part of a transfer URL that is the permission. */
const secretOf = (url: string): string => new URL(url).pathname.split("/").at(-2) ?? "";

describe("secrets", () => {
  test("the data directory holds no login id, password or upload secret, and its keys are for the owner only", async () => {
    const server = await serverUnderTest();
    const client = await server.client(rest);
    const upload = await addPush(client, await openSession(client), "a.txt");
    await server.stop();
    const files = filesBelow(server.directory);
    assert.ok(
      files.some((file) => file.endsWith(".key")),
      files.join(),
    );
    for (const file of files) {
      const content = readFileSync(file);
      for (const secret of [client.loginId, PASSWORD, secretOf(upload)])
        assert.ok(!content.includes(secret), file);
      if (/\.key$|profiles/.test(file)) assert.equal(statSync(file).mode & 0o777, 0o600, file);
    }
  });

  test("the log holds none either, names the request on every line, and shows transfers without their secret", async () => {
    const lines: string[] = [];
    const journal = new PinoJournal("debug", { write: (line: string) => lines.push(line) });
    const server = await serverUnderTest({ journal });
    const client = await server.client(rest);
    const item = await makeItem(client, { "a.txt": "a" });
    const upload = await addPush(client, await openSession(client, item), "a.txt", { size: 1 });
    await send(upload, "too long");
    await send(upload, "x");
    const download = await downloadUrl(client, item, "a.txt");
    await read(download);
    await exchange({ method: "GET", url: `${server.url}/cls/data/forged-secret/a.txt` });
    const { headers } = await exchange({ method: "GET", url: server.url + rest.getItem("x").path });
    await server.stop();
    const log = lines.join("");
    const secrets = [
      client.loginId,
      PASSWORD,
      secretOf(upload),
      secretOf(download),
      "forged-secret",
    ];
    for (const secret of secrets)
      assert.ok(
        !log.includes(secret),
        log.slice(Math.max(0, log.indexOf(secret) - 300)).slice(0, 400),
      );
    assert.ok(log.includes(String(headers["x-request-id"])), "the reply's id is in the log");
    const answered = lines
      .map((line) => JSON.parse(line) as { event?: string; requestId?: string })
      .filter(({ event }) => event === "request.answered");
    assert.ok(answered.length > 5);
    assert.ok(answered.every(({ requestId }) => requestId !== undefined));
  });
});

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
