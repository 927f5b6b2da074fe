import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  longName,
  paxHeader,
  paxRecord,
  tarEnd,
  type TarFields,
  tarHeader,
  tarMember,
} from "@contentlib/testkit/ovf/tar-writer";
import fc from "fast-check";
import type { FindingCode } from "../finding-codes.ts";
import type { Finding } from "../finding.ts";
import {
  ARCHIVE_HEADERS_MAX,
  EXTENSIONS_PER_MEMBER_MAX,
  LONG_NAME_BYTES_MAX,
  PAX_BYTES_MAX,
} from "../limits.ts";
import { ArchiveReader, type ArchiveUse } from "./archive-reader.ts";

interface Read {
  readonly findings: Finding[];
  /** Members by name, with their bytes; those that were cut have no end. */
  readonly members: { name: string; offset: number; bytes: string; isWhole: boolean }[];
  end: number | null;
}

const reading = (): Read & Pick<ArchiveUse, "fileName" | "onEvent" | "report"> => {
  const read: Read = { findings: [], members: [], end: null };
  return Object.assign(read, {
    fileName: "x.ova",
    report: (finding: Finding) => void read.findings.push(finding),
    onEvent: (event: Parameters<ArchiveUse["onEvent"]>[0]) => {
      const last = read.members.at(-1);
      if (event.kind === "member") {
        const { name, offset } = event;
        read.members.push({ name, offset, bytes: "", isWhole: false });
      } else if (event.kind === "bytes") last!.bytes += Buffer.from(event.bytes).toString("latin1");
      else if (event.kind === "member-end") last!.isWhole = true;
      else read.end = event.sizeBytes;
    },
  });
};

const plain = ({ findings, members, end }: Read): Read => ({ findings, members, end });

const readAll = (parts: readonly Uint8Array[], use: Partial<ArchiveUse> = {}): Read => {
  const read = reading();
  const reader = new ArchiveReader({ ...read, ...use });
  for (const part of parts) reader.write(part);
  reader.end();
  return plain(read);
};

const codes = (parts: readonly Uint8Array[], use: Partial<ArchiveUse> = {}): string[] =>
  readAll(parts, use).findings.map(({ code }) => code);

const refuses = (
  code: FindingCode,
  parts: readonly Uint8Array[],
  use?: Partial<ArchiveUse>,
): void => assert.deepEqual(codes(parts, use), [code]);

const accepts = (parts: readonly Uint8Array[], use?: Partial<ArchiveUse>): Read => {
  const read = readAll(parts, use);
  assert.deepEqual(read.findings, []);
  return read;
};

const ovf = tarMember({ name: "x.ovf" }, "<Envelope/>");
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test("members are told with their places and bytes, and the end with its mark", () => {
  const { members, end } = accepts([ovf, tarMember({ name: "x.mf" }), tarEnd]);
  assert.deepEqual(members, [
    { name: "x.ovf", offset: 512, bytes: "<Envelope/>", isWhole: true },
    { name: "x.mf", offset: 1536, bytes: "", isWhole: true },
  ]);
  assert.equal(end, 2560);
});

test("bytes are views of what was written", () => {
  const archive = Buffer.concat([ovf, tarEnd]);
  let seen: Uint8Array | undefined;
  const onEvent: ArchiveUse["onEvent"] = (event) => {
    if (event.kind === "bytes") seen = event.bytes;
  };
  new ArchiveReader({ ...reading(), onEvent }).write(archive);
  assert.equal(seen?.buffer, archive.buffer);
});

test("who can seek passes over what is still to come of a member", () => {
  const body = "x".repeat(1000);
  const archive = Buffer.concat([
    tarMember({ name: "a" }, body),
    tarMember({ name: "b" }),
    tarMember({ name: "c" }, body),
    tarEnd,
  ]);
  const read = reading();
  const reader = new ArchiveReader({ ...read, totalBytes: archive.length });
  let [at, skipped] = [0, 0];
  while (at < archive.length) {
    reader.write(archive.subarray(at, at + 520));
    const left = reader.skipMember();
    skipped += left;
    at = Math.min(archive.length, at + 520) + left;
  }
  reader.end();
  assert.ok(skipped > 1400);
  assert.equal(reader.skipMember(), 0);
  assert.deepEqual(
    read.members.map(({ name, offset, isWhole }) => [name, offset, isWhole]),
    [
      ["a", 512, true],
      ["b", 2048, true],
      ["c", 2560, true],
    ],
  );
  assert.deepEqual(read.findings, []);
});

describe("names", () => {
  const nameOf = (parts: readonly Uint8Array[]): string | undefined =>
    accepts([...parts, tarEnd]).members[0]?.name;
  test("of the header, of GNU, of pax: the last of these holds", () => {
    const long = `${"n".repeat(150)}.vmdk`;
    assert.equal(nameOf([longName(long), tarMember({ name: "cut" })]), long);
    assert.equal(nameOf([paxHeader([["path", long]]), tarMember({ name: "cut" })]), long);
    const both = [paxHeader([["path", "pax"]]), longName("gnu"), tarMember({ name: "cut" })];
    assert.equal(nameOf(both), "pax");
  });
  test("of a record that is given twice, the last holds; an empty one takes it back", () => {
    const of = (...paths: string[]): string | undefined =>
      nameOf([paxHeader(paths.map((path) => ["path", path])), tarMember({ name: "header" })]);
    assert.equal(of("one", "two"), "two");
    assert.equal(of("one", ""), "header");
  });
  test("an extension is for one member", () => {
    const other = tarMember({ name: "b" });
    const read = accepts([paxHeader([["path", "a"]]), tarMember({}), other, tarEnd]);
    assert.deepEqual(
      read.members.map(({ name }) => name),
      ["a", "b"],
    );
  });
  test("UTF-8, and Latin-1 where it is none", () => {
    assert.equal(nameOf([tarMember({ name: "ü.ovf" })]), "ü.ovf");
    const header = Buffer.from(tarHeader({ name: "?.ovf" }));
    header[0] = 0xfc;
    const sum = Number.parseInt(header.toString("latin1", 148, 154), 8) + 0xfc - 0x3f;
    header.write(sum.toString(8).padStart(6, "0"), 148);
    assert.equal(nameOf([header]), "ü.ovf");
    const signed = sum - 0x100;
    header.write(signed.toString(8).padStart(6, "0"), 148);
    assert.equal(nameOf([header]), "ü.ovf");
  });
  test("a directory of its own is passed over, as `tar c .` writes it", () => {
    const here = tarMember({ name: "./", kind: "5" });
    const read = accepts([here, tarMember({ name: "./x.ovf" }), tarEnd]);
    assert.deepEqual(
      read.members.map(({ name }) => name),
      ["x.ovf"],
    );
    refuses("archive.directory", [tarMember({ name: "./", kind: "5" }, "inside")]);
  });
  test("that lead elsewhere are refused", () => {
    for (const name of ["../x", "/etc/passwd", "a/b", "a\\b", "..", "", "././x", "con.ovf", "a:b"])
      refuses("name.refused", [tarMember({ name })]);
    refuses("name.refused", [tarMember({ name: "x", prefix: "a" })]);
    refuses("name.refused", [paxHeader([["path", "a\0b"]]), tarMember({ name: "x" })]);
    accepts([tarMember({ name: "x", prefix: "a", magic: "ustar  \0" }), tarEnd]);
  });
  test("have 255 bytes at most", () => {
    accepts([longName("n".repeat(255)), tarMember({}), tarEnd]);
    const { findings } = readAll([ovf, longName("n".repeat(256)), tarMember({})]);
    const [{ code, expected, actual, place } = assert.fail()] = findings;
    assert.deepEqual([code, expected, actual], ["name.too_long", "255", "256"]);
    assert.deepEqual(place, { offset: 2048 });
  });
  test("are there once, whatever their case", () => {
    refuses("archive.member_twice", [ovf, ovf, tarEnd]);
    refuses("archive.member_twice", [ovf, tarMember({ name: "X.OVF" }), tarEnd]);
    refuses("archive.member_twice", [ovf, tarMember({ name: "./x.ovf" }), tarEnd]);
  });
});

test("the descriptor should be the first member", () => {
  const disk = tarMember({ name: "disk.vmdk" }, "bytes");
  const [{ code, subject, actual, place } = assert.fail(), ...more] = readAll([
    disk,
    tarMember({ name: "x.mf" }),
    tarMember({ name: "X.OVF" }),
    tarMember({ name: "y.ovf" }),
    tarEnd,
  ]).findings;
  assert.deepEqual([code, subject, actual], ["archive.descriptor_not_first", "X.OVF", "disk.vmdk"]);
  assert.deepEqual([place, more], [{ offset: 1536 }, []]);
  accepts([ovf, disk, tarMember({ name: "y.ovf" }), tarEnd]);
  accepts([disk, tarEnd]);
});

describe("kinds", () => {
  const kindOf = (kind: string, fields: TarFields = {}): Uint8Array[] => [
    ovf,
    tarMember({ name: "odd", kind, ...fields }),
    tarEnd,
  ];
  test("that are files", () => {
    for (const kind of ["0", "\0", "7"]) assert.equal(accepts(kindOf(kind)).members.length, 2);
  });
  test("that are none", () => {
    for (const [kind, code] of [
      ["1", "archive.link"],
      ["2", "archive.link"],
      ["3", "archive.device"],
      ["4", "archive.device"],
      ["5", "archive.directory"],
      ["6", "archive.device"],
      ["S", "archive.sparse"],
      ["V", "archive.kind_unknown"],
      ["M", "archive.kind_unknown"],
      ["\n", "archive.kind_unknown"],
    ] as const)
      refuses(code, kindOf(kind, { linkName: "x.ovf" }));
    refuses("archive.directory", kindOf("0", { name: "sub/" }));
  });
  test("a sparse file in pax", () => {
    const pax = paxHeader([["GNU.sparse.major", "1"]]);
    refuses("archive.sparse", [ovf, pax, tarMember({ name: "disk" }), tarEnd]);
    accepts([ovf, paxHeader([["GNU.other", "1"]]), tarMember({ name: "disk" }), tarEnd]);
  });
  test("after an error nothing is told, nor looked at", () => {
    const read = readAll([...kindOf("2"), ovf, bytesOf("more")]);
    assert.equal(read.members.length, 1);
    assert.equal(read.end, null);
    assert.equal(read.findings.length, 1);
  });
});

describe("sizes", () => {
  const sized = (size: TarFields["size"] & {}): Uint8Array => tarMember({ name: "disk", size });
  test("that can not be", () => {
    const negative = new Uint8Array(12).fill(0xff);
    const huge = Uint8Array.from([0x80, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0, 0]);
    for (const size of ["", "-0000000001", "00000000009", "0x10", "12 12", negative, huge])
      refuses("archive.size_refused", [sized(size)]);
    const { findings } = readAll([sized(negative)]);
    assert.equal(findings[0]?.actual, "-1");
    for (const size of ["-1", "1e3", " 1", "9007199254740992", "0x1"])
      refuses("archive.size_refused", [paxHeader([["size", size]]), tarMember({ name: "disk" })]);
    refuses("archive.size_refused", [tarMember({ kind: "L", size: "x" })]);
  });
  test("of 8 GiB and more, in base 256 and in pax, up to 2^53 - 1", () => {
    const told = (parts: readonly Uint8Array[]): number | undefined => {
      let bytes: number | undefined;
      const onEvent: ArchiveUse["onEvent"] = (event) => {
        if (event.kind === "member") bytes = event.sizeBytes;
      };
      const reader = new ArchiveReader({ ...reading(), onEvent });
      for (const part of parts) reader.write(part);
      return bytes;
    };
    for (const size of [8 * 2 ** 30, 2 ** 43, Number.MAX_SAFE_INTEGER]) {
      assert.equal(told([sized(size)]), size);
      assert.equal(told([paxHeader([["size", `${size}`]]), sized(0)]), size);
    }
    assert.equal(told([sized("  77777777  ")]), 0o77777777);
  });
  test("that are larger than what is left are found at once where the total is known", () => {
    const member = tarHeader({ name: "disk", size: 1000 });
    const read = readAll([ovf, member], { totalBytes: 2535 });
    const [{ code, subject, expected, actual, place } = assert.fail()] = read.findings;
    assert.deepEqual([code, subject], ["archive.truncated", "disk"]);
    assert.deepEqual([expected, actual, place], ["1000", "999", { offset: 1024 }]);
    assert.deepEqual(read.members.length, 1);
    const whole = [ovf, member, new Uint8Array(1024), tarEnd];
    accepts(whole, { totalBytes: 1024 + 512 + 1024 + 1024 });
    refuses("archive.truncated", [tarHeader({ kind: "x", size: 100 })], { totalBytes: 611 });
  });
  test("a pax size holds for the member, not for what stands before it", () => {
    const pax = paxHeader([["size", "5"]]);
    const { members } = accepts([pax, longName("n"), tarMember({ size: 0 }, "12345"), tarEnd]);
    assert.equal(members[0]?.bytes, "12345");
  });
});

describe("limits", () => {
  test("of headers", () => {
    const members = Array.from({ length: ARCHIVE_HEADERS_MAX }, (_, at) =>
      tarHeader({ name: `m${at}` }),
    );
    assert.equal(accepts([...members, tarEnd]).members.length, ARCHIVE_HEADERS_MAX);
    refuses("archive.too_many_headers", [...members, tarHeader({ name: "more" })]);
  });
  test("of extensions before one member", () => {
    const extensions = Array.from({ length: EXTENSIONS_PER_MEMBER_MAX }, () => longName("n"));
    accepts([ovf, ...extensions, tarMember({}), tarMember({ name: "m" }), tarEnd]);
    refuses("archive.too_many_extensions", [...extensions, longName("n")]);
  });
  test("of the lengths of extensions", () => {
    const comment = (bytes: number): Uint8Array => {
      const record = paxRecord("comment", "c".repeat(bytes - 20));
      const rest = bytes - record.length;
      return paxHeader([["comment", "c".repeat(bytes - 20 + rest)]]);
    };
    accepts([comment(PAX_BYTES_MAX), ovf, tarEnd]);
    refuses("archive.extension_too_long", [comment(PAX_BYTES_MAX + 1), ovf, tarEnd]);
    const name = `n${"\0".repeat(LONG_NAME_BYTES_MAX - 2)}`;
    accepts([longName(name), tarMember({}), tarEnd]);
    refuses("archive.extension_too_long", [longName(`${name}\0`), tarMember({}), tarEnd]);
    const link = { kind: "K", size: LONG_NAME_BYTES_MAX + 1 };
    refuses("archive.extension_too_long", [tarHeader(link)]);
    refuses("archive.extension_too_long", [tarHeader({ kind: "g", size: PAX_BYTES_MAX + 1 })]);
  });
});

describe("headers", () => {
  test("that are damaged", () => {
    for (const damageAt of [0, 130, 150, 156, 300])
      refuses("archive.header_refused", [ovf, tarHeader({ name: "disk", damageAt }), tarEnd]);
    refuses("archive.header_refused", [tarHeader({ name: "disk", damageAt: 0 })]);
    refuses("archive.header_refused", [ovf, tarHeader({ magic: "" })]);
    refuses("archive.header_refused", [ovf, tarHeader({ magic: "ustar00\0" })]);
  });
  test("of pax with records that can not be read", () => {
    for (const body of [
      "x",
      "0 a=b\n",
      "5 a=b",
      "8 a=b\n",
      "6 =ab\n",
      "6  a b\n",
      "99999999 a=b\n",
    ])
      refuses("archive.header_refused", [ovf, tarMember({ kind: "x" }, body), tarEnd]);
    accepts([tarMember({ kind: "x" }, "6 a=b\n"), ovf, tarEnd]);
    accepts([tarMember({ kind: "x" }), ovf, tarEnd]);
  });
  test("of pax for the whole archive are passed over if they say nothing of a member", () => {
    const { members } = accepts([tarMember({ kind: "g" }, paxRecord("comment", "a")), ovf, tarEnd]);
    assert.equal(members[0]?.name, "x.ovf");
    for (const key of ["path", "size", "GNU.sparse.name"])
      for (const value of ["1", ""]) {
        const all = tarMember({ kind: "g" }, paxRecord(key, value));
        refuses("archive.header_refused", [all, ovf, tarEnd]);
        refuses("archive.header_refused", [paxHeader([["path", "a"]]), all, ovf, tarEnd]);
      }
    refuses("archive.header_refused", [tarMember({ kind: "g" }, "x"), ovf, tarEnd]);
  });
  test("of pax are one at most before each member", () => {
    const one = paxHeader([["comment", "a"]]);
    accepts([one, ovf, one, longName("disk"), tarMember({}), tarEnd]);
    refuses("archive.header_refused", [one, one, ovf, tarEnd]);
    refuses("archive.header_refused", [one, longName("disk"), one, tarMember({}), tarEnd]);
  });
});

describe("members of macOS", () => {
  const doubled = [tarMember({ name: "./._x.ovf" }, "attributes"), ovf, tarEnd];

  test("are passed over, with a note, in pieces of any size and from any state", () => {
    const whole = readAll(doubled);
    assert.deepEqual(
      whole.findings.map(({ code, subject, place }) => [code, subject, place]),
      [["archive.apple_double", "._x.ovf", { offset: 0 }]],
    );
    assert.equal(whole.members.map(({ name }) => name).join(), "x.ovf");
    const bytes = Buffer.concat(doubled);
    const read = reading();
    let reader = new ArchiveReader(read);
    for (let at = 0; at < bytes.length; at += 1) {
      reader.write(bytes.subarray(at, at + 1));
      if (at % 100 === 0)
        reader = ArchiveReader.from(JSON.parse(JSON.stringify(reader.state())), read);
    }
    reader.end();
    assert.deepEqual(plain(read), whole);
  });
  test("that are cut are told by their name", () => {
    const [{ code, subject } = assert.fail()] = readAll([
      tarHeader({ name: "._x.ovf", size: 9 }),
      new Uint8Array(3),
    ]).findings;
    assert.deepEqual([code, subject], ["archive.truncated", "._x.ovf"]);
  });
  test("are none where their name leads out or they are no files", () => {
    refuses("name.refused", [ovf, tarMember({ name: "._/../../x" }), tarEnd]);
    refuses("name.refused", [ovf, tarMember({ name: ".x" }), tarEnd]);
    refuses("archive.link", [ovf, tarMember({ name: "._x", kind: "2" }), tarEnd]);
    refuses("archive.size_refused", [ovf, tarMember({ name: "._x", size: "-0000000001" }), tarEnd]);
  });
});

describe("ends", () => {
  test("without a mark", () => {
    refuses("archive.no_end", [ovf]);
    refuses("archive.no_end", [ovf, new Uint8Array(512)]);
    refuses("archive.no_end", [ovf, new Uint8Array(1023)]);
    assert.equal(readAll([ovf, new Uint8Array(512)]).end, 1536);
    const unpadded = ovf.subarray(0, 512 + "<Envelope/>".length);
    assert.equal(readAll([unpadded]).members[0]?.isWhole, true);
    refuses("archive.no_end", [unpadded]);
  });
  test("within something", () => {
    const cut = (bytes: number): unknown[] => {
      const archive = Buffer.concat([ovf, longName("disk"), tarMember({}, "0123456789"), tarEnd]);
      const [{ code, subject, expected, actual } = assert.fail()] = readAll([
        archive.subarray(0, bytes),
      ]).findings;
      return [code, subject, expected, actual];
    };
    assert.deepEqual(cut(515), ["archive.truncated", "x.ovf", "11", "3"]);
    assert.deepEqual(cut(1025), ["archive.truncated", "a header", "512", "1"]);
    assert.deepEqual(cut(1538), ["archive.truncated", "an extension header", "5", "2"]);
    assert.deepEqual(cut(1541), ["archive.truncated", "a header", "512", "0"]);
    assert.deepEqual(cut(2048), ["archive.truncated", "a header", "512", "0"]);
    assert.deepEqual(cut(2569), ["archive.truncated", "disk", "10", "9"]);
    refuses("archive.truncated", [tarHeader({ kind: "g", size: 10 }), bytesOf("12345")]);
    refuses("archive.header_refused", [ovf, longName("disk"), tarEnd]);
  });
  test("with more behind them", () => {
    accepts([ovf, tarEnd, new Uint8Array(9000)]);
    const read = readAll([ovf, tarEnd, new Uint8Array(700), bytesOf("behind"), tarEnd]);
    const [{ code, actual, place } = assert.fail()] = read.findings;
    assert.deepEqual([code, actual, place], ["archive.trailing", "1730", { offset: 2048 }]);
    refuses("archive.trailing", [ovf, new Uint8Array(512), ovf, tarEnd]);
    assert.equal(readAll([ovf, new Uint8Array(512), ovf, tarEnd]).end, 1536);
  });
  test("what is no archive", () => {
    for (const bytes of ["", "<Envelope/>", "x".repeat(2000)])
      refuses("archive.not_tar", [bytesOf(bytes)]);
    refuses("archive.not_tar", [new Uint8Array(10_240)]);
    refuses("archive.header_refused", [tarHeader({ name: "v7", magic: "" })]);
    refuses("archive.not_tar", [tarHeader({ name: "v7", magic: "", damageAt: 150 })]);
    refuses("archive.not_tar", [ovf.subarray(0, 511)]);
    for (const head of [
      [0x1f, 0x8b],
      [0x42, 0x5a, 0x68],
      [0x28, 0xb5, 0x2f, 0xfd],
      [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
    ]) {
      refuses("archive.compressed", [Uint8Array.from(head)]);
      refuses("archive.compressed", [Uint8Array.from([...head, ...new Uint8Array(2000)])]);
    }
  });
});

describe("cut anywhere", () => {
  const member = fc.oneof(
    fc
      .tuple(fc.integer({ min: 0, max: 3000 }), fc.nat(50))
      .map(([bytes, at]) => tarMember({ name: `m${at}` }, "b".repeat(bytes))),
    fc.nat(50).map((at) => Buffer.concat([longName(`l${at}`), tarMember({ name: "cut" }, "x")])),
    fc.integer({ min: 0, max: 2000 }).map((bytes) =>
      Buffer.concat([
        paxHeader([
          ["comment", "c".repeat(bytes)],
          ["path", `p${bytes}`],
        ]),
        tarMember({ name: "cut" }, "y"),
      ]),
    ),
    fc.constantFrom(
      tarMember({ name: "link", kind: "2" }),
      tarMember({ kind: "g" }, "6 a=b\n"),
      tarHeader({ name: "damaged", damageAt: 3 }),
      new Uint8Array(512),
      bytesOf("loose"),
    ),
  );
  const archives = fc
    .tuple(fc.array(member, { maxLength: 6 }), fc.boolean(), fc.nat(600))
    .map(([members, hasEnd, less]) => {
      const archive = Buffer.concat([...members, ...(hasEnd ? [tarEnd] : [])]);
      return less < 300 ? archive : archive.subarray(0, Math.max(0, archive.length - less));
    });

  test("an archive reads the same, also over states that went through JSON", () => {
    fc.assert(
      fc.property(archives, fc.array(fc.nat(12_000), { maxLength: 8 }), (archive, places) => {
        const whole = readAll([archive]);
        const read = reading();
        let reader = new ArchiveReader(read);
        let from = 0;
        for (const place of [...places, archive.length].toSorted((a, b) => a - b)) {
          reader.write(archive.subarray(from, place));
          from = Math.max(from, Math.min(place, archive.length));
          reader = ArchiveReader.from(JSON.parse(JSON.stringify(reader.state())), read);
        }
        reader.end();
        assert.deepEqual(plain(read), whole);
      }),
      { numRuns: 400 },
    );
  });

  test("byte by byte, with a new reader for each", () => {
    const pax = paxHeader([["path", "disk"]]);
    const archive = Buffer.concat([ovf, pax, tarMember({}, "12345"), tarEnd, bytesOf("tail")]);
    const read = reading();
    let reader = new ArchiveReader(read);
    for (const byte of archive) {
      reader = ArchiveReader.from(JSON.parse(JSON.stringify(reader.state())), read);
      reader.write(Uint8Array.of(byte));
    }
    reader.end();
    assert.deepEqual(plain(read), readAll([archive]));
  });

  test("what is no archive never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(600), (bytes, at) => {
        const archive = Buffer.concat([ovf, longName("x"), ovf, tarEnd]);
        archive.set(bytes.subarray(0, archive.length - at), at);
        readAll([archive]);
        readAll([bytes]);
      }),
      { numRuns: 500 },
    );
  });
});
