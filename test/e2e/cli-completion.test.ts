import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import { createClient } from "@contentlib/client";
import { binary, password, startLiveServer } from "./live-server.ts";
import type { LiveServer } from "./live-server.ts";

const credentials = { userName: "administrator", password };

/** How long a completion may take where the server does not answer, in milliseconds; starting Node on a busy machine included. */
const TIME_MAX_MS = 10_000;

/** What bash offers for a line with the cursor at its end. `current` is the word as bash hands it over. */
function offered(
  { env, directory }: Pick<LiveServer, "env" | "directory">,
  line: string,
  current: string,
): readonly string[] {
  const script = `
    contentlib() { "${process.execPath}" "${binary}" "$@"; }
    compopt() { :; }
    source <(contentlib completion bash)
    COMP_LINE="$1"; COMP_POINT=\${#1}
    _contentlib contentlib "$2" x
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["-c", script, "bash", line, current], {
    cwd: directory,
    env,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "");
  return stdout.split("\n").filter((word) => word !== "");
}

describe("completion", { timeout: 120_000 }, () => {
  test("bash is offered commands, options, libraries and items, quoted as it needs them", async (t) => {
    const server = await startLiveServer(t);
    await server.json("library", "create", "images");
    const { library } = await server.json("library", "create", "Ben's images");
    const { id } = library as { readonly id: string };
    for (const [line, current, ...expected] of [
      ["contentlib library ren", "ren", "rename"],
      ["contentlib rm --pl", "--pl", "--plan"],
      ["contentlib ls im", "im", "images/"],
      ["contentlib library rm im", "im", "images"],
      ["contentlib ls Ben", "Ben", "Ben\\'s\\ images/"],
      ["contentlib ls nothing", "nothing"],
      ["contentlib ls nothing/x", "nothing/x"],
      ["contentlib --profile ", "", "default"],
    ] as const) {
      assert.deepEqual(offered(server, line, current), expected, line);
    }
    const client = createClient({ url: server.url, credentials });
    await client.item.create({ create_spec: { library_id: id, name: "my disk" } });
    // bash takes the word apart at the colon, and puts in what stands behind it.
    assert.deepEqual(offered(server, `contentlib ls id:${id}/my`, `${id}/my`), [`${id}/my\\ disk`]);
  });

  test("a server that does not answer is left after about a second, without a word", async (t) => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    t.after(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const env = {
      ...process.env,
      CONTENTLIB_URL: `http://127.0.0.1:${port}`,
      CONTENTLIB_TOKEN: "t",
    };
    const startedAt = Date.now();
    assert.deepEqual(offered({ env, directory: "." }, "contentlib ls im", "im"), []);
    assert.ok(Date.now() - startedAt < TIME_MAX_MS);
  });

  test("nothing secret is offered, whatever is asked", async (t) => {
    const server = await startLiveServer(t);
    const { token } = (await server.json("token", "create", "nightly")) as {
      readonly token: string;
    };
    const lines = ["", "--profile ", "token revoke ", "profile use ", "login ", "user add "];
    for (const line of lines) {
      const words = offered(server, `contentlib ${line}`, "").join("\n");
      assert.ok(!words.includes(token) && !/[0-9a-f]{32}/.test(words), line);
    }
  });
});
