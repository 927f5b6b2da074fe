import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { run } from "../run.ts";
import type { RunOptions } from "../run.ts";

const content = Buffer.from("from elsewhere");

/** The command line, and a library that "fetches": each file comes with the first look at it. */
async function rig(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-pull-url-"));
  const library = await startSmallLibrary();
  t.after(async () => {
    await library.server.close();
    await rm(directory, { recursive: true });
  });
  library.addLibrary("images");
  const specs: Record<string, unknown>[] = [];
  library.override = ({ operation, input }) => {
    const session = library.sessions.get(String(input["update_session_id"]));
    if (operation === "updateSessionFile.add") {
      const spec = input["file_spec"] as Record<string, unknown>;
      specs.push(spec);
      session?.files.set(String(spec["name"]), null);
      const waits = { status: "WAITING_FOR_TRANSFER", bytes_transferred: 0 };
      return { output: { name: spec["name"], source_type: "PULL", ...waits } };
    }
    if (operation === "updateSessionFile.get")
      session?.files.set(String(input["file_name"]), content);
    if (operation !== "updateSessionFile.validate") return undefined;
    return { output: { has_errors: false, missing_files: [], invalid_files: [] } };
  };
  const env = {
    CONTENTLIB_URL: library.server.url,
    CONTENTLIB_TOKEN: "t",
    CONTENTLIB_PROFILE_FILE: join(directory, "profiles.json"),
  };
  const cli = async (argv: readonly string[], options: RunOptions = {}) => {
    const streams = capturedStreams();
    const code = await run(["pull-url", ...argv], streams, env, options);
    return { code, out: streams.out(), err: streams.err() };
  };
  const states = () => [...library.sessions.values()].map(({ state }) => state);
  return { cli, library, specs, states, directory };
}

test("the server fetches a file by its address, into an item of the type that its name says", async (t) => {
  const { cli, library, specs } = await rig(t);
  const url = "https://mirror.example.org/pool/debian%2013.iso?x=1";
  const { code, out, err } = await cli(["images/debian", url]);
  assert.equal(code, 0, err);
  assert.equal(err, "debian 13.iso ...\n");
  assert.match(out, /^images\/debian: debian 13\.iso \(14 B\) in .*; now content version 2\.$/m);
  assert.deepEqual(specs, [
    { name: "debian 13.iso", source_type: "PULL", source_endpoint: { uri: url } },
  ]);
  const created = library.server.requests.find(({ operation }) => operation === "item.create");
  const made = created?.input["create_spec"] as Record<string, unknown> | undefined;
  assert.equal(made?.["type"], "iso");
});

test("what is told of the source goes to the server: name, digest, pins and secret", async (t) => {
  const { cli, specs, directory } = await rig(t);
  const pem = join(directory, "nas.pem");
  await writeFile(pem, "-----BEGIN CERTIFICATE-----\nx\n");
  const url = "https://nas.local/latest";
  const key = "sha256//aTew9X3g";
  const checksum_info = { algorithm: "SHA256", checksum: "ab".repeat(32) };
  const lines: readonly (readonly [readonly string[], object])[] = [
    [["--pin-cert", pem], { ssl_certificate: "-----BEGIN CERTIFICATE-----\nx\n" }],
    [["--thumbprint", "AB:CD"], { ssl_certificate_thumbprint: "AB:CD" }],
    [["--pin-key", key], { contentlib_key_pin: key }],
    [["--pin-ca", key], { contentlib_ca_pin: key }],
    [["--secret", "nas"], { contentlib_secret: "nas" }],
  ];
  for (const [flags, told] of lines) {
    const named = ["--as", "a.iso", "--sha256", `sha256:${"AB".repeat(32)}`];
    const { code, err } = await cli([...named, ...flags, "images/a", url]);
    assert.equal(code, 0, err);
    const source_endpoint = { uri: url, ...told };
    assert.deepEqual(specs.at(-1), {
      name: "a.iso",
      source_type: "PULL",
      source_endpoint,
      checksum_info,
    });
  }
});

test("what makes no sense is told before anything is asked for", async (t) => {
  const { cli, library, directory } = await rig(t);
  await writeFile(join(directory, "no.pem"), "x");
  const two = ["https://h/a", "https://h/b"];
  for (const [argv, words] of [
    [["images/a", "no address"], /no address is no address/],
    [["images/a", "https://h/"], /https:\/\/h\/ ends with no name of a file/],
    [["--as", "x", "images/a", ...two], /--as is the name of one file/],
    [["--sha256", "ab".repeat(32), "images/a", ...two], /--sha256 is the digest of one file/],
    [["--pin-cert", join(directory, "no.pem"), "images/a", "https://h/a"], /no certificate in PEM/],
    [["--pin-key", "x", "--pin-ca", "y", "images/a", "https://h/a"], /cannot be used with/],
    [["--secret", "nas", "--pin-ca", "y", "images/a", "https://h/a"], /cannot be used with/],
    [["--secret", "nas", "--pin-cert", "x", "images/a", "https://h/a"], /cannot be used with/],
  ] as const) {
    const { code, err } = await cli(argv);
    assert.equal(code, 2, argv.join(" "));
    assert.match(err, words);
  }
  assert.deepEqual(library.server.requests, []);
});

test("a login in the address is used, warned of, and shown nowhere", async (t) => {
  const { cli, specs } = await rig(t);
  const url = "https://ben:hunter2@mirror.example.org/a.img";
  const { code, err } = await cli(["images/a", url]);
  assert.equal(code, 0);
  assert.match(err, /^The login in the address is seen by .*: contentlib secret set$/m);
  assert.deepEqual(specs[0]?.["source_endpoint"], { uri: url });
  const { out } = await cli(["--json", "images/a", url]);
  assert.doesNotMatch(err + out, /hunter2/);
  const { files } = JSON.parse(out) as { files: readonly { readonly url: string }[] };
  assert.equal(files[0]?.url, "https://mirror.example.org/a.img");
});

test("a file that can not be fetched ends the command with the server's words, and the item that was made goes", async (t) => {
  const { cli, library, states } = await rig(t);
  const usual = library.override;
  const error_message = { id: "e", default_message: "mirror.example.org answered 404.", args: [] };
  library.override = (request) =>
    request.operation === "updateSessionFile.get"
      ? {
          output: {
            name: "a.img",
            source_type: "PULL",
            status: "ERROR",
            bytes_transferred: 0,
            error_message,
          },
        }
      : usual(request);
  const { code, err } = await cli(["images/new", "https://mirror.example.org/a.img"]);
  assert.equal(code, 4);
  assert.match(err, /^contentlib: a\.img: mirror\.example\.org answered 404\.$/m);
  assert.match(err, /^images\/new, which this push had made, is removed again\.$/m);
  assert.deepEqual(states(), ["ERROR"]);
});

test("--no-wait completes at once and tells the session that goes on", async (t) => {
  const { cli, library } = await rig(t);
  const line = ["--no-wait", "images/a", "https://h/a.img", "https://h/b.img"];
  const { code, out } = await cli(line);
  assert.equal(code, 0);
  const [id] = library.sessions.keys();
  assert.equal(
    out,
    `images/a: the server fetches 2 files in update session ${id}.\n` +
      `  Wait for it: contentlib wait session ${id} --timeout 1h\n`,
  );
  const asked = library.server.operations();
  assert.ok(asked.includes("updateSession.complete"));
  assert.ok(!asked.includes("updateSessionFile.get"));
  const json = JSON.parse((await cli(["--json", ...line])).out) as Record<string, unknown>;
  assert.equal(json["done"], false);
  assert.deepEqual(Object.keys(json).toSorted(), [
    "address",
    "changed",
    "done",
    "files",
    "item",
    "library",
    "session_id",
    "unpacked",
    "warnings",
  ]);
});

test("an interrupt fails the session, so that the server fetches no more", async (t) => {
  const { cli, library, states } = await rig(t);
  const usual = library.override;
  const interrupt = new AbortController();
  library.override = (request) => {
    if (request.operation === "updateSessionFile.get") interrupt.abort();
    return usual(request);
  };
  const { code, err } = await cli(["images/a", "https://h/a.img"], { signal: interrupt.signal });
  assert.equal(code, 130);
  assert.match(err, /^contentlib: Interrupted\.\n {2}The server fetches no more\./m);
  assert.deepEqual(states(), ["ERROR"]);
});
