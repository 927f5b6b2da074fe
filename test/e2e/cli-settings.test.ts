import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { WIRES, startCliRig } from "./cli-rig.ts";

type Shown = Record<string, unknown>;

test("profiles are listed without their secrets, chosen, and forgotten", async (t) => {
  const { cli, json, file, directory, server } = await startCliRig(t);
  const path = join(directory, "profiles.json");
  assert.match((await cli("profile", "ls")).out, /There are no profiles yet/);
  const token = "f00dfeed".repeat(4);
  const profiles = { home: { url: server.url, token }, "my work": { url: "https://x.example" } };
  await file("profiles.json", JSON.stringify({ current: "home", profiles }));
  const { out } = await cli("profile", "ls");
  assert.match(out, /^\* +home +http/m);
  assert.match(out, /^ +'my work' +https:\/\/x\.example/m);
  const listed = await cli("profile", "ls", "--json");
  assert.ok(!out.includes(token) && !listed.out.includes(token));
  assert.equal((await json("profile", "use", "my work"))["changed"], true);
  assert.equal((await json("profile", "use", "my work"))["changed"], false);
  const kept = JSON.parse(await readFile(path, "utf8")) as Shown;
  assert.deepEqual(kept, { current: "my work", profiles });
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const removed = await cli("profile", "rm", "my work");
  assert.match(removed.err, /contentlib profile use home/);
  assert.deepEqual(
    Object.keys((JSON.parse(await readFile(path, "utf8")) as Shown)["profiles"] as Shown),
    ["home"],
  );
  for (const name of ["my work", "toString", "__proto__"])
    assert.equal((await cli("profile", "rm", name)).code, 3, name);
});

for (const wire of WIRES) {
  test(`the settings of the service are shown and changed over /${wire}`, async (t) => {
    const { cli, json } = await startCliRig(t, wire);
    const before = (await json("config", "get"))["configuration"] as Shown;
    const argv = ["--automatic-sync", "on", "--sync-from", "1", "--sync-until", "5"];
    const after = await json("config", "update", ...argv);
    assert.equal(after["changed"], true);
    assert.deepEqual(after["configuration"], {
      ...before,
      automatic_sync_enabled: true,
      automatic_sync_start_hour: 1,
      automatic_sync_stop_hour: 5,
    });
    assert.equal((await json("config", "update", ...argv))["changed"], false);
    const limits = ["--pulls-max", "3", "--pulls-per-server-max", "2"];
    const limited = (await json("config", "update", ...limits))["configuration"] as Shown;
    assert.deepEqual(limited, {
      ...(after["configuration"] as Shown),
      contentlib_maximum_concurrent_pulls: 3,
      contentlib_maximum_concurrent_pulls_per_server: 2,
    });
    assert.match((await cli("config", "get")).out, /^pulls from one server +2$/m);
    assert.equal((await cli("config", "update", "--pulls-max", "0")).code, 4);
    assert.equal((await cli("config", "update")).code, 2);
    assert.equal((await cli("config", "update", "--sync-from", "noon")).code, 2);
    assert.equal((await cli("config", "update", "--sync-from", "24")).code, 4);
  });
}
