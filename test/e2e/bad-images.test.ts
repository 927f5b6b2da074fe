import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { aDiscImage } from "@contentlib/testkit/ovf/disc-image";
import { startCliRig } from "./cli-rig.ts";

const GOOD = aDiscImage();

test("a library takes no bad images from the command line either, once it is told so", async (t) => {
  // S132
  const { cli, json, directory } = await startCliRig(t);
  const path = join(directory, "x.iso");
  await writeFile(path, GOOD.subarray(0, -1));
  const update = async (option: string) => await json("library", "update", "images", option);
  assert.equal((await update("--no-reject-bad-iso"))["changed"], false);
  assert.match((await cli("library", "info", "images")).out, /bad images +taken, and told of/);
  await json("push", "--force", path, "images/taken");
  assert.equal((await update("--reject-bad-iso"))["changed"], true);
  assert.equal((await update("--reject-bad-iso"))["changed"], false);
  assert.match((await cli("library", "info", "images")).out, /bad images +refused/);
  const { code, err } = await cli("push", "--force", path, "images/refused");
  assert.equal(code, 4);
  assert.match(err, new RegExp(`${GOOD.length - 1} bytes, its volume says ${GOOD.length}`));
  await writeFile(path, GOOD);
  await json("push", path, "images/refused");
  const { settings } = await json("library", "info", "images");
  assert.deepEqual(settings, { revisions_in_effect: 5, reject_bad_iso: true });
});
