// The command line's push over a line that fails.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { FaultyLine, type FaultyLineOptions } from "@contentlib/testkit/faults/faulty-line";
import { password, startLiveServer } from "./live-server.ts";

const TIMEOUT_MS = 60_000;
const MIB = 1024 * 1024;

/** A server, a file to push, and the line by which the command line reaches the server. */
async function start(t: TestContext, options: FaultyLineOptions) {
  const server = await startLiveServer(t);
  await server.json("library", "create", "images");
  const path = join(server.directory, "a.img");
  await writeFile(path, Buffer.alloc(2 * MIB, "image "));
  const line = await FaultyLine.open(server.url, options);
  t.after(async () => await line.close());
  server.env["CONTENTLIB_USER"] = "administrator";
  server.env["CONTENTLIB_PASSWORD"] = password;
  const versionOf = async (): Promise<unknown> => {
    const { item } = await server.json("info", "images/debian");
    return (item as { readonly content_version: string }).content_version;
  };
  return { server, path, line, versionOf };
}

test(
  "a push whose complete was never answered has become one version",
  { timeout: TIMEOUT_MS },
  async (t) => {
    let lost = 0;
    const { server, path, line, versionOf } = await start(t, {
      fault: ({ target }) =>
        target.includes("action=complete") && (lost += 1) === 1 ? { kind: "answer lost" } : null,
    });
    const { changed } = await server.json("push", path, "images/debian", "--url", line.url);
    assert.equal(changed, true);
    assert.equal(lost, 1, "complete was sent again");
    assert.equal(await versionOf(), "2");
  },
);

test(
  "a push that can not get its bytes through leaves nothing behind, and works by a better line",
  { timeout: TIMEOUT_MS },
  async (t) => {
    const { server, path, line, versionOf } = await start(t, {
      fault: ({ target }) => (target.startsWith("PUT ") ? { kind: "cut", afterBytes: MIB } : null),
    });
    const { code, err } = await server.cli(
      "push",
      path,
      "images/debian",
      "--no-resume",
      "--url",
      line.url,
    );
    assert.equal(code, 6);
    assert.match(err, /The connection to .* broke/);
    assert.doesNotMatch(err, /^\s+at /m);
    const { sessions } = await server.json("session", "ls");
    assert.deepEqual(sessions, [], "its session is over, with the item that it had made");
    assert.deepEqual((await server.json("ls", "images"))["items"], []);
    assert.equal((await server.json("push", path, "images/debian"))["changed"], true);
    assert.equal(await versionOf(), "2");
  },
);
