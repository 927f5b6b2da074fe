import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { WIRES, startCliRig } from "./cli-rig.ts";

type Shown = Record<string, unknown>;
const names = (list: unknown): readonly unknown[] => (list as Shown[]).map(({ name }) => name);

for (const wire of WIRES) {
  describe(`items and libraries from the command line over /${wire}`, { timeout: 60_000 }, () => {
    test("cp copies within a library and into another, and never over an item", async (t) => {
      const { cli, json, file } = await startCliRig(t, wire);
      await json("push", await file("a.img", "content"), "images/debian");
      await json("library", "create", "spare");
      const copy = await json("cp", "images/debian", "images/copy");
      assert.equal(copy["changed"], true);
      assert.equal(copy["address"], "images/copy");
      assert.deepEqual(names((await json("ls", "images/copy"))["files"]), ["a.img"]);
      assert.equal((await json("cp", "images/debian", "spare"))["address"], "spare/debian");
      assert.equal((await json("cp", "images/copy", "spare/"))["address"], "spare/copy");
      const again = await cli("cp", "images/debian", "spare");
      assert.equal(again.code, 4);
      assert.match(
        again.err,
        /spare\/debian exists already\.\n {2}.*contentlib rm spare\/debian$/m,
      );
      assert.equal((await cli("cp", "images/none", "spare")).code, 3);
      assert.equal((await cli("cp", "images/debian", "nowhere/x")).code, 3);
    });

    test("rm --match takes the items that match, and without it a sign is a character", async (t) => {
      const { cli, json, file } = await startCliRig(t, wire);
      const path = await file("a.img", "content");
      await json("push", path, "images/debian-12");
      for (const name of ["debian-13", "debian*", "fedora", "a%2Fb"])
        await json("cp", "images/debian-12", `images/${name}`);
      const all = async () => names((await json("ls", "images"))["items"]);
      const { would_remove: plan } = await json("rm", "--plan", "--match", "images/debian-*");
      assert.deepEqual(names(plan), ["debian-12", "debian-13"]);
      const unasked = await cli("rm", "--match", "images/deb*");
      assert.equal(unasked.code, 2);
      assert.match(unasked.err, /contentlib rm --yes --match 'images\/deb\*'/);
      assert.equal((await all()).length, 5);
      assert.deepEqual(names((await json("rm", "--yes", "images/debian*"))["removed"]), [
        "debian*",
      ]);
      const missing = await cli("rm", "--yes", "images/debian*");
      assert.equal(missing.code, 3);
      const gone = await json("rm", "--yes", "--match", "images/debian-?[23]", "images/a%2F*");
      assert.deepEqual(names(gone["removed"]), ["debian-12", "debian-13", "a/b"]);
      assert.deepEqual(await all(), ["fedora"]);
    });

    test("rm --match says what matches nothing, and removes nothing then", async (t) => {
      const { cli, json, file } = await startCliRig(t, wire);
      await json("push", await file("a.img", "content"), "images/debian");
      for (const [pattern, code, words] of [
        ["images/x*", 3, /No item of library images matches x\*\.\n {2}.*contentlib ls images$/m],
        ["nowhere/*", 3, /There is no library nowhere/],
        ["images", 2, /does not name an item/],
        ["images/%zz*", 2, /can not be read/],
      ] as const) {
        const end = await cli("rm", "--yes", "--match", "images/debian", pattern);
        assert.equal(end.code, code, pattern);
        assert.match(end.err, words);
      }
      assert.deepEqual(names((await json("ls", "images"))["items"]), ["debian"]);
    });

    test("pull --file takes patterns, and a file of that very name before all that match", async (t) => {
      const { cli, json, file, directory } = await startCliRig(t, wire);
      const paths = ["a.nvram", "d1.vmdk", "d2.vmdk", "d*.vmdk"].map((name) => file(name, name));
      await json("push", ...(await Promise.all(paths)), "images/vm");
      const pulled = async (...words: readonly string[]) => {
        const flags = words.flatMap((word) => ["--file", word]);
        const { files } = await json("pull", ...flags, "images/vm", join(directory, "to"));
        return names(files).map(String).toSorted();
      };
      assert.deepEqual(await pulled("d?.vmdk", "a.nvram"), [
        "a.nvram",
        "d*.vmdk",
        "d1.vmdk",
        "d2.vmdk",
      ]);
      assert.deepEqual(await pulled("d*.vmdk"), ["d*.vmdk"]);
      assert.deepEqual(await pulled("*.nvram", "a.*"), ["a.nvram"]);
      const none = await cli("pull", "--file", "*.img", "images/vm", join(directory, "to"));
      assert.equal(none.code, 3);
      assert.match(none.err, /no file named \*\.img; it has: a\.nvram/);
    });

    test("push takes patterns by itself, and names one that matches nothing", async (t) => {
      const { cli, json, file, directory } = await startCliRig(t, wire);
      await file("a.img", "one");
      await file("b [1].img", "two");
      await file(".c.img", "three");
      const pushed = await json("push", join(directory, "*.img"), "images/set");
      assert.deepEqual(names(pushed["files"]), ["a.img", "b [1].img"]);
      const none = await cli("push", join(directory, "*.raw"), "images/set");
      assert.equal(none.code, 3);
      assert.ok(none.err.includes(`No file matches ${join(directory, "*.raw")}.`), none.err);
      assert.equal((await json("ls", "images/set"))["files"] instanceof Array, true);
    });

    test("mv renames in place, in case too, and says how to go to another library", async (t) => {
      const { cli, json, file } = await startCliRig(t, wire);
      const pushed = await json("push", await file("a.img", "content"), "images/debian");
      await json("library", "create", "spare");
      const { id } = pushed["item"] as Shown;
      const moved = await json("mv", "images/debian", "images/Debian 12");
      assert.equal((moved["item"] as Shown)["id"], id);
      assert.equal((await json("mv", "images/debian 12", "images/debian 12"))["changed"], true);
      assert.equal((await json("mv", "images/debian 12", "images/debian 12"))["changed"], false);
      const across = await cli("mv", "images/debian 12", "spare/x");
      assert.equal(across.code, 4);
      assert.match(
        across.err,
        /contentlib cp 'images\/debian 12' spare\/x && contentlib rm --yes 'images\/debian 12'/,
      );
      await json("cp", "images/debian 12", "images/other");
      const taken = await cli("mv", "images/debian 12", "images/other");
      assert.equal(taken.code, 4);
      assert.match(taken.err, /images\/other exists already/);
    });

    test("rm asks, plans without doing, and removes all that it is given or nothing", async (t) => {
      const { cli, json, file, server } = await startCliRig(t, wire);
      const path = await file("a.img", "content");
      await json("push", path, "images/one");
      const two = (await json("push", path, "images/two"))["item"] as Shown;
      const sessionId = await server.client.updateSession.create({
        create_spec: { library_item_id: String(two["id"]) },
      });
      const { would_remove: plan, changed } = await json(
        "rm",
        "--plan",
        "images/one",
        "images/two",
      );
      assert.equal(changed, false);
      const [first, second] = plan as [Shown, Shown];
      assert.deepEqual(first["files"], [{ name: "a.img", size: 7 }]);
      assert.deepEqual(first["versions"], ["2"]);
      assert.deepEqual(first["sessions"], []);
      assert.deepEqual(names([second]), ["two"]);
      assert.equal((second["sessions"] as Shown[])[0]?.["id"], sessionId);
      const unasked = await cli("rm", "images/one");
      assert.equal(unasked.code, 2);
      assert.match(unasked.err, /contentlib rm --yes images\/one/);
      assert.equal((await cli("rm", "--yes", "images/one", "images/none")).code, 3);
      assert.equal(((await json("ls", "images"))["items"] as Shown[]).length, 2);
      const gone = await json("rm", "--yes", "images/one", "images/two", "images/ONE");
      assert.deepEqual(names(gone["removed"]), ["one", "two"]);
      assert.deepEqual((await json("ls", "images"))["items"], []);
      assert.equal((await cli("rm", "--yes", "--plan", "images/one")).code, 2);
    });

    test("a content version that is kept is listed, shown and pulled; what changes refuses it", async (t) => {
      const { cli, json, file, directory } = await startCliRig(t, wire);
      await json("push", await file("a.img", "old"), "images/debian");
      await json("push", await file("a.img", "newer"), "images/debian");
      const sizes = async (address: string) =>
        ((await json("ls", address))["files"] as Shown[]).map(({ size }) => size);
      assert.deepEqual(await sizes("images/debian"), [5]);
      assert.deepEqual(await sizes("images/debian@3"), [5]);
      assert.deepEqual(await sizes("images/debian@2"), [3]);
      const told = await json("info", "images/debian@2");
      assert.equal((told["version"] as Shown)["version"], "2");
      const target = join(directory, "old");
      const pulled = await json("pull", "images/debian@2", target);
      assert.equal((pulled["item"] as Shown)["content_version"], "2");
      assert.equal(await readFile(join(target, "a.img"), "utf8"), "old");
      assert.equal((await cli("ls", "images/debian@9")).code, 3);
      for (const argv of [
        ["rm", "--yes", "images/debian@2"],
        ["mv", "images/debian@2", "images/x"],
        ["cp", "images/debian@2", "images/x"],
        ["cp", "images/debian", "images/x@2"],
      ]) {
        const { code, err } = await cli(...argv);
        assert.equal(code, 2, argv.join(" "));
        assert.match(err, /written %40/, argv.join(" "));
      }
    });

    test("libraries are found, changed, renamed, planned and removed", async (t) => {
      const { cli, json, file } = await startCliRig(t, wire);
      await json("push", await file("a.img", "content"), "images/debian");
      assert.deepEqual(names((await json("library", "find", "IMAGES"))["libraries"]), ["images"]);
      assert.deepEqual((await json("library", "find", "none"))["libraries"], []);
      assert.deepEqual(names((await json("find", "DEBIAN"))["items"]), ["debian"]);
      assert.deepEqual((await json("find", "debian", "--type", "ovf"))["items"], []);
      assert.equal(
        ((await json("find", "debian", "--library", "images"))["items"] as Shown[])[0]?.["address"],
        "images/debian",
      );
      const told = await json("library", "update", "images", "--description", "golden");
      assert.equal(told["changed"], true);
      assert.equal((told["library"] as Shown)["description"], "golden");
      const same = await json("library", "update", "images", "--description", "golden");
      assert.equal(same["changed"], false);
      assert.equal((await cli("library", "update", "images")).code, 2);
      assert.equal((await json("library", "rename", "images", "a/b"))["address"], "a%2Fb");
      const { library } = await json("library", "info", "a%2Fb");
      const { id } = library as Shown;
      assert.deepEqual(names([(await json("library", "info", `id:${String(id)}`))["library"]]), [
        "a/b",
      ]);
      const plan = (await json("library", "rm", "--plan", "a%2Fb"))["would_remove"] as Shown;
      assert.deepEqual(names(plan["items"]), ["debian"]);
      const refused = await cli("library", "rm", "a%2Fb");
      assert.equal(refused.code, 4);
      assert.match(refused.err, /contentlib library rm --force a%2Fb/);
      assert.equal((await json("library", "rm", "--force", `id:${String(id)}`))["changed"], true);
      assert.equal((await cli("library", "info", "a%2Fb")).code, 3);
    });
  });
}

test("two things of one address are an error that lists their ids, which then name them", async (t) => {
  const { cli, json, server } = await startCliRig(t);
  const make = async (library: string, name: string): Promise<string> => {
    const made = (await json("library", "create", library))["library"] as Shown;
    const spec = { library_id: String(made["id"]), name };
    return await server.client.item.create({ create_spec: spec });
  };
  const one = await make("a", "b/c");
  const two = await make("a/b", "c");
  const { code, err } = await cli("info", "a/b/c");
  assert.equal(code, 4);
  for (const id of [one, two]) {
    assert.ok(err.includes(`id:${id}`), err);
    assert.equal(((await json("info", `id:${id}`))["item"] as Shown)["id"], id);
  }
  assert.equal(((await json("info", "a/b%2Fc"))["item"] as Shown)["id"], one);
  assert.equal(((await json("info", "a%2Fb/c"))["item"] as Shown)["id"], two);
});
