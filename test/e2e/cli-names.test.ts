import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { WIRES, startCliRig } from "./cli-rig.ts";
import type { CliRig } from "./cli-rig.ts";

type Shown = Record<string, unknown>;

/** Names the API allows, and that break what is put together carelessly. */
const NAMES = [
  "plain",
  "a/b",
  "/",
  "a@3",
  "100% %2F",
  "--help",
  ".hidden",
  " two  spaces ",
  `it's "quoted" $(x) \`y\` \\ *`,
  "💿🇩🇪".repeat(13),
  "מקור/דביאן",
  "\u202eevil\u2066",
  "id:x",
  "00000000-0000-4000-8000-000000000001",
];

/** What a POSIX shell makes of words. */
function shellWords(text: string): readonly string[] {
  const { stdout } = spawnSync("sh", ["-c", `printf '%s\\0' ${text}`], { encoding: "utf8" });
  return stdout.split("\0").slice(0, -1);
}

/** The address in the first cell of the line that is not the head and not the sum, as a person would paste it. */
function pasted(table: string, cellsBehind: number): string {
  const line = table.split("\n")[1] ?? "";
  return shellWords(line).slice(0, -cellsBehind).join(" ");
}

/** One name as that of a library and of its item, taken through every command. */
async function takeThrough({ cli, json, directory }: CliRig, name: string, path: string) {
  const made = (await json("library", "create", "--", name))["library"] as Shown;
  assert.equal(made["name"], name);
  assert.equal((await json("library", "create", "--", name))["changed"], false);
  const found = (await json("library", "find", "--", name))["libraries"] as Shown[];
  const library = String(found[0]?.["address"]);
  assert.equal((await json("library", "info", library))["address"], library);
  assert.match((await cli("ls", library)).out, /has no items yet/);

  const address = `${library}/${library}`;
  const pushed = await json("push", path, address);
  assert.equal((pushed["item"] as Shown)["name"], name);
  const { items } = await json("ls", library);
  assert.deepEqual(
    (items as Shown[]).map((item) => [item["name"], item["address"]]),
    [[name, address]],
  );
  // Size, version and time have a space in them: five words behind the type.
  assert.equal(pasted((await cli("ls", library)).out, 6), address);
  const seen = (await json("find", "--", name))["items"] as Shown[];
  assert.ok(seen.some((item) => item["address"] === address));
  for (const argv of [
    ["ls", address],
    ["info", address],
    ["ls", `${address}@2`],
    ["wait", "item", address],
    ["session", "ls", "--item", address],
    ["rm", "--plan", address],
  ])
    assert.equal((await cli(...argv)).code, 0, argv.join(" "));
  const sessions = (await json("session", "ls", "--item", address))["sessions"] as Shown[];
  assert.equal(sessions[0]?.["place"], address);
  const target = join(directory, `pulled-${NAMES.indexOf(name)}`);
  assert.equal((await json("pull", address, target))["address"], address);

  await json("cp", address, `${library}/copy`);
  await json("mv", address, `${library}/moved`);
  assert.equal((await json("mv", `${library}/moved`, address))["address"], address);
  await json("rm", "--yes", `${library}/copy`, address);
  await json("library", "rename", library, "renamed");
  assert.equal((await json("library", "rename", "renamed", "--", name))["address"], library);
  assert.equal((await json("library", "rm", library))["changed"], true);
}

for (const wire of WIRES) {
  describe(`names over /${wire}`, { timeout: 120_000 }, () => {
    test("each survives every command, as the command line itself writes it", async (t) => {
      const rig = await startCliRig(t, wire);
      const path = await rig.file("a.img", "content");
      for (const name of NAMES) await takeThrough(rig, name, path);
    });
  });
}

test("files keep their names, whatever the API allows", async (t) => {
  const { json, file, directory } = await startCliRig(t);
  const files = ["-rf", "a%2Fb.img", 'it\'s "x".img', "💿.img", ".hidden", "מקור", "two  spaces"];
  const paths = await Promise.all(files.map(async (name) => await file(name, name)));
  await json("push", ...paths, "images/odd");
  const listed = (await json("ls", "images/odd"))["files"] as Shown[];
  assert.deepEqual(listed.map(({ name }) => String(name)).toSorted(), files.toSorted());
  const pulled = (await json("pull", "images/odd", join(directory, "back")))["files"] as Shown[];
  assert.deepEqual(
    pulled.map(({ path }) => String(path)).toSorted(),
    files.map((name) => join(directory, "back", name)).toSorted(),
  );
});
