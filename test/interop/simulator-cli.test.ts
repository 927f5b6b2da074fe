// The command line at a server that is not ours, as simulator.test.ts has the SDK there.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { run } from "@contentlib/cli";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { startRemoteServer } from "@contentlib/testkit/rigs/remote-rig";
import type { CommandEnd } from "../e2e/live-server.ts";
import {
  fileOn,
  MIB,
  oursIn,
  sha256,
  shown,
  shownFiles,
  SLOW_LINE,
  type SimulatorRig,
  startSimulatorRig,
} from "./simulator-rig.ts";
import { simulatorCredentials as credentials } from "./simulator.ts";

describe("the command line at the vCenter simulator", { timeout: 600_000 }, () => {
  const words = ({ folder, proxy }: SimulatorRig) => {
    const env = {
      CONTENTLIB_URL: proxy.url,
      CONTENTLIB_USER: credentials.userName,
      CONTENTLIB_PASSWORD: credentials.password,
      CONTENTLIB_PROFILE_FILE: join(folder, "profiles.json"),
      HOME: folder,
    };
    return async (argv: readonly string[], signal?: AbortSignal): Promise<CommandEnd> => {
      const streams = capturedStreams();
      const options = signal === undefined ? {} : { signal };
      const code = await run(["--wire", "rest", ...argv], streams, env, options);
      return { code, out: streams.out(), err: streams.err() };
    };
  };

  test("pushes, lists, pulls and removes", async (t) => {
    const rig = await startSimulatorRig(t);
    if (rig === undefined) return;
    const { proxy, folder } = rig;
    const cli = words(rig);
    for (const [name, sizeBytes] of [["a.img", 5 * MIB] as const, ["b.img", 1_000] as const])
      await fileOn(folder, name, sizeBytes);
    const paths = ["a.img", "b.img"].map((name) => join(folder, name));
    const pushed = await cli(["push", ...paths, "images/debian"]);
    assert.equal(pushed.code, 0, pushed.err);
    const listed = await cli(["--json", "ls", "images/debian"]);
    assert.equal(listed.code, 0, listed.err);
    const { files } = JSON.parse(listed.out) as { files: { name: string; size: number }[] };
    assert.deepEqual(shown(files), [`a.img: ${5 * MIB}`, "b.img: 1000"]);
    const pulled = await cli(["pull", "images/debian", join(folder, "back")]);
    assert.equal(pulled.code, 0, pulled.err);
    for (const name of ["a.img", "b.img"]) {
      const [back, was] = [join(folder, "back", name), join(folder, name)];
      assert.equal(sha256(await readFile(back)), sha256(await readFile(was)), name);
    }
    const removed = await cli(["rm", "--yes", "images/debian"]);
    assert.equal(removed.code, 0, removed.err);
    assert.notEqual((await cli(["ls", "images/debian"])).code, 0);
    assert.deepEqual(oursIn(proxy.seen), []);
  });

  test("has files fetched from an address, and tells when one can not be", async (t) => {
    const rig = await startSimulatorRig(t);
    if (rig === undefined) return;
    const { proxy, folder } = rig;
    const cli = words(rig);
    const content = randomBytes(300_000);
    const source = await startRemoteServer((_request, response) => void response.end(content));
    t.after(async () => await source.close());
    const closed = await startRemoteServer(() => undefined);
    await closed.close();
    const pulled = await cli(["pull-url", "--json", "images/a", `${source.origin}/a.img`]);
    assert.equal(pulled.code, 0, pulled.err);
    assert.equal((JSON.parse(pulled.out) as { readonly done: boolean }).done, true);
    const back = join(folder, "back");
    assert.equal((await cli(["pull", "images/a", back])).code, 0);
    assert.equal(sha256(await readFile(join(back, "a.img"))), sha256(content));
    const gone = await cli(["pull-url", "images/b", `${closed.origin}/gone.img`]);
    assert.equal(gone.code, 4, gone.err);
    assert.match(gone.err, /gone\.img.*connection refused/);
    assert.deepEqual(oursIn(proxy.seen), []);
  });

  test("an interrupted push is exit 130, leaves no content, and the same line works again", async (t) => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const rig = await startSimulatorRig(t, {
      ...SLOW_LINE,
      fault: ({ target }) => {
        if (target.startsWith("PUT ")) begin();
        return null;
      },
    });
    if (rig === undefined) return;
    const { client, proxy, folder } = rig;
    const cli = words(rig);
    await fileOn(folder, "big.img", 8 * MIB);
    const line = ["push", join(folder, "big.img"), "images/debian"];
    const interrupt = new AbortController();
    const ended = cli(line, interrupt.signal);
    await begun;
    interrupt.abort();
    assert.equal((await ended).code, 130);
    const found = async () => await client.item.find({ spec: { name: "debian" } });
    assert.deepEqual(await found(), [], "the item that it had made is gone again");
    for (const update_session_id of await client.updateSession.list())
      assert.equal((await client.updateSession.get({ update_session_id })).state, "ERROR");
    const again = await cli(line);
    assert.equal(again.code, 0, again.err);
    const [itemId = ""] = await found();
    assert.deepEqual(await shownFiles(client, itemId), [`big.img: ${8 * MIB}`]);
    assert.deepEqual(oursIn(proxy.seen), []);
  });

  test("a wrong password is exit 5", async (t) => {
    const rig = await startSimulatorRig(t);
    if (rig === undefined) return;
    const env = {
      CONTENTLIB_URL: rig.proxy.url,
      CONTENTLIB_USER: credentials.userName,
      CONTENTLIB_PASSWORD: "falsch",
      CONTENTLIB_PROFILE_FILE: join(rig.folder, "profiles.json"),
    };
    assert.equal(await run(["--wire", "rest", "ls"], capturedStreams(), env), 5);
  });
});
