import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import type { SmallLibrary } from "@contentlib/testkit/client/small-library";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { run } from "./run.ts";

async function rig(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-hints-"));
  const library = await startSmallLibrary();
  t.after(async () => {
    await library.server.close().catch(() => undefined);
    await rm(directory, { recursive: true });
  });
  const env = {
    CONTENTLIB_URL: library.server.url,
    CONTENTLIB_TOKEN: "t",
    CONTENTLIB_PROFILE_FILE: join(directory, "profiles.json"),
  };
  const cli = async (argv: readonly string[]) => {
    const streams = capturedStreams();
    const code = await run(argv, streams, env);
    return { code, out: streams.out(), err: streams.err() };
  };
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(directory, name), text);
    return join(directory, name);
  };
  return { cli, file, library };
}

/** Whether the small library, which says that it is of this make, lets its caller make libraries. */
const mayCreate =
  (can: boolean): SmallLibrary["override"] =>
  ({ operation, input }) => {
    if (operation === "login.create")
      return { output: "login", headers: { "contentlib-version": "0.1.0" } };
    return operation === "whoami.get" && input["can"] === "localLibrary.create"
      ? { output: { user_id: "u", user: "ci@vsphere.local", groups: [], libraries: [], can } }
      : undefined;
  };

test("push into a missing library prints the line that creates it, quoted where it must be", async (t) => {
  const { cli, file, library } = await rig(t);
  const path = await file("a.img", "x");
  library.override = mayCreate(true);
  const { code, err } = await cli(["push", path, "images/debian"]);
  assert.equal(code, 3);
  assert.equal(
    err,
    "contentlib: There is no library images.\n  Create it: contentlib library create images\n",
  );
  const spaced = await cli(["push", path, "Ben's images/debian"]);
  assert.match(spaced.err, /Create it: contentlib library create 'Ben'\\''s images'$/m);
});

test("push into a library that one may not see does not say that it should be made", async (t) => {
  const { cli, file, library } = await rig(t);
  const path = await file("a.img", "x");
  library.override = mayCreate(false);
  const { code, err } = await cli(["push", path, "secret/debian"]);
  assert.equal(code, 3);
  assert.equal(
    err,
    "contentlib: There is no library secret, or none that you may see.\n  List those that you may: contentlib ls\n",
  );
  library.override = ({ operation }) =>
    operation === "whoami.get" ? { fault: "unsupported", text: "No." } : undefined;
  assert.ok(!(await cli(["ls", "secret"])).err.includes("library create"));
});

test("a server of another make is not asked whether one may make libraries", async (t) => {
  const { cli, file, library } = await rig(t);
  const path = await file("a.img", "x");
  const { code, err } = await cli(["push", path, "images/debian"]);
  assert.equal(code, 3);
  assert.match(err, /^contentlib: There is no library images, or none that you may see\.$/m);
  assert.ok(!library.server.operations().includes("whoami.get"));
});

test("a push whose login was taken away says nothing of a session that the server has ended", async (t) => {
  const { cli, file, library } = await rig(t);
  library.addLibrary("images");
  const path = await file("a.img", "x");
  for (const [fault, isTold] of [
    ["unauthenticated", false],
    ["service_unavailable", true],
  ] as const) {
    let isOut = false;
    library.override = ({ operation }) => {
      isOut ||= operation === "updateSessionFile.add";
      return isOut ? { fault, text: "No." } : undefined;
    };
    const { code, err } = await cli(["push", path, `images/${fault}`]);
    assert.notEqual(code, 0);
    assert.equal(err.includes("could not be ended"), isTold, err);
  }
});

test("a login takes the address of a server, not one of something on it", async (t) => {
  const { cli } = await rig(t);
  for (const path of ["/api", "/rest/", "/?a=b", "/#x"]) {
    const { code, err } = await cli(["login", `https://host.example:8443${path}`]);
    assert.equal(code, 2);
    assert.match(err, /scheme, host and port, without a path\.\n.*login https:\S+:8443$/m);
  }
});

test("whoami about an operation that there is not offers names that are near", async (t) => {
  const { cli, library } = await rig(t);
  const told = async (arg: string): Promise<string> => {
    library.override = ({ operation }) =>
      operation === "whoami.get"
        ? {
            fault: "invalid_argument",
            id: "contentlib.access.invalid_property",
            text: "Not valid.",
            args: [arg, "it is wrong"],
          }
        : undefined;
    return (await cli(["whoami", "--can", "item.creat"])).err;
  };
  assert.match(
    await told("can"),
    /^contentlib: There is no operation item\.creat\.\n {2}Did you mean item\.create, /,
  );
  assert.match(await told("on"), /^contentlib: Not valid\.\n$/);
});

test("the help tells the environment that counts", async (t) => {
  const { cli } = await rig(t);
  const { out } = await cli(["--help"]);
  for (const name of ["URL", "TOKEN", "USER", "PASSWORD", "PIN", "PROFILE"])
    assert.match(out, new RegExp(`\\bCONTENTLIB_${name}\\b`));
});
