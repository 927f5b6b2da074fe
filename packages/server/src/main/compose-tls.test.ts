import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ManualClock } from "../adapters/clock/manual-clock.ts";
import { KEY_PAIR_PERIOD_MS } from "../adapters/tls/key-pair-watch.ts";
import { makeKeyPair, ownKeyPairFiles, renewCertificate } from "../adapters/tls/own-key-pair.ts";
import type { TlsSetting } from "../config/tls-setting.ts";
import type { KeyPair } from "../ports/index.ts";
import type { ServerTls, TlsNeeds } from "./compose-tls.ts";
import { composeTls } from "./compose-tls.ts";
import { StartError } from "./start-error.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-tls-"));
after(() => rmSync(folder, { recursive: true }));

const DAY_MS = 86_400_000;

interface Started {
  readonly tls: ServerTls;
  readonly clock: ManualClock;
  readonly notes: string[];
  readonly warnings: string[];
  readonly used: KeyPair[];
}

const needsOf = (
  name: string | null,
  setting: TlsSetting,
  others: Partial<TlsNeeds>,
): { readonly needs: TlsNeeds; readonly notes: string[]; readonly warnings: string[] } => {
  const notes: string[] = [];
  const warnings: string[] = [];
  const path = join(folder, name ?? "");
  mkdirSync(path, { recursive: true });
  const place = (file: string): string => join(path, file);
  const needs = {
    setting,
    directory: name === null ? null : { path, place, close: () => undefined },
    publicUrl: "https://lib.example:443",
    listen: { host: "127.0.0.1", port: 0 },
    clock: new ManualClock(),
    operator: {
      note: (text: string) => notes.push(text),
      warn: (text: string) => warnings.push(text),
    },
    ...others,
  };
  return { needs, notes, warnings };
};

const SELF_SIGNED: TlsSetting = { kind: "self-signed" };

const start = async (
  name: string | null,
  setting: TlsSetting = SELF_SIGNED,
  others: Partial<TlsNeeds> & { readonly clock?: ManualClock } = {},
): Promise<Started> => {
  const { needs, notes, warnings } = needsOf(name, setting, others);
  const tls = await composeTls(needs);
  assert.ok(tls);
  const used: KeyPair[] = [];
  tls.watch({ useKeyPair: (pair) => used.push(pair) });
  return { tls, clock: needs.clock as ManualClock, notes, warnings, used };
};

const refusal = async (name: string, setting: TlsSetting = SELF_SIGNED): Promise<string> => {
  try {
    await start(name, setting);
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    assert.equal(error.message.includes("\n"), false);
    return error.message;
  }
  return assert.fail("it started");
};

test("off is nothing", async () => {
  assert.equal(await composeTls(needsOf("off", { kind: "off" }, {}).needs), null);
});

test("a server's own certificate is for its names, and the same at every start", async () => {
  const first = await start("own");
  const { names } = first.tls.facts;
  assert.equal(names[0], "lib.example");
  for (const name of ["localhost", "127.0.0.1", "::1"]) assert.ok(names.includes(name), name);
  assert.deepEqual(first.warnings, []);
  const second = await start("own", SELF_SIGNED, { clock: new ManualClock(Date.UTC(2027, 0, 1)) });
  assert.deepEqual(second.tls.pair, first.tls.pair);
});

test("in memory it is made fresh, and lies in no file", async () => {
  const [one, other] = [await start(null), await start(null)];
  assert.notEqual(one.tls.facts.pin, other.tls.facts.pin);
  await one.tls.reload();
  assert.deepEqual(one.used, []);
  assert.deepEqual(one.notes, ["The certificate for TLS is the same as before."]);
});

test("names that are wanted now keep the certificate, and are named with the command that adds them", async () => {
  const { tls } = await start("names");
  const listen = { host: "10.0.0.7", port: 1 };
  const later = await start("names", SELF_SIGNED, { publicUrl: "https://new.example:1", listen });
  assert.deepEqual(later.tls.pair, tls.pair);
  assert.deepEqual(later.warnings, [
    `The certificate for TLS is not for new.example, 10.0.0.7: contentlib tls renew --data ${join(folder, "names")} --name new.example --name 10.0.0.7.`,
  ]);
  const own = await start("names", SELF_SIGNED, { publicUrl: null });
  assert.deepEqual(own.warnings, [], `it is for ${hostname()}`);
});

test("an end that is near is warned of at the start and once a day, and so is one that has passed", async () => {
  const { tls } = await start("end");
  const near = new ManualClock(tls.facts.expiresAt - 29 * DAY_MS);
  const server = await start("end", SELF_SIGNED, { clock: near });
  assert.equal(server.warnings.length, 1);
  assert.match(server.warnings[0] ?? "", /expires at .*: contentlib tls renew --data/);
  await near.advance(2 * DAY_MS);
  assert.equal(server.warnings.length, 3);
  const passed = new ManualClock(tls.facts.expiresAt + DAY_MS);
  const late = await start("end", SELF_SIGNED, { clock: passed });
  assert.match(late.warnings[0] ?? "", /has expired at/);
});

test("a renewed certificate is taken up by itself, told, and warned of no more", async () => {
  const { tls } = await start("renewed");
  const clock = new ManualClock(tls.facts.expiresAt + 1);
  const server = await start("renewed", SELF_SIGNED, { clock });
  assert.equal(server.warnings.length, 1);
  const wish = { names: ["lib.example", "127.0.0.1"], now: clock.now() };
  const renewed = await renewCertificate(ownKeyPairFiles(join(folder, "renewed")), wish);
  await clock.advance(KEY_PAIR_PERIOD_MS);
  assert.deepEqual(
    server.used.map(({ certPem }) => certPem),
    [renewed.certPem],
  );
  assert.deepEqual(server.tls.facts, renewed.facts);
  assert.equal(server.tls.facts.pin, tls.facts.pin);
  assert.match(server.notes[0] ?? "", new RegExp(`SHA-256 ${renewed.facts.sha256}, valid until`));
  await clock.advance(DAY_MS);
  assert.equal(server.warnings.length, 1);
  server.tls.close();
  await renewCertificate(ownKeyPairFiles(join(folder, "renewed")), wish);
  await clock.advance(KEY_PAIR_PERIOD_MS);
  assert.equal(server.used.length, 1);
});

test("what does not fit keeps the certificate, is told once, and again on request", async () => {
  const { tls, clock, used, warnings } = await start("broken");
  writeFileSync(join(folder, "broken", "tls-certificate.pem"), "half");
  await clock.advance(3 * KEY_PAIR_PERIOD_MS);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /holds no certificate.*The certificate stays as it is\.$/);
  await tls.reload();
  assert.equal(warnings.length, 2);
  assert.deepEqual(used, []);
});

test("files that are given are read, and a start without them says which and what is wrong", async () => {
  const pair = await makeKeyPair({ names: ["lib.example"], now: new ManualClock().now() });
  const place = join(folder, "files");
  const setting = {
    kind: "files",
    certFile: join(place, "cert.pem"),
    keyFile: join(place, "key.pem"),
  } as const;
  assert.equal(
    await refusal("files", setting),
    `The certificate file ${setting.certFile} is not there.`,
  );
  writeFileSync(setting.certFile, pair.certPem);
  assert.match(await refusal("files", setting), /key file .*key\.pem is not there/);
  writeFileSync(setting.keyFile, (await makeKeyPair({ names: ["x"], now: 0 })).keyPem);
  assert.match(await refusal("files", setting), /key\.pem does not belong to .*cert\.pem/);
  writeFileSync(setting.keyFile, pair.keyPem);
  const publicUrl = "https://other.example:1";
  const server = await start("files", setting, { publicUrl });
  assert.deepEqual(server.tls.facts, pair.facts);
  assert.deepEqual(server.warnings, [], "which names it should have is its maker's affair");
  const clock = new ManualClock(pair.facts.expiresAt + 1);
  const { warnings } = await start("files", setting, { clock });
  assert.match(warnings[0] ?? "", /has expired .*: put a new one into .*cert\.pem/);
});

test("a lost key or a damaged file of the server's own stops the start, with what to do", async () => {
  await start("lost");
  const { certFile, keyFile } = ownKeyPairFiles(join(folder, "lost"));
  const key = readFileSync(keyFile);
  rmSync(keyFile);
  const lost = await refusal("lost");
  assert.match(lost, /tls-key\.pem is not there, which the certificate in .* needs\. Restore /);
  assert.match(lost, /from a backup, or remove both/);
  writeFileSync(keyFile, key);
  writeFileSync(certFile, "damaged");
  assert.match(await refusal("lost"), /tls-certificate\.pem holds no certificate.*Restore /);
});
