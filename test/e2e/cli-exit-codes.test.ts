import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { EXIT_CODES, run } from "@contentlib/cli";
import { createClient } from "@contentlib/client";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { startCliRig } from "./cli-rig.ts";
import { password, root, startLiveServer } from "./live-server.ts";

test("each exit status is what the guide says, and is told in JSON too", async (t) => {
  const { cli, json, env, start, file } = await startCliRig(t);
  await json("push", await file("a.img", "content"), "images/debian");
  const other = async (changed: Readonly<Record<string, string>>, ...argv: readonly string[]) => {
    const streams = capturedStreams();
    const code = await run(argv, streams, { ...env, ...changed });
    return { code, out: streams.out(), err: streams.err() };
  };
  const interrupted = start("--json", "wait", "item", "images/none");
  interrupted.interrupt();
  const profile = await file("profiles.json", "{nonsense");
  const ends = {
    ok: await cli("--json", "ls"),
    error: await other({ CONTENTLIB_TOKEN: "", CONTENTLIB_PROFILE_FILE: profile }, "--json", "ls"),
    usage: await cli("--json", "rm", "images/debian"),
    notFound: await cli("--json", "info", "images/none"),
    refused: await cli("--json", "cp", "images/debian", "images/debian"),
    login: await other({ CONTENTLIB_TOKEN: "wrong" }, "--json", "ls"),
    connection: await other({ CONTENTLIB_URL: "http://127.0.0.1:9" }, "--json", "ls"),
    interrupted: await interrupted.ended,
  } satisfies Record<keyof typeof EXIT_CODES, unknown>;
  const guide = await readFile(join(root, "docs/guides/cli.md"), "utf8");
  for (const [name, { code, out, err }] of Object.entries(ends)) {
    const expected = EXIT_CODES[name as keyof typeof EXIT_CODES];
    assert.equal(code, expected, `${name}: ${err}`);
    assert.match(guide, new RegExp(`^\\| ${expected} +\\| `, "m"), name);
    if (expected === EXIT_CODES.ok) assert.equal(err, "");
    else {
      assert.equal(out, "", name);
      assert.equal((JSON.parse(err) as { error: { exitCode: number } }).error.exitCode, expected);
    }
  }
});

test("Ctrl-C ends a command that waits: with 130, and with how to go on", async (t) => {
  const server = await startLiveServer(t);
  const { library } = await server.json("library", "create", "images");
  const client = createClient({
    url: server.url,
    credentials: { userName: "administrator", password },
  });
  const { id } = library as { readonly id: string };
  const itemId = await client.item.create({ create_spec: { library_id: id, name: "debian" } });
  const create_spec = { library_item_id: itemId };
  const watch = server.start(
    "session",
    "watch",
    await client.updateSession.create({ create_spec }),
  );
  assert.ok(watch.child.stdout);
  await once(watch.child.stdout, "data");
  watch.child.kill("SIGINT");
  const { code, out, err } = await watch.ended;
  assert.match(out, /session {2}ACTIVE$/m);
  assert.equal(code, 130);
  assert.equal(err, "contentlib: Interrupted.\n  Go on: run the same line again\n");
});
