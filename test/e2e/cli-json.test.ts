import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { aDiscImage } from "@contentlib/testkit/ovf/disc-image";
import { startCliRig } from "./cli-rig.ts";
import type { CliRig } from "./cli-rig.ts";
import { root } from "./live-server.ts";

type Shown = Record<string, unknown>;

/** A row of the guide's table: the members that are always there, and those that may be. */
interface Shape {
  readonly always: readonly string[];
  /** Whether members that are not named may be there as well. */
  readonly isOpen: boolean;
  /** Whether there is one document a line. */
  readonly isLines: boolean;
}

const codesOf = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

/** The table of the guide, by command. Members of members stand in brackets; behind `perhaps` is what may be there. */
async function documentedShapes(): Promise<ReadonlyMap<string, Shape>> {
  const guide = await readFile(join(root, "docs/guides/cli.md"), "utf8");
  const table = guide.slice(
    guide.indexOf("## For programs"),
    guide.indexOf("An error is one line"),
  );
  const shapes = new Map<string, Shape>();
  for (const [, commands = "", members = ""] of table.matchAll(/^\| (`.*?) +\| (.*?) +\|$/gm)) {
    const [always = "", perhaps] = members.replaceAll(/\([^()]*\)/g, "").split("; perhaps ");
    const shape = {
      always: codesOf(always),
      isOpen: perhaps !== undefined,
      isLines: always.startsWith("of each line"),
    };
    for (const command of codesOf(commands)) shapes.set(command, shape);
  }
  return shapes;
}

/** Every command that does something, read off the program's own tree. */
async function commandsOf(
  { json }: CliRig,
  path: readonly string[] = [],
): Promise<readonly string[]> {
  const { words } = await json("__complete", "--", ...path, "");
  const children = (words as Shown[]).map(({ word }) => String(word));
  // The help names every command, and an argument with choices is no command.
  if (!children.includes("help") && path.length > 0) return [path.join(" ")];
  const below = children
    .filter((word) => word !== "help")
    .map(async (word) => await commandsOf(rig(json), [...path, word]));
  return (await Promise.all(below)).flat();
}

const rig = (json: CliRig["json"]) => ({ json }) as CliRig;

/** A line for every row of the table, in an order in which each finds what it needs. */
async function linesOf(given: CliRig): Promise<readonly (readonly [string, ...string[]])[]> {
  const { file, json, directory, client, env } = given;
  const iso = await file("a.img", "one");
  const newer = join(directory, "newer");
  const secret = await file("secret.txt", "a horse of my own choice");
  await json("push", iso, "images/debian");
  await json("push", await file("b.img", "two"), "images/debian");
  const { item } = await json("info", "images/debian");
  const create_spec = { library_item_id: String((item as Shown)["id"]) };
  const open = async (): Promise<string> => await client.updateSession.create({ create_spec });
  const first = await open();
  await client.updateSession.cancel({ update_session_id: first });
  const done = await open();
  await client.updateSession.complete({ update_session_id: done });
  const active = await open();
  return [
    ["profile ls"],
    ["profile use", "here"],
    ["config get"],
    ["config update", "--syncs-max", "4"],
    ["config path"],
    ["completion", "bash"],
    ["library create", "spare"],
    ["library ls"],
    ["library find", "images"],
    ["ls"],
    ["ls LIBRARY", "images"],
    ["ls LIBRARY/ITEM", "images/debian"],
    ["info LIBRARY", "images"],
    ["info LIBRARY/ITEM", "images/debian"],
    ["info LIBRARY/ITEM@N", "images/debian@2"],
    ["library info", "images"],
    ["library update", "images", "--description", "x"],
    ["library rename", "spare", "other"],
    ["find", "debian"],
    ["session ls"],
    ["session ls --all"],
    ["session show", active],
    ["session fail", active, "-m", "why"],
    ["session cancel", active],
    ["session watch", done],
    ["wait server"],
    ["wait item", "images/debian"],
    ["wait session", done],
    ["push", iso, "images/more"],
    ["pull", "images/more", newer],
    ["pull-url", "images/pulled", `${given.server.url}/docs`],
    ["lint", await file("disc.iso", aDiscImage({ sectors: 40 }).toString("latin1"))],
    ["probe", `${given.server.url}/docs`],
    ["cp", "images/more", "images/copy"],
    ["mv", "images/copy", "images/copied"],
    ["versions", "images/debian"],
    ["rollback", "images/debian", "--to", "2"],
    ["library revisions", "images", "3"],
    ["rm --plan", "images/copied"],
    ["rm", "--yes", "images/copied"],
    ["library rm --plan", "other"],
    ["library rm", "other"],
    ["whoami"],
    ["user add", "ben", "--password-file", secret],
    ["user ls"],
    ["user show", "ben"],
    ["user passwd", "ben", "--password-file", secret],
    ["user disable", "ben"],
    ["user enable", "ben"],
    ["group add", "team"],
    ["group join", "team", "ben"],
    ["group leave", "team", "ben"],
    ["group ls"],
    ["group show", "team"],
    ["token create", "nightly", "--user", "ben"],
    ["token ls", "--user", "ben"],
    ["token revoke", "nightly", "--user", "ben"],
    ["grant add", "viewer", "--user", "ben", "--everything"],
    ["grant ls", "--user", "ben"],
    ["grant rm"],
    ["secret set", "depot", "--origin", "https://depot.example", "--password-stdin"],
    ["secret ls"],
    ["secret rm", "depot"],
    ["audit", "--limit", "3"],
    ["group rm", "team"],
    ["user rm", "ben"],
    ["profile rm", "here"],
    ["login", env["CONTENTLIB_URL"] ?? "", "--user", "administrator"],
  ];
}

/** Commands that the table has, and that other tests run: they need a directory with TLS and no server. */
const ELSEWHERE: ReadonlySet<string> = new Set(["tls show", "tls renew"]);

test("every command prints, as JSON, what the guide says", { timeout: 60_000 }, async (t) => {
  const given = await startCliRig(t);
  const { feed, file, server, json } = given;
  const profiles = { current: "here", profiles: { here: { url: server.url, token: "t" } } };
  await file("profiles.json", JSON.stringify(profiles));
  const shapes = await documentedShapes();
  const lines = await linesOf(given);
  for (const [command, ...rest] of lines) {
    const shape = shapes.get(command);
    assert.ok(shape, `the table has no row for ${command}`);
    const words = command.split(" ").filter((word) => !/^[A-Z]+/.test(word));
    const grants =
      command === "grant rm" ? (await json("grant", "ls", "--user", "ben"))["grants"] : [];
    const ids = ((grants as Shown[] | undefined) ?? []).map(({ grant_id }) => String(grant_id));
    const { code, out, err } = await feed("a secret to read", "--json", ...words, ...rest, ...ids);
    assert.equal(code, 0, `${command}: ${err}`);
    assert.equal(err, "", command);
    const [printed] = shape.isLines ? out.split("\n") : [out];
    const members = Object.keys(JSON.parse(printed ?? "") as object);
    const missing = shape.always.filter((member) => !members.includes(member));
    assert.deepEqual(missing, [], `${command}: missing of ${members.join(", ")}`);
    if (!shape.isOpen) assert.deepEqual(members.toSorted(), shape.always.toSorted(), command);
  }
  const ran = new Set([...lines.map(([command]) => command), ...ELSEWHERE]);
  const unrun = [...shapes.keys()].filter((command) => !ran.has(command));
  assert.deepEqual(unrun, [], "every row is run");
});

test("the guide has a row for every command", async (t) => {
  const shapes = await documentedShapes();
  const commands = await commandsOf(await startCliRig(t));
  assert.ok(commands.includes("library create"), commands.join(", "));
  const isThere = (command: string): boolean =>
    [...shapes.keys()].some((one) => one === command || one.startsWith(`${command} `));
  // The server speaks for itself.
  const silent = new Set(["serve"]);
  assert.deepEqual(
    commands.filter((command) => !silent.has(command) && !isThere(command)),
    [],
  );
});
