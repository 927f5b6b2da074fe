import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { anEntryId } from "@contentlib/testkit/builders/ids";
import {
  aKeptFile,
  aMessage,
  aPulledFile,
  aPushedFile,
  aReadyReceipt,
} from "@contentlib/testkit/builders/sessions";
import fc from "fast-check";
import type { MissingFile } from "../package.ts";
import type { PullSource } from "../pull-source.ts";
import { readRemoteUrl } from "../remote-url.ts";
import type { ReadyPulledFile } from "./named-files.ts";
import { filesNamedBy, followed, isToFollow, pulledFile, sourceBeside } from "./named-files.ts";

const URL_OF_DESCRIPTOR = "https://mirror.example/images/vm.ovf";
const pin = { kind: "thumbprint", digest: "ab".repeat(20) } as const;

const descriptorFrom = (from: Partial<PullSource> = {}, name = "vm.ovf"): ReadyPulledFile => {
  const file = aPulledFile({
    name,
    from: { url: URL_OF_DESCRIPTOR, ...from },
    receipt: aReadyReceipt(),
  });
  assert.ok(isToFollow(file));
  return file;
};

const missing = (name: string, namedBy?: string): MissingFile => ({
  name,
  text: "vm.ovf names it.",
  ...(namedBy === undefined ? {} : { namedBy }),
});

const urlBeside = (url: string, name: string): string => sourceBeside({ url }, name).url;

describe("S115: where a named file lies", () => {
  test("the name takes the place of the descriptor's, and what follows that is left out", () => {
    for (const [url, beside] of [
      ["https://example.com/a/vm.ovf", "https://example.com/a/disk.vmdk"],
      ["http://example.com:8080/vm.ovf", "http://example.com:8080/disk.vmdk"],
      ["https://example.com", "https://example.com/disk.vmdk"],
      ["https://example.com?file=/a/vm.ovf", "https://example.com/disk.vmdk"],
      ["https://example.com/a/?of=x/y#z/z", "https://example.com/a/disk.vmdk"],
      ["https://example.com/a%2Fb/vm%20x.ovf?token=1", "https://example.com/a%2Fb/disk.vmdk"],
      ["https://[2001:db8::1]/a/b/vm.ovf", "https://[2001:db8::1]/a/b/disk.vmdk"],
      ["file:///srv/a%20b/vm.ovf", "file:///srv/a%20b/disk.vmdk"],
      ["file:///vm.ovf", "file:///disk.vmdk"],
      ["ds:///vmfs/volumes/san/a/vm.ovf?serverId=1/2", "ds:///vmfs/volumes/san/a/disk.vmdk"],
      ["ds:///san/vm.ovf", "ds:///san/disk.vmdk"],
    ] as const)
      assert.equal(urlBeside(url, "disk.vmdk"), beside);
  });

  test("signs of the name mean nothing in the address", () => {
    for (const [name, written] of [
      ["my disk.vmdk", "my%20disk.vmdk"],
      ["my%20disk.vmdk", "my%2520disk.vmdk"],
      ["a?b#c.vmdk", "a%3Fb%23c.vmdk"],
      ["100%.vmdk", "100%25.vmdk"],
      ["Prüfung.iso", "Pr%C3%BCfung.iso"],
      ["disk;v=1.vmdk", "disk%3Bv%3D1.vmdk"],
    ] as const)
      assert.equal(urlBeside(URL_OF_DESCRIPTOR, name), `https://mirror.example/images/${written}`);
  });

  test("law: whatever the name, it is a file of the same directory", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), (name) => {
        const [file] = filesNamedBy(descriptorFrom(), [missing(name, "vm.ovf")]);
        if (file === undefined) return;
        const { pathname, search, hash, origin } = new URL(file.from.url);
        assert.equal(origin, "https://mirror.example");
        assert.equal(search + hash, "");
        assert.equal(decodeURIComponent(pathname), `/images/${name}`);
        assert.equal(readRemoteUrl(file.from.url).kind, "http");
      }),
    );
  });

  test("pin and secret go along within the origin", () => {
    const from = { url: URL_OF_DESCRIPTOR, pin, secret: "ci" };
    assert.deepEqual(sourceBeside(from, "d"), {
      url: "https://mirror.example/images/d",
      pin,
      secret: "ci",
    });
    const moved = { ...from, finalUrl: "https://MIRROR.example:443/v5/vm.ovf" };
    assert.deepEqual(sourceBeside(moved, "d"), {
      url: "https://MIRROR.example:443/v5/d",
      pin,
      secret: "ci",
    });
  });

  test("where redirects led to another origin, nothing goes along", () => {
    for (const finalUrl of [
      "https://other.example/images/vm.ovf",
      "http://mirror.example/images/vm.ovf",
      "https://mirror.example:8443/images/vm.ovf",
    ]) {
      const from = { url: URL_OF_DESCRIPTOR, pin, secret: "ci", finalUrl };
      assert.deepEqual(sourceBeside(from, "d"), { url: finalUrl.replace("vm.ovf", "d") });
    }
  });
});

describe("S115: which files are pulled", () => {
  const namesOf = (...files: readonly MissingFile[]) =>
    filesNamedBy(descriptorFrom(), files).map(({ name }) => name);

  test("those that this descriptor names beside itself", () => {
    assert.deepEqual(
      namesOf(missing("a.vmdk", "vm.ovf"), missing("b.vmdk", "other.ovf"), missing("debian.ovf")),
      ["a.vmdk"],
    );
  });

  test("nothing that could be no file of an item", () => {
    assert.deepEqual(
      namesOf(missing("../x", "vm.ovf"), missing("..", "vm.ovf"), missing("a/b", "vm.ovf")),
      [],
    );
  });

  test("each waits, with the login that was sealed for it", () => {
    const [named] = filesNamedBy(descriptorFrom({ sealedLogin: "old" }), [
      missing("a.vmdk", "vm.ovf"),
    ]);
    assert.ok(named);
    const entryId = anEntryId();
    const url = "https://mirror.example/images/a.vmdk";
    const receipt = { status: "WAITING" };
    const plain = { source: "PULL", name: "a.vmdk", entryId, from: { url }, receipt };
    assert.deepEqual(pulledFile(named, entryId, null), plain);
    assert.deepEqual(pulledFile(named, entryId, "new"), {
      ...plain,
      from: { url, sealedLogin: "new" },
    });
  });
});

describe("S116: a descriptor", () => {
  test("is followed once, and gives up its login then", () => {
    const done = followed(descriptorFrom({ sealedLogin: "old", secret: "ci" }));
    assert.deepEqual(done.from, { url: URL_OF_DESCRIPTOR, secret: "ci", isFollowed: true });
    assert.equal(isToFollow(done), false);
  });

  test("is followed once it is here, wherever it was pulled from", () => {
    const receipt = aReadyReceipt();
    const error = { status: "ERROR", errorMessage: aMessage(), receivedBytes: 0 } as const;
    for (const [file, expected] of [
      [aPulledFile({ name: "VM.OVF", receipt }), true],
      [aPulledFile({ name: "vm.ovf", from: { url: "HTTP://example.com/x" }, receipt }), true],
      [aPulledFile({ name: "vm.ovf" }), false],
      [aPulledFile({ name: "vm.ovf", receipt: error }), false],
      [aPulledFile({ name: "vm.mf", receipt }), false],
      [aPulledFile({ name: "vm.ovf", from: { url: "file:///srv/vm.ovf" }, receipt }), true],
      [aPulledFile({ name: "vm.ovf", from: { url: "ds:///san/vm.ovf" }, receipt }), true],
      [aPulledFile({ name: "vm.ovf", from: { url: "nfs:///san/vm.ovf" }, receipt }), false],
      [aPushedFile({ name: "vm.ovf", receipt }), false],
      [aKeptFile({ name: "vm.ovf" }), false],
    ] as const)
      assert.equal(isToFollow(file), expected, JSON.stringify(file));
  });
});
