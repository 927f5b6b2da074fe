import assert from "node:assert/strict";
import { connect } from "node:net";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import { contentVersion, downloadUrl, makeItem, openSession, push, read } from "./content.ts";
import { FORMS } from "./forms.ts";
import { serverUnderTest } from "./server-under-test.ts";

const READERS = 20;

const server = await serverUnderTest();

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  const contentOf = (round: number): Readonly<Record<string, string>> => ({
    "a.txt": `a of ${round} `.repeat(1 + round),
    "b.txt": `b of ${round} `.repeat(50_000 - round),
    [`only-${round}.txt`]: "only",
  });

  const prepareRound = async (item: string, round: number): Promise<string> => {
    const session = await openSession(client, item);
    for (const file of await client.done(form.listFiles(session)))
      await client.done(form.removeFile(session, file.name));
    for (const [name, body] of Object.entries(contentOf(round)))
      await push(client, session, name, body);
    return session;
  };

  /** Everything one reader can see of the item through one download session. */
  const readAll = async (item: string): Promise<Readonly<Record<string, string>>> => {
    const session = await client.done(form.createDownload({ library_item_id: item }));
    const seen: Record<string, string> = {};
    for (const { name } of await client.done(form.listDownloadFiles(session))) {
      const { download_endpoint } = await client.done(form.prepare(session, name));
      seen[name] = await read(download_endpoint?.uri ?? "");
    }
    await client.done(form.deleteDownload(session));
    return seen;
  };

  describe(`what readers see, ${form.name}`, () => {
    test("of a replacing complete: all old or all new, never a part", async () => {
      // S15, S39
      const item = await makeItem(client);
      await client.done(form.completeSession(await prepareRound(item, 0)));
      const session = await prepareRound(item, 1);
      const [old, fresh] = [contentOf(0), contentOf(1)];
      const seen = { old: 0, fresh: 0 };
      let isOver = false;
      const reader = async (index: number): Promise<void> => {
        do {
          if (index % 2 === 0) {
            const content = await readAll(item);
            const isOld = content["a.txt"] === old["a.txt"];
            assert.deepEqual(content, isOld ? old : fresh);
            seen[isOld ? "old" : "fresh"] += 1;
          } else {
            const names = (await client.done(form.listItemFiles(item))).map((file) => file.name);
            assert.ok(
              [old, fresh].some((content) => sameNames(names, content)),
              names.join(),
            );
            const { content_version, size } = await client.done(form.getItem(item));
            assert.equal(size, sizeOf(content_version === "2" ? old : fresh), content_version);
          }
        } while (!isOver);
      };
      const readers = Array.from({ length: READERS }, (_, index) => reader(index));
      await client.done(form.completeSession(session));
      isOver = true;
      await Promise.all(readers);
      assert.deepEqual(await readAll(item), fresh);
      assert.equal(await contentVersion(client, item), 3);
      assert.ok(seen.old + seen.fresh >= READERS / 2);
    });

    test("a reader of the old content finishes on the old content", async () => {
      // S71
      const body = "0123456789".repeat(2_000_000);
      const item = await makeItem(client, { "a.txt": body });
      const url = new URL(await downloadUrl(client, item, "a.txt"));
      const socket = connect(Number(url.port), url.hostname);
      socket.write(
        `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`,
      );
      await new Promise((resolve) => socket.once("readable", resolve));
      const session = await openSession(client, item);
      await push(client, session, "a.txt", "new");
      await client.done(form.completeSession(session));
      await client.done(form.deleteSession(session));
      let received = "";
      for await (const chunk of socket) received += String(chunk);
      assert.equal(received.slice(received.indexOf("\r\n\r\n") + 4), body);
    });

    test("complete twice at once, many times over, moves the version by one each time", async () => {
      // S37
      const item = await makeItem(client);
      for (let round = 1; round <= 5; round += 1) {
        const session = await openSession(client, item);
        await push(client, session, "a.txt", `round ${round}`);
        const complete = form.completeSession(session);
        const replies = await Promise.all([client.ask(complete), client.ask(complete)]);
        assert.equal(replies.filter((reply) => reply.status === complete.status).length, 1);
        assert.equal(await contentVersion(client, item), 1 + round);
      }
    });

    test("complete against cancel: one wins, the item agrees with the session", async () => {
      // S2, S4
      for (let round = 0; round < 5; round += 1) {
        const item = await makeItem(client);
        const session = await openSession(client, item);
        await push(client, session, "a.txt", "a");
        await Promise.all([
          client.ask(form.completeSession(session)),
          client.ask(form.cancelSession(session)),
        ]);
        const { state } = await client.done(form.getSession(session));
        assert.equal(await contentVersion(client, item), state === "DONE" ? 2 : 1, state);
      }
    });
  });
}

function sameNames(names: readonly string[], content: Readonly<Record<string, string>>): boolean {
  return names.toSorted().join() === Object.keys(content).toSorted().join();
}

function sizeOf(content: Readonly<Record<string, string>>): number {
  return Object.values(content).reduce((sum, body) => sum + body.length, 0);
}
