import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFile,
  mkdir,
  rename,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { describe, test } from "node:test";
import { scratchDirectory } from "@contentlib/testkit/disk/scratch-directory";
import { wholeOf } from "@contentlib/testkit/rigs/remote-rig";
import type { ByteSink, RemoteFile, RemoteReason } from "../../ports/index.ts";
import { RemoteError } from "../../ports/index.ts";
import { ManualClock } from "../clock/manual-clock.ts";
import { SystemClock } from "../clock/system-clock.ts";
import type { DirectorySourceOptions } from "./directory-source.ts";
import { DirectorySource } from "./directory-source.ts";
import { FILE_LIMIT_MS } from "./in-time.ts";
import { SYSTEM_FILES } from "./local-files.ts";

const FILE = Buffer.from("0123456789");
const MIB = 1024 * 1024;

/** `open/` may be read, and has a file; `closed/` lies beside it, and has one as well. */
const openPlaces = async (t: TestContext, options: Partial<DirectorySourceOptions> = {}) => {
  const scratch = await scratchDirectory();
  t.after(async () => await scratch.remove());
  const [open, closed] = [join(scratch.path, "open"), join(scratch.path, "closed")];
  for (const directory of [open, closed]) {
    await mkdir(directory);
    await writeFile(join(directory, "a b.iso"), FILE);
  }
  const source = new DirectorySource({
    clock: new SystemClock(),
    directories: [{ name: "san 1", path: open }],
    closed: [],
    ...options,
  });
  const read = async (url: string, from?: { offsetBytes: number; validator: string }) =>
    await source.open({
      url,
      signal: new AbortController().signal,
      ...(from === undefined ? {} : { from }),
    });
  return { open, closed, root: scratch.path, source, read };
};

const urlOf = (path: string): string =>
  `file://${path.split("/").map(encodeURIComponent).join("/")}`;

const refusedFor = (reason: RemoteReason, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RemoteError, String(error));
  assert.equal(error.reason, reason, error.message);
  assert.match(error.message, words);
  return true;
};

/** What is there, and what is not, must be refused in one sentence, or trying would tell them apart. */
const hidden = refusedFor("absent", /^There is no file \S+ that this server may read: /);
const outside = refusedFor("fenced", /lies in no directory that this server pulls files from/);

/** A sink that holds its source back after the first chunk, until it is told to go on. */
const pausing = (file: RemoteFile) => {
  const first = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<number>();
  let bytes = 0;
  const sink: ByteSink = {
    chunk: (chunk) => {
      const isFirst = bytes === 0;
      bytes += chunk.byteLength;
      first.resolve();
      return !isFirst;
    },
    end: () => ended.resolve(bytes),
    fail: (reason) => ended.reject(reason),
  };
  const pour = file.body.pourInto(sink);
  return { first: first.promise, ended: ended.promise, pour, received: () => bytes };
};

describe("what may be read", () => {
  test("a file below a directory, by its path and by its datastore, from any byte on", async (t) => {
    const { open, source, read } = await openPlaces(t);
    assert.equal(source.isOpen, true);
    for (const url of [
      urlOf(join(open, "a b.iso")),
      "ds:///vmfs/volumes/san%201/a%20b.iso",
      "ds:///vmfs/volumes/san%201//a%20b.iso?serverId=1",
      "ds:///san%201/a%20b.iso",
    ]) {
      const file = await read(url);
      const { sizeBytes, startsAtBytes, redirects, peer, validator } = file;
      assert.deepEqual(
        { url: file.url, sizeBytes, startsAtBytes, redirects, peer },
        { url, sizeBytes: FILE.length, startsAtBytes: 0, redirects: 0, peer: null },
      );
      assert.deepEqual(await wholeOf(file.body), FILE);
      assert.ok(validator !== null && /^"[0-9a-z-]+"$/.test(validator));
      const rest = await read(url, { offsetBytes: 7, validator });
      assert.equal(rest.startsAtBytes, 7);
      assert.equal(rest.sizeBytes, FILE.length);
      assert.deepEqual(await wholeOf(rest.body), FILE.subarray(7));
      const nothing = await read(url, { offsetBytes: FILE.length, validator });
      assert.deepEqual(await wholeOf(nothing.body), Buffer.alloc(0));
    }
  });

  test("a large file and an empty one", async (t) => {
    const { open, read } = await openPlaces(t);
    const large = Buffer.alloc(3 * MIB + 17, "contentlib");
    await writeFile(join(open, "large"), large);
    await writeFile(join(open, "empty"), "");
    assert.deepEqual(await wholeOf((await read(urlOf(join(open, "large")))).body), large);
    assert.equal((await wholeOf((await read("ds:///san%201/empty")).body)).length, 0);
  });

  test("links that stay inside, and a directory that is reached by a link itself", async (t) => {
    const { open, root, read } = await openPlaces(t);
    await mkdir(join(open, "deep"));
    await writeFile(join(open, "deep", "b"), FILE);
    await symlink("deep/b", join(open, "link"));
    await symlink(open, join(root, "alias"));
    for (const path of [join(open, "link"), join(root, "alias", "deep", "b")])
      assert.deepEqual(await wholeOf((await read(urlOf(path))).body), FILE, path);
    const clock = new SystemClock();
    const directories = [{ name: null, path: join(root, "alias") }];
    const aliased = new DirectorySource({ clock, directories, closed: [] });
    const { signal } = new AbortController();
    for (const path of [join(root, "alias", "link"), join(open, "link")])
      assert.deepEqual(
        await wholeOf((await aliased.open({ url: urlOf(path), signal })).body),
        FILE,
      );
  });
});

describe("what may not", () => {
  test("anything, where no directory is open", async (t) => {
    const { open, source, read } = await openPlaces(t, { directories: [] });
    assert.equal(source.isOpen, false);
    await assert.rejects(read(urlOf(join(open, "a b.iso"))), outside);
    await assert.rejects(read("ds:///san%201/a%20b.iso"), refusedFor("fenced", /stands for/));
  });

  test("a path outside, whether there is something or not", async (t) => {
    const { open, closed, root, read } = await openPlaces(t);
    await symlink("/etc/passwd", join(root, "link"));
    for (const path of [
      join(closed, "a b.iso"),
      join(closed, "nothing"),
      `${open}x`,
      join(root, "link"),
      "/etc/passwd",
      "/proc/self/environ",
    ])
      await assert.rejects(read(urlOf(path)), outside, path);
    for (const url of ["ds:///vmfs/volumes/other/a", "ds:///SAN%201/a%20b.iso"])
      await assert.rejects(read(url), refusedFor("fenced", /CONTENTLIB_PULL_DIRECTORIES/), url);
  });

  test("a link out, one that leads nowhere and one to itself are told as what is not there is", async (t) => {
    const { open, closed, read } = await openPlaces(t);
    await symlink(join(closed, "a b.iso"), join(open, "out"));
    await symlink(join(closed, "nothing"), join(open, "nowhere"));
    await symlink("../closed", join(open, "folder"));
    await symlink("itself", join(open, "itself"));
    const refused: string[] = [];
    for (const name of ["out", "nowhere", "folder/a b.iso", "itself", "absent", "a b.iso/a"]) {
      const url = urlOf(join(open, name));
      await assert.rejects(read(url), (error: Error) => {
        refused.push(error.message.replace(url, "URL"));
        assert.ok(!error.message.includes(closed));
        return hidden(error);
      });
    }
    assert.equal(new Set(refused).size, 1);
  });

  test("a folder, a pipe and a socket: none of them is waited for", async (t) => {
    const { open, read } = await openPlaces(t);
    await mkdir(join(open, "folder"));
    execFileSync("mkfifo", [join(open, "pipe")]);
    const server = createServer().listen(join(open, "socket"));
    t.after(() => server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    for (const name of ["folder", "pipe", "socket"])
      await assert.rejects(read(urlOf(join(open, name))), hidden, name);
    await assert.rejects(read("ds:///vmfs/volumes/san%201/"), refusedFor("url", /no file/));
  });

  test("a step back, in any spelling", async (t) => {
    const { open, read } = await openPlaces(t);
    for (const path of ["../closed/a%20b.iso", "%2e%2e/closed/a%20b.iso", "..%2Fclosed/a", "a%00"])
      for (const start of [`${urlOf(open)}/`, "ds:///san%201/"])
        await assert.rejects(read(start + path), refusedFor("url", /can be no name/), start + path);
  });

  test("what holds the server's secrets, though it lies inside", async (t) => {
    const { root, open } = await openPlaces(t);
    await mkdir(join(open, "data"));
    for (const name of ["data/master.key", "profiles.json", "fine"])
      await writeFile(join(open, name), FILE);
    await symlink(join(open, "data", "master.key"), join(open, "link"));
    await symlink(open, join(root, "alias"));
    const source = new DirectorySource({
      clock: new SystemClock(),
      directories: [{ name: "san", path: open }],
      closed: [join(root, "alias", "data"), join(open, "profiles.json")],
    });
    const { signal } = new AbortController();
    for (const name of ["data/master.key", "profiles.json", "link"])
      await assert.rejects(source.open({ url: `ds:///san/${name}`, signal }), hidden, name);
    assert.deepEqual(
      await wholeOf((await source.open({ url: "ds:///san/fine", signal })).body),
      FILE,
    );
  });
});

describe("a folder that becomes a link after it was looked at", () => {
  for (const [system, placeOf] of [
    ["the system tells where the file lies", SYSTEM_FILES.placeOf],
    ["it does not", async () => null],
  ] as const)
    test(`leads nowhere, where ${system}`, async (t) => {
      let swap: (() => Promise<void>) | null = null;
      const { open, closed, read } = await openPlaces(t, {
        files: {
          ...SYSTEM_FILES,
          placeOf,
          statusOf: async (path) => {
            const status = await SYSTEM_FILES.statusOf(path);
            await swap?.();
            swap = null;
            return status;
          },
        },
      });
      const folder = join(open, "folder");
      await mkdir(folder);
      await writeFile(join(folder, "a b.iso"), FILE);
      swap = async () => {
        await rename(folder, join(open, "moved"));
        await symlink(closed, folder);
      };
      await assert.rejects(read(urlOf(join(folder, "a b.iso"))), hidden);
      assert.equal(swap, null);
      await unlink(folder);
      await rename(join(open, "moved"), folder);
      assert.deepEqual(await wholeOf((await read(urlOf(join(folder, "a b.iso")))).body), FILE);
    });

  test("a file that becomes one is not opened", async (t) => {
    let swap: (() => Promise<void>) | null = null;
    const { open, closed, read } = await openPlaces(t, {
      files: {
        ...SYSTEM_FILES,
        open: async (path) => {
          await swap?.();
          return await SYSTEM_FILES.open(path);
        },
      },
    });
    swap = async () => {
      await unlink(join(open, "a b.iso"));
      await symlink(join(closed, "a b.iso"), join(open, "a b.iso"));
    };
    await assert.rejects(read(urlOf(join(open, "a b.iso"))), hidden);
  });
});

describe("a file that does not stay as it is", () => {
  const large = Buffer.alloc(MIB, "contentlib");
  const changes = {
    grows: (path: string) => appendFile(path, "x"),
    shrinks: (path: string) => truncate(path, large.length / 2),
    "is emptied": (path: string) => truncate(path, 0),
    "is written over": (path: string) => writeFile(path, Buffer.alloc(MIB, "x")),
  };
  for (const [what, change] of Object.entries(changes))
    test(`is an error where it ${what}`, async (t) => {
      const { open, read } = await openPlaces(t);
      const path = join(open, "large");
      await writeFile(path, large);
      // Systems tell times so roughly that a change right after another may not show.
      await utimes(path, 1, 1);
      const file = await read(urlOf(path));
      const { first, ended, pour, received } = pausing(file);
      await first;
      await change(path);
      pour.resume();
      await assert.rejects(ended, refusedFor("changed", /was changed while it was read/));
      assert.ok(received() < large.length, "the last bytes are held back");
      const again = await read(urlOf(path), { offsetBytes: 5, validator: file.validator ?? "" });
      assert.equal(again.startsAtBytes, 0);
      assert.notEqual(again.validator, file.validator);
      again.close();
    });
});

describe("ending", () => {
  test("a cancelled reading ends with its reason, also one that is held back", async (t) => {
    const { open, source } = await openPlaces(t);
    await writeFile(join(open, "large"), Buffer.alloc(MIB));
    const controller = new AbortController();
    const url = urlOf(join(open, "large"));
    const { first, ended } = pausing(await source.open({ url, signal: controller.signal }));
    await first;
    controller.abort();
    await assert.rejects(ended, refusedFor("cancelled", /cancelled/));
    await assert.rejects(
      source.open({ url, signal: controller.signal }),
      refusedFor("cancelled", /cancelled/),
    );
  });

  test("one that is closed or stopped says nothing any more", async (t) => {
    const { open, read } = await openPlaces(t);
    await writeFile(join(open, "large"), Buffer.alloc(MIB));
    for (const end of ["close", "stop"] as const) {
      const file = await read(urlOf(join(open, "large")));
      const { first, ended, pour, received } = pausing(file);
      await first;
      const before = received();
      if (end === "close") file.close();
      else pour.stop();
      file.close();
      pour.resume();
      const quiet = await Promise.race([ended, new Promise((resolve) => setImmediate(resolve))]);
      assert.equal(quiet, undefined);
      assert.equal(received(), before);
    }
  });

  test("a storage that never answers is waited for so long, and what opens too late is closed", async (t) => {
    const clock = new ManualClock();
    const answered = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const { open, read } = await openPlaces(t, {
      clock,
      files: {
        ...SYSTEM_FILES,
        open: async (path) => {
          await answered.promise;
          const handle = await SYSTEM_FILES.open(path);
          const close = handle.close.bind(handle);
          handle.close = async () => {
            await close();
            closed.resolve();
          };
          return handle;
        },
      },
    });
    const reading = assert.rejects(
      read(urlOf(join(open, "a b.iso"))),
      refusedFor("timeout", /has not answered within 30 s/),
    );
    await clock.advance(FILE_LIMIT_MS);
    await reading;
    answered.resolve();
    await closed.promise;
  });
});
