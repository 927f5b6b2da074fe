import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { Finding } from "../finding.ts";
import { ArchiveReader } from "./archive-reader.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-tar-"));
after(() => rmSync(folder, { recursive: true }));

const answers = (command: string, ...args: string[]): string => {
  const { stdout } = spawnSync(command, args, { encoding: "utf8" });
  return stdout ?? "";
};
const gnu = answers("tar", "--version").startsWith("tar (GNU tar)")
  ? {}
  : { skip: "GNU tar is not here" };
const python = answers("python3", "-c", "import tarfile; print('yes')").startsWith("yes")
  ? {}
  : { skip: "Python is not here" };

const LONG = `${"long-".repeat(30)}disk.vmdk`;
const contents = new Map([
  ["x.ovf", Buffer.from("<Envelope/>")],
  ["x.mf", Buffer.alloc(0)],
  ["größe (1).vmdk", randomBytes(70_001)],
  ["disk.vmdk", randomBytes(1024)],
]);
for (const [name, bytes] of contents) writeFileSync(join(folder, name), bytes);
const longBytes = randomBytes(513);
writeFileSync(join(folder, LONG), longBytes);

const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

interface Read {
  readonly codes: string[];
  /** Digests of the members by their names. */
  readonly members: Map<string, string>;
  readonly sizes: Map<string, number>;
}

const read = (chunks: Iterable<Uint8Array>, totalBytes?: number): Read => {
  const found: Read = { codes: [], members: new Map(), sizes: new Map() };
  let [name, hash] = ["", createHash("sha256")];
  const reader = new ArchiveReader({
    fileName: "x.ova",
    ...(totalBytes === undefined ? {} : { totalBytes }),
    report: ({ code }: Finding) => void found.codes.push(code),
    onEvent: (event) => {
      if (event.kind === "member") {
        [name, hash] = [event.name, createHash("sha256")];
        found.sizes.set(name, event.sizeBytes);
      } else if (event.kind === "bytes") hash.update(event.bytes);
      else if (event.kind === "member-end") found.members.set(name, hash.digest("hex"));
    },
  });
  for (const chunk of chunks) reader.write(chunk);
  reader.end();
  return found;
};

const chunksOf = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );

const readArchive = (bytes: Uint8Array): Read => read(chunksOf(bytes, 4099), bytes.length);

const tar = (...args: string[]): Buffer => {
  const target = join(folder, "made.tar");
  execFileSync("tar", ["-C", folder, "-cf", target, ...args]);
  return readFileSync(target);
};

const holds = (archive: Read, names: readonly string[]): void => {
  assert.deepEqual(archive.codes, []);
  const expected = names.map((name): [string, string] => [
    name,
    digestOf(contents.get(name) ?? longBytes),
  ]);
  assert.deepEqual([...archive.members], expected);
};

describe("archives of GNU tar", () => {
  for (const format of ["gnu", "oldgnu", "pax", "ustar"])
    test(`in the format ${format}`, gnu, () => {
      const names = [...contents.keys(), ...(format === "ustar" ? [] : [LONG])];
      holds(readArchive(tar(`--format=${format}`, ...names)), names);
    });
  test("of the seventh edition are told as such", gnu, () => {
    assert.deepEqual(readArchive(tar("--format=v7", "x.ovf")).codes, ["archive.header_refused"]);
  });
  test("with ./ before the names, and the directory itself", gnu, () => {
    const made = tar("--format=gnu", "--no-recursion", "./", "./x.ovf", "./disk.vmdk");
    holds(readArchive(made), ["x.ovf", "disk.vmdk"]);
  });
  test("with sparse files, in each way to store them", gnu, () => {
    const holes = openSync(join(folder, "holes"), "w");
    ftruncateSync(holes, 1 << 20);
    closeSync(holes);
    for (const how of [["--format=gnu"], ["--format=oldgnu"]].concat(
      ["0.0", "0.1", "1.0"].map((version) => ["--format=pax", `--sparse-version=${version}`]),
    ))
      assert.deepEqual(readArchive(tar("--sparse", ...how, "holes")).codes, ["archive.sparse"]);
  });
  test("compressed as a whole", gnu, () => {
    assert.deepEqual(readArchive(tar("-z", "x.ovf")).codes, ["archive.compressed"]);
  });
  for (const format of ["gnu", "pax"])
    test(`with a member of 9 GiB, in the format ${format}`, gnu, () => {
      const size = 9 * 2 ** 30;
      const huge = openSync(join(folder, "huge.vmdk"), "w");
      ftruncateSync(huge, size);
      closeSync(huge);
      const command = `tar -C "${folder}" -cf - --format=${format} huge.vmdk | head -c 65536`;
      const head = execFileSync("sh", ["-c", command], { stdio: ["ignore", "pipe", "ignore"] });
      assert.equal(read([head]).sizes.get("huge.vmdk"), size);
      assert.deepEqual(read([head], head.length).codes, ["archive.truncated"]);
      assert.deepEqual(read([head], size + 10_240).codes, ["archive.truncated"]);
    });
});

describe("archives of Python", () => {
  const script = `
import sys, tarfile
folder, target, form, *names = sys.argv[1:]
with tarfile.open(target, "w", format=getattr(tarfile, form), encoding="utf-8") as made:
    for name in names:
        made.add(folder + "/" + name, arcname=name)
`;
  const made = (format: string, names: readonly string[]): Buffer => {
    const target = join(folder, "python.tar");
    execFileSync("python3", ["-c", script, folder, target, format, ...names]);
    return readFileSync(target);
  };
  for (const format of ["PAX_FORMAT", "GNU_FORMAT", "USTAR_FORMAT"])
    test(`in ${format}`, python, () => {
      const names = [...contents.keys(), ...(format === "USTAR_FORMAT" ? [] : [LONG])];
      holds(readArchive(made(format, names)), names);
    });
  test("a member of 9 GiB by its header", python, () => {
    const header = `
import sys, tarfile
info = tarfile.TarInfo("huge.vmdk")
info.size = 9 * 2 ** 30
sys.stdout.buffer.write(info.tobuf(getattr(tarfile, sys.argv[1])))
`;
    for (const format of ["PAX_FORMAT", "GNU_FORMAT"]) {
      const head = execFileSync("python3", ["-c", header, format]);
      assert.equal(read([head]).sizes.get("huge.vmdk"), 9 * 2 ** 30);
    }
  });
});

test("nine gibibytes pass through, chunk by chunk", gnu, () => {
  const chunk = new Uint8Array(1 << 20);
  function* stream(): Generator<Uint8Array> {
    const file = openSync(join(folder, "made.tar"), "r");
    const head = Buffer.alloc(512);
    readSync(file, head);
    closeSync(file);
    yield head;
    for (let at = 0; at < 9 * 1024; at += 1) yield chunk;
    yield chunk.subarray(0, 1024);
  }
  const huge = openSync(join(folder, "huge.vmdk"), "w");
  ftruncateSync(huge, 9 * 2 ** 30);
  closeSync(huge);
  const command = `tar -C "${folder}" -cf - --format=gnu huge.vmdk | head -c 512 > "${folder}/made.tar"`;
  execFileSync("sh", ["-c", command], { stdio: "ignore" });
  let [bytes, codes] = [0, 0];
  const reader = new ArchiveReader({
    fileName: "x.ova",
    totalBytes: 9 * 2 ** 30 + 1536,
    report: () => void (codes += 1),
    onEvent: (event) => {
      if (event.kind === "bytes") bytes += event.bytes.length;
    },
  });
  for (const piece of stream()) reader.write(piece);
  reader.end();
  assert.deepEqual([bytes, codes], [9 * 2 ** 30, 0]);
});
