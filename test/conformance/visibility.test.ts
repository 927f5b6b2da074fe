import assert from "node:assert/strict";
import { connect } from "node:net";
import { before, describe, test } from "node:test";
import type { Client } from "./client.ts";
import { contentVersion, downloadUrl, makeItem, openSession, push, read } from "./content.ts";
import { FORMS } from "./forms.ts";
import { serverUnderTest } from "./server-under-test.ts";

const READERS = 20;
const ROUNDS = 4;

const server = await serverUnderTest();

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  const contentOf = (round: number): Readonly<Record<string, string>> => ({
    "a.txt": `a of ${round} `.repeat(1 + round),
    "b.txt": `b of ${round} `.repeat(5000 - round),
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
    test("of replacing completes: each time the whole of one content version, and never an older one again [C86]", async () => {
      // S15, S39
      const item = await makeItem(client);
      await client.done(form.completeSession(await prepareRound(item, 0)));
      const seen = new Set<number>();
      let isOver = false;
      const readContent = async (): Promise<number> => {
        const content = await readAll(item);
        const round = Number(/\d/.exec(content["a.txt"] ?? "")?.[0]);
        assert.deepEqual(content, contentOf(round));
        return round;
      };
      const readModels = async (): Promise<number> => {
        const { content_version, size } = await client.done(form.getItem(item));
        const round = Number(content_version) - 2;
        assert.equal(size, sizeOf(contentOf(round)), content_version);
        const names = (await client.done(form.listItemFiles(item))).map((file) => file.name);
        const later = [...Array(ROUNDS - round).keys()].map((ahead) => contentOf(round + ahead));
        assert.ok(
          later.some((content) => sameNames(names, content)),
          names.join(),
        );
        return round;
      };
      const reader = async (look: () => Promise<number>): Promise<void> => {
        for (let former = 0, isLast = false; !isLast;) {
          isLast = isOver;
          const round = await look();
          assert.ok(round >= former, `${round} after ${former}`);
          former = round;
          seen.add(round);
        }
      };
      const readers = Array.from({ length: READERS }, (_, index) =>
        reader(index % 2 === 0 ? readContent : readModels),
      );
      for (let round = 1; round < ROUNDS; round += 1) {
        await client.done(form.completeSession(await prepareRound(item, round)));
      }
      isOver = true;
      await Promise.all(readers);
      assert.ok(seen.size >= 3, `only rounds ${[...seen].join()} were seen`);
      assert.deepEqual(await readAll(item), contentOf(ROUNDS - 1));
      assert.equal(await contentVersion(client, item), ROUNDS + 1);
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
