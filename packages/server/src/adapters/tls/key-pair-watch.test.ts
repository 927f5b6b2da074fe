import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ManualClock } from "../clock/manual-clock.ts";
import { KEY_PAIR_PERIOD_MS, KeyPairWatch } from "./key-pair-watch.ts";
import { makeKeyPair } from "./own-key-pair.ts";
import type { CheckedKeyPair, KeyPairFiles } from "./read-key-pair.ts";
import { readKeyPair } from "./read-key-pair.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-watch-"));
after(() => rmSync(folder, { recursive: true }));

const aPair = async (): Promise<CheckedKeyPair> =>
  await makeKeyPair({ names: ["lib.example"], now: 0 });
const [first, second, third] = [await aPair(), await aPair(), await aPair()];

interface Watched {
  readonly files: KeyPairFiles;
  readonly watch: KeyPairWatch;
  readonly used: string[];
  readonly refused: string[];
  put(pair: Partial<CheckedKeyPair>): void;
  /** One period later. */
  pass(): Promise<void>;
}

const watching = async (name: string): Promise<Watched> => {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  const files = { certFile: join(place, "cert.pem"), keyFile: join(place, "key.pem") };
  const put = ({ certPem, keyPem }: Partial<CheckedKeyPair>): void => {
    if (certPem !== undefined) writeFileSync(files.certFile, certPem);
    if (keyPem !== undefined) writeFileSync(files.keyFile, keyPem);
  };
  put(first);
  const clock = new ManualClock();
  const [used, refused]: string[][] = [[], []];
  const watch = new KeyPairWatch({
    files,
    current: await readKeyPair(files),
    clock,
    onPair: ({ facts }) => used?.push(facts.pin),
    onRefused: (error) => refused?.push(error.message),
  });
  const pass = async (): Promise<void> => await clock.advance(KEY_PAIR_PERIOD_MS);
  return { files, watch, used: used ?? [], refused: refused ?? [], put, pass };
};

test("what is new and fits is taken once", async () => {
  const watched = await watching("new");
  await watched.pass();
  assert.deepEqual(watched.used, []);
  watched.put(second);
  await watched.pass();
  await watched.pass();
  assert.deepEqual(watched.used, [second.facts.pin]);
  watched.put(first);
  await watched.pass();
  assert.deepEqual(watched.used, [second.facts.pin, first.facts.pin]);
  assert.deepEqual(watched.refused, []);
});

test("half of a new pair keeps the old one and is told once; the other half completes it", async () => {
  const watched = await watching("half");
  watched.put({ certPem: second.certPem });
  for (let count = 0; count < 3; count += 1) await watched.pass();
  assert.deepEqual(watched.used, []);
  assert.equal(watched.refused.length, 1);
  assert.match(watched.refused[0] ?? "", /does not belong to/);
  watched.put({ keyPem: second.keyPem });
  await watched.pass();
  assert.deepEqual(watched.used, [second.facts.pin]);
});

test("what is wrong in another way is told again, and so is what is wrong again", async () => {
  const watched = await watching("again");
  watched.put({ certPem: second.certPem.slice(0, 100) });
  await watched.pass();
  rmSync(watched.files.certFile);
  await watched.pass();
  await watched.pass();
  assert.equal(watched.refused.length, 2);
  assert.match(watched.refused[1] ?? "", /is not there/);
  watched.put(first);
  await watched.pass();
  rmSync(watched.files.certFile);
  await watched.pass();
  assert.equal(watched.refused.length, 3);
  assert.deepEqual(watched.used, []);
  watched.put(third);
  await watched.pass();
  assert.deepEqual(watched.used, [third.facts.pin]);
});

test("links that lead elsewhere are followed, as those of mounted secrets", async () => {
  const watched = await watching("links");
  const { files } = watched;
  const place = join(folder, "links");
  for (const [name, pair] of Object.entries({ one: first, two: second })) {
    mkdirSync(join(place, name));
    writeFileSync(join(place, name, "cert.pem"), pair.certPem);
    writeFileSync(join(place, name, "key.pem"), pair.keyPem);
  }
  symlinkSync("one", join(place, "now"));
  for (const path of [files.certFile, files.keyFile]) {
    rmSync(path);
    symlinkSync(join("now", path.slice(place.length + 1)), path);
  }
  await watched.pass();
  assert.deepEqual(watched.used, []);
  symlinkSync("two", join(place, "next"));
  renameSync(join(place, "next"), join(place, "now"));
  await watched.pass();
  assert.deepEqual(watched.used, [second.facts.pin]);
  assert.deepEqual(watched.refused, []);
});

test("a look on request says how it went, and what is wrong once more", async () => {
  const { watch, put, pass, used, refused } = await watching("request");
  assert.equal(await watch.look(), "unchanged");
  put(second);
  assert.equal(await watch.look(), "used");
  put({ keyPem: "none" });
  await pass();
  assert.equal(await watch.look(), "refused");
  assert.equal(await watch.look(), "refused");
  assert.equal(refused.length, 3);
  assert.deepEqual(used, [second.facts.pin]);
});

test("nothing is handed over after the end, also not what is being read", async () => {
  const { watch, put, pass, used } = await watching("closed");
  put(second);
  const looking = watch.look();
  watch.close();
  await looking;
  await pass();
  assert.deepEqual(used, []);
});
