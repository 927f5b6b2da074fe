// The playbook of the guide to pipelines, run by Ansible as it stands: it publishes, and goes back from what does not pass.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { blocksOf } from "../docs/code-blocks.ts";
import { recipes, type RecipeStage, setRecipeStage } from "../docs/recipe-stage.ts";
import { type AnsibleEnvironment, prepareAnsible } from "./ansible-environment.ts";
import { clientEnvironment } from "./program-environment.ts";
import { ranWith } from "./ran-with.ts";
import { type ProgramEnd, runProgram } from "./run-program.ts";

const playing = "-m ansible playbook -i localhost, -c local".split(" ");
const PLAYBOOK_TIMEOUT_MS = 180_000;
const ITEM = "images/debian";

/** Builds an image of this content and plays the guide's playbook. */
async function play(
  stage: RecipeStage,
  ansible: AnsibleEnvironment,
  content: string,
): Promise<ProgramEnd> {
  await stage.image(content);
  assert.equal((await stage.run(["./build.sh", "debian.iso"])).code, 0);
  const playbook = join(stage.folder, "publish.yml");
  await writeFile(playbook, blocksOf(await recipes(), "yaml file=publish.yml"));
  const given = {
    library_token: stage.env["CONTENTLIB_TOKEN"],
    library_certificate: join(stage.server.directory, "data", "tls-certificate.pem"),
  };
  return await runProgram({
    command: ansible.python,
    argv: [...playing, "-e", JSON.stringify(given), playbook],
    env: clientEnvironment({
      ...stage.env,
      ANSIBLE_COLLECTIONS_PATH: ansible.collections,
      ANSIBLE_HOME: join(stage.server.directory, "ansible"),
      ANSIBLE_NOCOLOR: "1",
      ANSIBLE_PYTHON_INTERPRETER: ansible.python,
      LC_ALL: "C.UTF-8",
    }),
    cwd: stage.server.directory,
    timeoutMs: PLAYBOOK_TIMEOUT_MS,
  });
}

test("the recipe for Ansible", async (t) => {
  const ansible = await prepareAnsible();
  if ("reason" in ansible) {
    t.skip(ansible.reason);
    return;
  }
  ranWith(t, ansible.versions);
  const stage = await setRecipeStage(t);
  const recap = (changed: number): RegExp => new RegExp(`changed=${changed} .*failed=0 `);

  await t.test("publishes an image, and changes nothing the second time", async () => {
    const first = await play(stage, ansible, "good");
    assert.equal(first.code, 0, `${first.out}${first.err}`);
    assert.match(first.out, recap(2));
    const second = await play(stage, ansible, "good");
    assert.equal(second.code, 0, `${second.out}${second.err}`);
    assert.match(second.out, recap(0));
  });

  await t.test("goes back from an image that does not pass, and fails", async () => {
    const end = await play(stage, ansible, "broken");
    assert.equal(end.code, 2, `${end.out}${end.err}`);
    assert.equal(await stage.held(ITEM), "good");
    const versions = await stage.server.json("versions", ITEM);
    const [newest] = versions["versions"] as readonly { readonly short_message: string }[];
    assert.match(newest?.short_message ?? "", /debian\.iso did not pass/);
  });
});
