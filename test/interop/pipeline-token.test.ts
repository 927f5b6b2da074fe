// Clients that know of no tokens are given one as a password: they work on one library and are refused on others, and lose what they are
// just uploading when the token is taken away.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { root, startLiveServer } from "../e2e/live-server.ts";
import { makePipeline } from "./pipeline.ts";
import { clientEnvironment } from "./program-environment.ts";
import { preparePython, scripts } from "./python-environment.ts";
import { runPythonSuite } from "./python-suite.ts";
import { ranWith } from "./ran-with.ts";
import { type Exchange, type Gem, Replay } from "./recorded-exchange.ts";

const read = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(join(root, "test", "interop", "ruby", name), "utf8"));
const gems = (await read("gems.json")) as readonly Gem[];
const exchanges = (await read("exchanges.json")) as readonly Exchange[];

/** The name of the library in the recording. */
const RECORDED = "from ruby";
const LIBRARIES = "/rest/com/vmware/content/local-library";

const refusal = (status: number, faultClass: string): Exchange["expect"] => ({
  status,
  body: {
    type: `com.vmware.vapi.std.errors.${faultClass}`,
    value: {
      error_type: faultClass.toUpperCase(),
      messages: [{ id: "<text>", default_message: "<text>", args: "<list>" }],
    },
  },
});

/** What a pipeline is refused, in the place of what is recorded there. */
const REFUSED: Readonly<Record<string, Exchange>> = {
  "makes a library": {
    what: "makes no library",
    send: {
      method: "POST",
      path: `${LIBRARIES}{end}`,
      as: "first",
      body: { create_spec: { name: "of my own" } },
    },
    expect: refusal(403, "unauthorized"),
  },
  "deletes the library": {
    what: "does not delete the library",
    send: { method: "DELETE", path: `${LIBRARIES}/id:{library}{end}` },
    expect: refusal(403, "unauthorized"),
  },
  "lists no library, and the list is one": {
    what: "makes nothing in another library",
    send: {
      method: "POST",
      path: "/rest/com/vmware/content/library/item{end}",
      body: { create_spec: { library_id: "{hidden}", name: "tiny", type: "iso" } },
    },
    expect: refusal(404, "not_found"),
  },
};

const recorded = exchanges.map((exchange) => REFUSED[exchange.what] ?? exchange);

test("the vendor's Python SDK with the token of a pipeline", async (t) => {
  const environment = await preparePython({ name: "sdk" });
  if ("reason" in environment) return t.skip(environment.reason);
  const server = await startLiveServer(t);
  const { url } = server;
  const { user, token, own, seen, hidden, administrator, tokenId } = await makePipeline(server, {
    seen: "seen",
  });
  const file = join(server.directory, "a.txt");
  await writeFile(file, "a");
  await server.json("push", file, "seen/shown");
  const env = { OWN_LIBRARY: own, SEEN_LIBRARY: seen, HIDDEN_LIBRARY: hidden };
  await t.test("works on its library and is refused on others", async (suite) => {
    const run = { environment, module: "sdk_pipeline", url, user, password: token, env };
    ranWith(t, await runPythonSuite(suite, run));
  });
  await t.test("loses the upload that is under way when the token is revoked", async () => {
    const create_spec = { library_id: own, name: "endless" };
    const library_item_id = await administrator.item.create({ create_spec });
    const login = { LIBRARY_URL: url, LIBRARY_USER: user, LIBRARY_PASSWORD: token };
    const child = spawn(environment.python, ["-B", join(scripts, "upload_until_cut.py")], {
      env: clientEnvironment({ ...login, ITEM: library_item_id }),
      stdio: ["ignore", "pipe", "inherit"],
    });
    t.after(() => child.kill("SIGKILL"));
    const ended = once(child, "close");
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async (): Promise<Readonly<Record<string, unknown>>> => {
      const { value } = (await lines.next()) as { readonly value?: string };
      return JSON.parse(value ?? "{}") as Readonly<Record<string, unknown>>;
    };
    const { session } = await next();
    assert.equal(typeof session, "string", "bytes were under way");
    await administrator.token.delete({ token_id: tokenId });
    const update_session_id = String(session);
    const { state } = await administrator.updateSession.get({ update_session_id });
    assert.equal(state, "CANCELED");
    const { upload, after } = await next();
    assert.match(String(upload), /^(?:cut|answered [45]\d\d)$/);
    assert.equal(after, "Unauthenticated");
    await ended;
    assert.deepEqual(await administrator.itemFile.list({ library_item_id }), []);
  });
});

for (const [index, gem] of gems.entries()) {
  test(`what the Ruby gem sends, with the token of a pipeline, way ${index + 1}`, async (t) => {
    const server = await startLiveServer(t);
    const pipeline = await makePipeline(server, { name: RECORDED });
    const { user, token, own: library, hidden } = pipeline;
    const basic = Buffer.from(`${user}:${token}`).toString("base64");
    const replay = new Replay(gem, server.url, { basic, library, hidden });
    ranWith(t, gem.client);
    for (const exchange of recorded) {
      let isBroken = true;
      await t.test(exchange.what, async () => {
        await replay.play(exchange);
        isBroken = false;
      });
      // What follows builds on it, and would only tell the same again.
      if (isBroken) break;
    }
  });
}
