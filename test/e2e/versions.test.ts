import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createClient } from "@contentlib/client";
import { password, startLiveServer } from "./live-server.ts";
import type { LiveServer } from "./live-server.ts";

const ITEM = "images/debian";

/** Pushes a file of that text into the item, as its next content version. */
async function pushText(
  server: LiveServer,
  text: string,
  ...options: readonly string[]
): Promise<void> {
  const path = join(server.directory, "notes.txt");
  await writeFile(path, text);
  await server.json("push", path, ITEM, ...options);
}

/** An item with the content versions 2 and 3. */
async function filled(server: LiveServer): Promise<void> {
  await server.json("library", "create", "images");
  await pushText(server, "first");
  await pushText(server, "second", "-m", "zweite Fassung, geprüft");
}

const pulled = async (server: LiveServer, address: string, name: string): Promise<string> => {
  const folder = join(server.directory, name);
  await server.json("pull", address, folder);
  return await readFile(join(folder, "notes.txt"), "utf8");
};

interface Kept {
  readonly version: string;
  readonly current: boolean;
  readonly short_message?: string;
}

const keptOf = async (server: LiveServer): Promise<readonly Kept[]> =>
  (await server.json("versions", ITEM))["versions"] as readonly Kept[];

describe("content versions on the command line", { timeout: 120_000 }, () => {
  test("are listed, fetched, and made current again", async (t) => {
    const server = await startLiveServer(t);
    await filled(server);
    assert.equal(await pulled(server, `${ITEM}@2`, "old"), "first");
    assert.equal(await pulled(server, ITEM, "present"), "second");
    const rolledBack = await server.json("rollback", ITEM, "-m", "the second was wrong");
    assert.deepEqual([rolledBack["changed"], rolledBack["version"]], [true, "4"]);
    assert.equal(await pulled(server, ITEM, "after"), "first");
    assert.deepEqual(
      (await keptOf(server)).map(({ version, current, short_message }) => [
        version,
        current,
        short_message,
      ]),
      [
        ["4", true, "Rollback to 2: the second was wrong"],
        ["3", false, "zweite Fassung, geprüft"],
        ["2", false, undefined],
      ],
    );
    const { out, code } = await server.cli("rollback", ITEM, "--to", "3");
    assert.equal(code, 0);
    assert.equal(out, "images/debian is at content version 5. Rollback to 3\n");
    assert.equal(await pulled(server, ITEM, "again"), "second");
    const listed = (await server.cli("versions", ITEM)).out;
    assert.match(listed, /^\*\s+5\s.*Rollback to 3$/m);
    assert.match(listed, /^\s+2\s/m);
  });

  test("that are not kept, or are the present one, are refused with what can be done", async (t) => {
    const server = await startLiveServer(t);
    await filled(server);
    const unknown = await server.cli("rollback", ITEM, "--to", "9");
    assert.equal(unknown.code, 3);
    assert.match(unknown.err, /it keeps 3, 2\./);
    assert.equal((await server.cli("rollback", ITEM, "--to", "3")).code, 4);
    assert.equal((await server.cli("rollback", ITEM, "--to", "three")).code, 2);
    assert.equal((await server.cli("rollback", "images/nothing")).code, 3);
    assert.equal((await keptOf(server)).length, 2);
  });

  test("are not made current while somebody changes the item", async (t) => {
    const server = await startLiveServer(t);
    await filled(server);
    const client = createClient({
      url: server.url,
      credentials: { userName: "administrator", password },
    });
    const { item } = (await server.json("info", ITEM)) as { item: { id: string } };
    const session = await client.updateSession.create({
      create_spec: { library_item_id: item.id },
    });
    const busy = await server.cli("rollback", ITEM);
    assert.notEqual(busy.code, 0);
    assert.ok(busy.err.includes(session), busy.err);
    await client.updateSession.cancel({ update_session_id: session });
    assert.equal((await server.cli("rollback", ITEM)).code, 0);
  });

  test("are as many as the library says, or else the server", async (t) => {
    const server = await startLiveServer(t);
    await filled(server);
    const shown = async (...words: readonly string[]) =>
      (await server.cli("library", "revisions", "images", ...words)).out;
    assert.equal(
      await shown(),
      "Library images keeps 5 content versions of each item, as the server does.\n",
    );
    assert.equal(
      await shown("2"),
      "Library images keeps 2 content versions of each item, by its own setting.\n",
    );
    assert.equal((await server.json("library", "revisions", "images", "2"))["changed"], false);
    await pushText(server, "third");
    assert.deepEqual(
      (await keptOf(server)).map(({ version }) => version),
      ["4", "3"],
    );
    assert.equal((await server.cli("library", "revisions", "images", "0")).code, 4);
    assert.equal((await server.cli("library", "revisions", "images", "3", "--default")).code, 2);
    const reset = await server.json("library", "revisions", "images", "--default");
    assert.deepEqual(reset["settings"], { revisions_in_effect: 5, reject_bad_iso: false });
  });
});
