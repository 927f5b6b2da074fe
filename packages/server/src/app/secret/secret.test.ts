import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isFault } from "@contentlib/contract/vocabulary";
import { ScriptedRemote, serves } from "@contentlib/testkit/fakes/scripted-remote";
import { aCall } from "@contentlib/testkit/rigs/app-rig";
import { DEPOT, openPullRig } from "@contentlib/testkit/rigs/pull-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";
import { AesSecretSeal } from "../../adapters/auth/aes-secret-seal.ts";
import { PortError } from "../../ports/index.ts";
import { secretsIn } from "../secrets/secrets.ts";

const LOGIN = { userName: "ci", password: "open sesame" };
const SPEC = { name: "depot", origin: DEPOT, user_name: "ci", password: "open sesame" };
const A = `${DEPOT}/a.iso`;

const words = ({ handlers }: SessionRig) => ({
  set: async (over: Partial<typeof SPEC> = {}) =>
    await handlers["secret.set"]({ set_spec: { ...SPEC, ...over } }, aCall()),
  list: async () => await handlers["secret.list"]({}, aCall()),
  forget: async (name: string) => await handlers["secret.delete"]({ name }, aCall()),
});

describe("a secret", () => {
  test("is kept under its name, and shown without its password", async () => {
    const rig = await SessionRig.open();
    const { set, list } = words(rig);
    assert.deepEqual(await list(), []);
    await set();
    await set({ name: "artifacts", origin: "HTTP://10.0.0.7:80/", user_name: "" });
    const set_time = new Date(rig.clock.now()).toISOString();
    const by = { set_time, set_by: "administrator@vsphere.local" };
    assert.deepEqual(await list(), [
      { name: "artifacts", origin: "http://10.0.0.7", user_name: "", ...by },
      { name: "depot", origin: DEPOT, user_name: "ci", ...by },
    ]);
    const kept = JSON.stringify(await rig.storage.catalog.listSecrets());
    for (const text of [JSON.stringify(await list()), kept]) assert.doesNotMatch(text, /sesame/);
  });

  test("takes the place of the one of its name", async () => {
    const rig = await SessionRig.open();
    const { set, list } = words(rig);
    await set();
    await rig.clock.advance(1_000);
    await set({ origin: "https://other.example", user_name: "ada" });
    const [only, ...others] = await list();
    assert.deepEqual(others, []);
    assert.deepEqual(only, {
      name: "depot",
      origin: "https://other.example",
      user_name: "ada",
      set_time: new Date(rig.clock.now()).toISOString(),
      set_by: "administrator@vsphere.local",
    });
  });

  test("is forgotten once, and is not found from then on", async () => {
    const { set, list, forget } = words(await SessionRig.open());
    await set();
    const outcomes = await Promise.allSettled([forget("depot"), forget("depot")]);
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    assert.match(await refusedWith("secret.not_found", forget("depot")), /no secret depot/);
    assert.deepEqual(await list(), []);
  });

  test("that can not be kept changes nothing, and is not repeated", async () => {
    const { set, list } = words(await SessionRig.open());
    for (const wrong of [
      { name: "a b" },
      { origin: `${DEPOT}/path` },
      { origin: "https://ada:sesame@depot.example" },
      { user_name: "a:b" },
      { password: "" },
      { password: "open\nsesame" },
    ])
      assert.doesNotMatch(await refusedWith("secret.invalid_property", set(wrong)), /sesame/);
    assert.deepEqual(await list(), []);
  });
});

describe("who is told", () => {
  const seal = new AesSecretSeal(Buffer.alloc(32, 2));

  test("its own origin, in any path, and nobody else", async () => {
    const rig = await SessionRig.open();
    await words(rig).set();
    const secrets = secretsIn(rig.storage.catalog, seal);
    assert.deepEqual(await secrets.loginFor("depot", A), LOGIN);
    assert.deepEqual(await secrets.loginFor("depot", `${DEPOT}:443/b?c`), LOGIN);
    for (const url of [
      "http://depot.example/a.iso",
      `${DEPOT}:8443/a`,
      `${DEPOT}.evil.example/a`,
    ]) {
      const fault = await secrets.loginFor("depot", url);
      assert.ok(isFault(fault));
      assert.deepEqual(fault, { fault: "secret.wrong_origin", args: ["depot", DEPOT] });
    }
    const absent = await secrets.loginFor("other", A);
    assert.deepEqual(absent, { fault: "secret.not_found", args: ["other"] });
  });

  test("nobody, where somebody has put it elsewhere in the catalog", async () => {
    const rig = await SessionRig.open();
    await words(rig).set();
    const { catalog } = rig.storage;
    const secret = await catalog.findSecret("depot");
    assert.ok(secret);
    const evil = "https://evil.example";
    await catalog.commit([
      { kind: "secret.put", secret: { ...secret, origin: evil } },
      { kind: "secret.put", secret: { ...secret, name: "other" } },
    ]);
    const secrets = secretsIn(catalog, seal);
    await assert.rejects(secrets.loginFor("depot", evil), PortError);
    await assert.rejects(secrets.loginFor("other", A), PortError);
  });
});

describe("S118: a source that names one", () => {
  const named = (uri = A, secret = "depot") => ({
    source_endpoint: { uri, contentlib_secret: secret },
  });

  test("is fetched from with its login, and shows its name alone", async () => {
    const { session, remote, pull, settled } = await openPullRig();
    await words(session).set();
    remote.at(A, serves({ content: "abc" }));
    const shown = [await pull("a.iso", named()), await settled("a.iso")];
    assert.equal(shown[1]?.status, "READY");
    for (const { source_endpoint } of shown)
      assert.deepEqual(source_endpoint, { uri: A, contentlib_secret: "depot" });
    assert.deepEqual(
      remote.asked.map(({ login }) => login),
      [LOGIN],
    );
    const kept = (await session.storage.catalog.findSession(session.sessionId as never))?.files;
    for (const text of [shown, kept, session.rig.journal].map((each) => JSON.stringify(each)))
      assert.doesNotMatch(text, /sesame/);
  });

  test("is refused at once where there is none, or it is another server's", async () => {
    const { session, remote, pull } = await openPullRig();
    await words(session).set();
    await refusedWith("secret.not_found", pull("a.iso", named(A, "other")));
    const elsewhere = named("https://evil.example/a.iso");
    assert.match(
      await refusedWith("secret.wrong_origin", pull("a.iso", elsewhere)),
      /is for https:\/\/depot\.example, and goes nowhere else/,
    );
    assert.deepEqual(remote.asked, []);
    await refusedWith("update_session.no_such_file", session.file("a.iso"));
  });

  test("fails where it is forgotten, or set for another server, before its turn", async () => {
    for (const [change, code] of [
      [(of: SessionRig) => words(of).forget("depot"), /There is no secret depot/],
      [
        (of: SessionRig) => words(of).set({ origin: "https://other.example" }),
        /is for https:\/\/other\.example/,
      ],
    ] as const) {
      const { session, remote, pull, settled } = await openPullRig();
      await words(session).set();
      const limits = { contentlib_maximum_concurrent_pulls: 1 };
      await session.handlers["configuration.update"]({ model: limits }, aCall());
      const gate = Promise.withResolvers<void>();
      remote.at(`${DEPOT}/b.iso`, serves({ content: "abc", gate: gate.promise }));
      await pull("b.iso");
      await pull("a.iso", named());
      await change(session);
      gate.resolve();
      const { status, error_message } = await settled("a.iso");
      assert.equal(status, "ERROR");
      assert.match(error_message?.default_message ?? "", code);
      assert.equal(remote.countOf(A), 0);
    }
  });

  test("is tried with its login; a secret that does not belong there is refused", async () => {
    const remote = new ScriptedRemote();
    const rig = await SessionRig.open(undefined, { remote });
    await words(rig).set();
    remote.at(A, serves({ content: "abc" }));
    const probe = async (uri: string, contentlib_secret: string) =>
      await rig.handlers["updateSessionFile.probe"](
        { source_endpoint: { uri, contentlib_secret } },
        aCall(),
      );
    const get = async (uri: string, secret: string) =>
      await rig.handlers["probe.get"]({ uri, secret }, aCall());
    for (const ask of [probe, get]) {
      assert.equal((await ask(A, "depot")).status, "SUCCESS");
      assert.equal((await ask(A, "")).status, "SUCCESS");
      await refusedWith("secret.not_found", ask(A, "other"));
      await refusedWith("secret.wrong_origin", ask("https://evil.example/a", "depot"));
      const both = ask("https://ada:barley@depot.example/a.iso", "depot");
      assert.doesNotMatch(await refusedWith("request.invalid_member", both), /barley/);
    }
    const print = "AB:".repeat(19) + "AB";
    const vouched = [
      rig.handlers["updateSessionFile.probe"](
        {
          source_endpoint: {
            uri: A,
            contentlib_secret: "depot",
            ssl_certificate_thumbprint: print,
          },
        },
        aCall(),
      ),
      rig.handlers["probe.get"]({ uri: A, secret: "depot", thumbprint: print }, aCall()),
    ];
    for (const each of vouched) await refusedWith("request.invalid_member", each);
    assert.deepEqual(
      remote.asked.map(({ login }) => login),
      [LOGIN, undefined, LOGIN, undefined],
    );
  });
});
