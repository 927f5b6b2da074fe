// The guide to pipelines: what it shows is run as it stands, or at least parsed; its own table says which.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse as parseHcl } from "@cdktf/hcl2json";
import { parse as parseYaml } from "yaml";
import { FaultyLine } from "@contentlib/testkit/faults/faulty-line";
import { blocksOf, codeBlocks } from "./code-blocks.ts";
import { GithubJob } from "./github-job.ts";
import type { Workflow } from "./github-job.ts";
import { DISC, recipes, setRecipeStage } from "./recipe-stage.ts";
import type { RecipeStage } from "./recipe-stage.ts";

const ITEM = "images/debian";
const MIB = 1024 * 1024;

const workflow = async (): Promise<Workflow> =>
  parseYaml(blocksOf(await recipes(), "yaml file=.github/workflows/image.yml")) as Workflow;

const publish = async (stage: RecipeStage, message: string, ...tried: readonly string[]) =>
  await stage.run(["./publish.sh", "debian.iso", ITEM, message, ...tried]);

/** The versions of the item, the newest first, with what was said of each. */
const messages = async ({ client }: RecipeStage): Promise<readonly string[]> => {
  const [library_item = ""] = await client.item.find({ spec: { name: "debian" } });
  const changes = await client.itemChange.list({ library_item });
  return changes.map(({ short_message }) => short_message ?? "");
};

/** Builds an image of this content, where `build.sh` is not what is tested. */
async function build(stage: RecipeStage, content: string): Promise<void> {
  await stage.image(content);
  assert.equal((await stage.run(["./build.sh", "debian.iso"])).code, 0);
}

async function publishGood(stage: RecipeStage): Promise<void> {
  await build(stage, "good");
  const { code, err } = await publish(stage, "the good one", "./try.sh");
  assert.equal(code, 0, err);
}

describe("the recipes for pipelines", { timeout: 400_000 }, () => {
  test("each block is of a kind that is checked, and parses", async () => {
    const kinds = codeBlocks(await recipes()).map(({ info }) => info);
    assert.deepEqual([...new Set(kinds)].toSorted(), [
      "hcl file=debian.pkr.hcl",
      "sh file=publish.sh",
      "sh runnable",
      "sh runnable as=administrator",
      "yaml file=.github/workflows/image.yml",
      "yaml file=publish.yml",
    ]);
    for (const { info, text } of codeBlocks(await recipes())) {
      if (info.startsWith("yaml ")) assert.equal(typeof parseYaml(text), "object");
      if (info.startsWith("hcl ")) assert.ok("build" in (await parseHcl("debian.pkr.hcl", text)));
    }
    assert.throws(() => parseYaml("a: [") as unknown);
    await assert.rejects(parseHcl("bad.hcl", "build {"));
  });

  test("the shell runs as it stands", async (t) => {
    const stage = await setRecipeStage(t);
    const image = randomBytes(300_000);
    await stage.image(image);
    const script = blocksOf(await recipes(), "sh runnable");
    const { code, err } = await stage.run(["bash", "-euo", "pipefail", "-c", script]);
    assert.equal(code, 0, err);
    assert.ok(
      (await readFile(join(stage.folder, "here", "debian.iso"))).equals(
        Buffer.concat([DISC, image]),
      ),
    );
    assert.equal((await messages(stage))[0], "Debian, built by hand");
  });

  test("the script goes back from what does not pass, and only from what it has pushed", async (t) => {
    const stage = await setRecipeStage(t);
    await publishGood(stage);
    assert.equal((await publish(stage, "nothing new", "false")).code, 1);
    assert.deepEqual((await messages(stage))[0], "the good one");
    await build(stage, "broken");
    assert.equal((await publish(stage, "the bad one", "./try.sh")).code, 1);
    assert.equal(await stage.held(ITEM), "good");
    assert.match((await messages(stage))[0] ?? "", /did not pass: the bad one/);
  });

  test("the script says so where there is nothing to go back to", async (t) => {
    const stage = await setRecipeStage(t);
    await build(stage, "broken");
    const { code, err } = await publish(stage, "the first one", "./try.sh");
    assert.equal(code, 1);
    assert.match(err, /keeps no content version before the present one/);
    assert.equal(await stage.held(ITEM), "broken");
    assert.equal((await stage.run(["contentlib", "rm", "--yes", ITEM])).code, 0);
  });

  test("the script tries again where the server can not be reached, and nowhere else", async (t) => {
    const stage = await setRecipeStage(t);
    await build(stage, "good");
    await writeFile(join(stage.folder, "unreachable"), "");
    const again = await publish(stage, "by another try", "./try.sh");
    assert.equal(again.code, 0, again.err);
    assert.deepEqual(await stage.pauses(), [0, 30]);
    const [library_item_id = ""] = await stage.client.item.find({ spec: { name: "debian" } });
    await stage.client.updateSession.create({ create_spec: { library_item_id } });
    await build(stage, "other");
    assert.equal((await publish(stage, "refused", "./try.sh")).code, 4);
    assert.deepEqual(await stage.pauses(), [0, 30, 0]);
  });

  test("the workflow for GitHub publishes, and goes back from what does not pass", async (t) => {
    const stage = await setRecipeStage(t);
    await stage.image("good");
    const job = async () => await new GithubJob(stage, await workflow()).run();
    const good = await job();
    assert.deepEqual(good.ran, { Build: 0, "Wait for the server": 0, Push: 0, Try: 0 }, good.told);
    assert.equal((await messages(stage))[0], "v13.1, run 4711");
    await stage.image("broken");
    const bad = await job();
    assert.deepEqual([bad.ran["Push"], bad.ran["Try"], bad.ran["Go back"]], [0, 1, 0], bad.told);
    assert.equal(await stage.held(ITEM), "good");
    assert.match((await messages(stage))[0] ?? "", /run 4711 did not pass/);
  });

  test("a workflow that is killed in its push is gone on with by its next run", async (t) => {
    const stage = await setRecipeStage(t);
    await stage.image(randomBytes(8 * MIB));
    const line = await FaultyLine.open(stage.server.url, { bytesPerTurn: 64 * 1024, turnMs: 20 });
    t.after(async () => await line.close());
    const slow = { CONTENTLIB_URL: line.url.replace("http:", "https:") };
    const first = new GithubJob(stage, await workflow(), slow);
    assert.equal((await (await first.startStep("Build")).ended).code, 0);
    const push = await first.startStep("Push");
    const sessionId = await receiving(stage);
    push.kill();
    await push.ended;
    const end = await new GithubJob(stage, await workflow()).run();
    assert.equal(end.ran["Try"], 0, end.told);
    const pushed = JSON.parse(await readFile(join(stage.folder, "push.json"), "utf8")) as unknown;
    assert.partialDeepStrictEqual(pushed, { changed: true, session_id: sessionId });
  });

  test("what Packer hands to the shell publishes the image", async (t) => {
    await runPacker(await setRecipeStage(t));
  });
});

/** Resolves with the id of the update session that has received bytes. */
async function receiving({ pipeline: { updateSession, updateSessionFile } }: RecipeStage) {
  for (;;) {
    for (const id of await updateSession.list()) {
      const files = await updateSessionFile.list({ update_session_id: id });
      if (files.some(({ bytes_transferred: bytes }) => bytes > 0)) return id;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What the template says of its post-processor, as HashiCorp's parser tells it. */
interface Template {
  readonly variable: Readonly<Record<string, readonly [{ readonly default?: string }]>>;
  readonly build: readonly [
    {
      readonly "post-processor": {
        readonly "shell-local": readonly [
          {
            readonly environment_vars: readonly string[];
            readonly inline_shebang: string;
            readonly inline: readonly string[];
          },
        ];
      };
    },
  ];
}

/** Runs the lines as Packer does: as one script under their first line, with the variables filled in. */
async function runPacker(stage: RecipeStage): Promise<void> {
  const hcl = blocksOf(await recipes(), "hcl file=debian.pkr.hcl");
  const template = (await parseHcl("debian.pkr.hcl", hcl)) as unknown as Template;
  const [local] = template.build[0]["post-processor"]["shell-local"];
  const values: Readonly<Record<string, string | undefined>> = {
    contentlib_token: stage.env["CONTENTLIB_TOKEN"],
    item: template.variable["item"]?.[0].default,
  };
  const given = local.environment_vars.map((line) => {
    const [name = "", value = ""] = line.split(/=(.*)/s);
    return [name, value.replaceAll(/\$\{var\.(\w+)\}/g, (_all, key: string) => values[key] ?? "")];
  });
  const {
    CONTENTLIB_TOKEN: token,
    ITEM: item,
    ...place
  } = Object.fromEntries(given) as Record<string, string>;
  assert.equal(token, stage.env["CONTENTLIB_TOKEN"]);
  assert.equal(item, ITEM);
  assert.deepEqual(Object.keys(place).toSorted(), ["CONTENTLIB_PIN", "CONTENTLIB_URL"]);
  const output = join(stage.folder, "output");
  await stage.run(["mkdir", "output"]);
  await writeFile(join(output, "debian.qcow2"), "good");
  const script = join(stage.folder, "packer-shell");
  await writeFile(script, `#!${local.inline_shebang}\n${local.inline.join("\n")}\n`, {
    mode: 0o755,
  });
  const env = { ITEM: item, PACKER_BUILD_NAME: "qemu.debian", PACKER_BUILDER_TYPE: "qemu" };
  const { code, err } = await stage.run(["/bin/sh", "-c", script], env);
  assert.equal(code, 0, err);
  assert.equal((await messages(stage))[0], "Packer, qemu.debian");
}
