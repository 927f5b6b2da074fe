import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { fails, ScriptedRemote, serves, silent } from "@contentlib/testkit/fakes/scripted-remote";
import { aCall, RIG_SETTINGS, startApp, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { EventRig } from "@contentlib/testkit/rigs/event-rig";
import type { ScriptedAnswer } from "@contentlib/testkit/fakes/scripted-remote";
import type { PullRig } from "@contentlib/testkit/rigs/pull-rig";
import { DEPOT, openPullRig, until } from "@contentlib/testkit/rigs/pull-rig";
import type { UpdateSessionId } from "../../domain/ids.ts";
import { AesSecretSeal } from "../../adapters/auth/aes-secret-seal.ts";
import { LOOK_PERIOD_MS } from "../events/event-feed.ts";
import { TRIES_MAX } from "./pull-job.ts";

const A = `${DEPOT}/a.iso`;
const SHA1_OF_ABC = "a9993e364706816aba3e25717850c26c9cd0d89d";

const errorOf = ({ error_message }: Awaited<ReturnType<PullRig["settled"]>>): string =>
  error_message?.default_message ?? "";

describe("a file that is pulled", () => {
  test("S58, S99: waits at first, shows where it comes from, and is READY once its bytes are here", async () => {
    const { session, remote, pull, settled } = await openPullRig();
    remote.at(A, serves({ content: "abc" }));
    const added = await pull("a.iso");
    const source = {
      name: "a.iso",
      source_type: "PULL",
      source_endpoint: { uri: A },
    };
    assert.deepEqual(added, { ...source, status: "WAITING_FOR_TRANSFER", bytes_transferred: 0 });
    const { checksum_info: checksum, ...ready } = await settled("a.iso");
    assert.deepEqual(ready, { ...source, status: "READY", bytes_transferred: 3, size: 3 });
    assert.equal(checksum?.algorithm, "SHA256");
    await session.complete();
    const files = await session.itemFiles();
    assert.deepEqual(
      files.map(({ name, size }) => [name, size]),
      [["a.iso", 3]],
    );
    assert.deepEqual(await session.staged(), []);
    assert.deepEqual(session.rig.journal.troubles, []);
  });

  test("S99: is TRANSFERRING while its bytes come", async () => {
    const { session, remote, pull, settled } = await openPullRig();
    const gate = Promise.withResolvers<void>();
    remote.at(A, serves({ content: "abc", gate: gate.promise }));
    await pull("a.iso");
    await until(
      "the first byte",
      async () => (await session.file("a.iso")).bytes_transferred === 1,
    );
    assert.equal((await session.file("a.iso")).status, "TRANSFERRING");
    gate.resolve();
    assert.equal((await settled("a.iso")).status, "READY");
  });

  test("an empty one, and one whose source does not say how long it is", async () => {
    const { remote, pull, settled } = await openPullRig();
    remote.at(A, serves({ content: "" }));
    remote.at(`${DEPOT}/b.iso`, serves({ content: "abcdef", isSizeTold: false }));
    await pull("a.iso");
    await pull("b.iso");
    assert.equal((await settled("a.iso")).size, 0);
    assert.equal((await settled("b.iso")).size, 6);
  });

  test("S100: the login in its address goes to the source, and nowhere else", async () => {
    const { session, remote, pull, settled } = await openPullRig();
    remote.at(A, serves({ content: "abc" }));
    const gate = silent();
    remote.at(`${DEPOT}/b.iso`, gate.answer);
    const uri = "https://ada:ses%20ame@depot.example";
    const shown = [
      await pull("a.iso", { source_endpoint: { uri: `${uri}/a.iso` } }),
      await settled("a.iso"),
      await pull("b.iso", { source_endpoint: { uri: `${uri}/b.iso` } }),
    ];
    await gate.asked;
    for (const { login } of remote.asked)
      assert.deepEqual(login, { userName: "ada", password: "ses ame" });
    assert.deepEqual(
      shown.map(({ source_endpoint }) => source_endpoint?.uri),
      [A, A, `${DEPOT}/b.iso`],
    );
    const { catalog } = session.storage;
    const files = (await catalog.findSession(session.sessionId as UpdateSessionId))?.files ?? [];
    const kept = JSON.stringify(files);
    assert.doesNotMatch(kept, /ses|ada/);
    assert.deepEqual(
      files.map(({ value }) => value.source === "PULL" && value.from.sealedLogin !== undefined),
      [false, true],
    );
    const trail = await session.handlers["audit.list"]({}, aCall());
    assert.doesNotMatch(JSON.stringify([trail, session.rig.journal.events]), /ses ?ame/);
  });

  test("S100: a login that can not be unsealed any more is an ERROR that says so", async () => {
    const { session, remote, pull, settled } = await openPullRig();
    const { answer, asked } = silent();
    remote.at(A, answer);
    await pull("a.iso", { source_endpoint: { uri: "https://ada:sesame@depot.example/a.iso" } });
    await asked;
    await session.rig.app.drain();
    const other = await startApp(session.clock, session.storage, RIG_SETTINGS, {
      remote,
      seal: new AesSecretSeal(Buffer.alloc(32, 3)),
    });
    session.rig = other;
    const file = await settled("a.iso");
    assert.equal(file.status, "ERROR");
    assert.match(errorOf(file), /login of its address can not be read any more/);
    assert.equal(remote.asked.length, 1);
  });

  test("S118: a secret goes along by its name, and one that is gone meanwhile is an ERROR", async () => {
    const { session, remote, pull, settled } = await openPullRig();
    remote.at(A, serves({ content: "abc" }));
    const set_spec = { name: "depot", origin: DEPOT, user_name: "ci", password: "sesame" };
    await session.handlers["secret.set"]({ set_spec }, aCall());
    const source_endpoint = { uri: A, contentlib_secret: "depot" };
    assert.deepEqual((await pull("a.iso", { source_endpoint })).source_endpoint, source_endpoint);
    assert.equal((await settled("a.iso")).status, "READY");
    assert.deepEqual(remote.asked[0]?.login, { userName: "ci", password: "sesame" });
    remote.at(A, fails("timeout"));
    await pull("a.iso", { source_endpoint });
    await until("a try", () => remote.asked.length === 2);
    await session.handlers["secret.delete"]({ name: "depot" }, aCall());
    assert.match(errorOf(await settled("a.iso")), /depot/);
    assert.equal(remote.asked.length, 2);
  });

  test("overviews count its bytes, and followers hear of it as of a pushed one", async () => {
    const remote = new ScriptedRemote();
    const rig = await EventRig.open(undefined, { remote });
    const { session } = rig;
    const gate = Promise.withResolvers<void>();
    remote.at(A, serves({ content: "abc", gate: gate.promise }));
    const follow = await rig.followSession();
    await follow.news();
    const told = async () =>
      (await follow.news()).map(({ kind, file_name: name, file_status: status }) => [
        kind,
        name,
        status,
      ]);
    await session.add("a.iso", { source_type: "PULL", source_endpoint: { uri: A } });
    assert.deepEqual(await told(), [["FILE_ADDED", "a.iso", "WAITING_FOR_TRANSFER"]]);
    await until("a byte", async () => (await session.file("a.iso")).bytes_transferred === 1);
    const overviews = await wholeList(await session.handlers["sessionOverview.list"]({}, aCall()));
    assert.deepEqual(
      overviews.map(({ bytes_transferred: bytes }) => bytes),
      [1],
    );
    await session.clock.advance(LOOK_PERIOD_MS);
    assert.deepEqual(await told(), [["FILE_STATUS", "a.iso", "TRANSFERRING"]]);
    gate.resolve();
    await until("its end", async () => (await session.file("a.iso")).status === "READY");
    assert.deepEqual(await told(), [["FILE_STATUS", "a.iso", "READY"]]);
  });

  test("S101: what is known of its server goes along, and is shown", async () => {
    const { remote, pull, settled } = await openPullRig();
    remote.at(A, serves({ content: "abc" }));
    const print = "3D:0A:5B:7C:11:F2:9E:4A:66:80:D1:23:45:67:89:AB:CD:EF:01:23";
    const endpoint = { uri: A, ssl_certificate_thumbprint: print };
    assert.deepEqual(
      (await pull("a.iso", { source_endpoint: endpoint })).source_endpoint,
      endpoint,
    );
    await settled("a.iso");
    const digest = print.replaceAll(":", "").toLowerCase();
    assert.deepEqual(remote.asked[0]?.pin, { kind: "thumbprint", digest });
  });
});

describe("S102: what was declared of a pulled file", () => {
  const wrong = [
    ["a size that the source announces", { size: 4 }, true, /4 bytes.*3 were announced/],
    ["a size that the bytes fall short of", { size: 4 }, false, /4 bytes.*3 were received/],
    ["a size that the bytes go beyond", { size: 2 }, false, /2 bytes.*at least \d+ were received/],
    [
      "a checksum",
      { checksum_info: { algorithm: "SHA1", checksum: "0".repeat(40) } },
      true,
      new RegExp(`${"0".repeat(40)}.*${SHA1_OF_ABC}`),
    ],
  ] as const;
  for (const [what, spec, isSizeTold, words] of wrong)
    test(`${what} that differs is an ERROR that names both`, async () => {
      const { session, remote, pull, settled } = await openPullRig();
      remote.at(A, serves({ content: "abc", isSizeTold }));
      await pull("a.iso", spec);
      const file = await settled("a.iso");
      assert.equal(file.status, "ERROR");
      assert.match(errorOf(file), words);
      assert.equal(remote.asked.length, 1, "it is not tried again");
      await until("bytes are gone", async () => (await session.staged()).length === 0);
      assert.equal((await session.session()).state, "ACTIVE");
      remote.at(A, serves({ content: "abc" }));
      await pull("a.iso");
      assert.equal((await settled("a.iso")).status, "READY");
    });

  test("what fits is READY, with that checksum", async () => {
    const { remote, pull, settled } = await openPullRig();
    remote.at(A, serves({ content: "abc" }));
    const checksum_info = { algorithm: "SHA1", checksum: SHA1_OF_ABC } as const;
    await pull("a.iso", { size: 3, checksum_info });
    const file = await settled("a.iso");
    assert.equal(file.status, "READY");
    assert.deepEqual(file.checksum_info, checksum_info);
  });
});

describe("S105: a source that fails", () => {
  for (const reason of [
    "absent",
    "fenced",
    "certificate",
    "login",
    "redirect",
    "protocol",
  ] as const)
    test(`${reason} is an ERROR at once, in the source's own words, and can be mended by adding again`, async () => {
      const { remote, pull, settled } = await openPullRig();
      remote.at(A, fails(reason, "Depot says no."));
      await pull("a.iso", { source_endpoint: { uri: `${A}` } });
      const file = await settled("a.iso");
      assert.equal(file.status, "ERROR");
      assert.equal(file.error_message?.id, "contentlib.transfer.pull_failed");
      assert.match(
        errorOf(file),
        /a\.iso .*depot\.example\/a\.iso: Depot says no\. .*add the file/,
      );
      assert.equal(remote.asked.length, 1);
    });

  test("that fails for good in the middle leaves no bytes and no login", async () => {
    const { session, remote, pull, settled } = await openPullRig();
    const broken = serves({ content: "abc", validator: '"1"', breaksAtBytes: 2 });
    remote.at(A, broken, fails("absent"));
    await pull("a.iso", { source_endpoint: { uri: "https://ada:sesame@depot.example/a.iso" } });
    const file = await settled("a.iso");
    assert.deepEqual([file.status, file.bytes_transferred], ["ERROR", 2]);
    await until("bytes are gone", async () => (await session.staged()).length === 0);
    const id = session.sessionId as UpdateSessionId;
    const row = await session.storage.catalog.findNamedFile(id, "a.iso");
    assert.deepEqual(row?.value.source === "PULL" && row.value.from, { url: A });
  });

  test("the query of its address is told to nobody", async () => {
    const { remote, pull, settled } = await openPullRig();
    const uri = `${A}?signature=sesame`;
    remote.at(uri, fails("absent"));
    await pull("a.iso", { source_endpoint: { uri } });
    assert.doesNotMatch(errorOf(await settled("a.iso")), /sesame/);
  });

  for (const reason of ["timeout", "connection", "status"] as const)
    test(`${reason} is tried again, a bounded number of times`, async () => {
      const { remote, pull, settled } = await openPullRig();
      remote.at(A, fails(reason, "Depot is tired."));
      await pull("a.iso");
      const file = await settled("a.iso");
      assert.equal(file.status, "ERROR");
      assert.match(errorOf(file), new RegExp(`Depot is tired\\. It was tried ${TRIES_MAX} times`));
      assert.equal(remote.asked.length, TRIES_MAX);
    });

  test("a broken connection is gone on with, and each step forward counts anew", async () => {
    const { remote, pull, settled } = await openPullRig();
    const content = "0123456789";
    const file = (breaksAtBytes?: number) =>
      serves({
        content,
        validator: '"1"',
        ...(breaksAtBytes === undefined ? {} : { breaksAtBytes }),
      });
    const steps = [1, 2, 3, 4, 5, 6, 7].map(file);
    remote.at(A, ...steps, file());
    await pull("a.iso");
    const ready = await settled("a.iso");
    assert.equal(ready.status, "READY", errorOf(ready));
    assert.deepEqual(
      remote.asked.map(({ from }) => from?.offsetBytes ?? 0),
      [0, 1, 2, 3, 4, 5, 6, 7],
    );
    assert.equal(
      ready.checksum_info?.checksum,
      "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882",
    );
  });

  test("a source without a strong tag is asked for all of it again", async () => {
    const { remote, pull, settled } = await openPullRig();
    remote.at(A, serves({ content: "abc", breaksAtBytes: 2 }), serves({ content: "xyz" }));
    await pull("a.iso");
    const file = await settled("a.iso");
    assert.equal(file.status, "READY");
    assert.deepEqual(
      remote.asked.map(({ from }) => from),
      [undefined, undefined],
    );
    assert.equal(
      file.checksum_info?.checksum,
      "3608bca1e44ea6c4d268eb6db02260269892c0b42b86bbf1e77a6fa16c3c9282",
    );
  });

  const later = [
    ["is another one by now", "xyz", '"2"'],
    ["is shorter by now", "xy", '"1"'],
    ["can not be sent in part", "xyz", '"1"', fails("protocol")],
    ["says that it is another length under the same tag", "xyzzy", '"1"'],
  ] as const;
  for (const [what, content, validator, part] of later)
    test(`S103: a file that ${what} is begun anew`, async () => {
      const { session, remote, pull, settled } = await openPullRig();
      const whole = serves({ content, validator });
      const next: ScriptedAnswer = (wish) =>
        (wish.from === undefined ? whole : (part ?? whole))(wish);
      remote.at(A, serves({ content: "abc", validator: '"1"', breaksAtBytes: 2 }), next);
      await pull("a.iso");
      const file = await settled("a.iso");
      assert.equal(file.status, "READY", errorOf(file));
      assert.equal(
        file.checksum_info?.checksum,
        createHash("sha256").update(content).digest("hex"),
      );
      assert.equal(file.size, content.length);
      assert.deepEqual(session.rig.journal.troubles, []);
    });

  test("S103: a file that is led to from elsewhere than before is begun anew, whatever its tag", async () => {
    const { remote, pull, settled } = await openPullRig();
    const at = (version: number, content: string, more = {}): ScriptedAnswer =>
      serves({
        content,
        validator: '"1"',
        finalUrl: `https://cdn.example/${version}?sign=${content}`,
        ...more,
      });
    remote.at(A, at(1, "abcd", { breaksAtBytes: 2 }), at(2, "ABCD"), at(2, "ABCD"));
    await pull("a.iso");
    const file = await settled("a.iso");
    assert.equal(file.status, "READY", errorOf(file));
    const { checksum } = file.checksum_info ?? {};
    assert.equal(checksum, createHash("sha256").update("ABCD").digest("hex"));
  });

  test("S103: a file that is led to from where it was before is gone on with", async () => {
    const { remote, pull, settled } = await openPullRig();
    const at = (sign: string, more = {}): ScriptedAnswer =>
      serves({
        content: "abcd",
        validator: '"1"',
        finalUrl: `https://cdn.example/1?${sign}`,
        ...more,
      });
    remote.at(A, at("x", { breaksAtBytes: 2 }), at("y"));
    await pull("a.iso");
    assert.equal((await settled("a.iso")).size, 4);
    assert.deepEqual(remote.asked[1]?.from, { offsetBytes: 2, validator: '"1"' });
    assert.equal(remote.asked.length, 2);
  });
});
