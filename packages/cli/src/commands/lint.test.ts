import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test, type TestContext } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { capturedStreams } from "@contentlib/testkit/client/captured-streams";
import { aDiscImage } from "@contentlib/testkit/ovf/disc-image";
import { envelopeText } from "@contentlib/testkit/ovf/envelope-text";
import { aSignerCertificate, certificateFileOf } from "@contentlib/testkit/ovf/signer-certificate";
import { coveredContents, descriptorText, DISK } from "@contentlib/testkit/ovf/sound-package";
import { tarEnd, tarMember } from "@contentlib/testkit/ovf/tar-writer";
import { run, type RunOptions } from "../run.ts";

/** A command line without any server, in an empty folder. */
async function rig(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), "contentlib-lint-"));
  t.after(async () => await rm(directory, { recursive: true }));
  const file = async (name: string, content: string | Uint8Array): Promise<string> => {
    await writeFile(join(directory, name), content);
    return join(directory, name);
  };
  const cli = async (
    argv: readonly string[],
    given: { readonly input?: Uint8Array; readonly isTerminal?: boolean } & RunOptions = {},
  ) => {
    const { input = new Uint8Array(), isTerminal = false, ...options } = given;
    const { stdout, stderr, out, err } = capturedStreams();
    const streams = {
      stdin: Readable.from([input]),
      stdout: { ...stdout, isTTY: isTerminal },
      stderr: { ...stderr, isTTY: isTerminal },
    };
    const code = await run(["lint", ...argv], streams, {}, options);
    return { code, out: out(), err: err() };
  };
  return { file, cli };
}

const archive = (contents: Readonly<Record<string, string | Uint8Array>>): Uint8Array =>
  Buffer.concat([
    ...Object.entries(contents).map(([name, content]) => tarMember({ name }, content)),
    tarEnd,
  ]);

const SOUND = archive({ ...coveredContents(), "disk.vmdk": DISK });
const BROKEN = archive({
  ...coveredContents(),
  "disk.vmdk": Buffer.concat([Buffer.from("D"), DISK.subarray(1)]),
});
const HINT = "  What each finding means, by its code: docs/guides/ovf-findings.md\n";

test("a sound archive is told with what it is, and ends well", async (t) => {
  const { file, cli } = await rig(t);
  const descriptor = descriptorText({
    sections: `<NetworkSection><Info/><Network ovf:name="VM Network"/></NetworkSection>`,
    systems:
      '<VirtualSystem ovf:id="vm"><Info/><ProductSection><Info/><Product>Box</Product><Vendor>Example</Vendor>' +
      '<Version>1.2</Version></ProductSection><OperatingSystemSection ovf:id="96"><Info/><Description>Debian</Description></OperatingSystemSection></VirtualSystem>',
  });
  const path = await file("x.ova", archive({ ...coveredContents(descriptor), "disk.vmdk": DISK }));
  const { code, out, err } = await cli([path]);
  assert.deepEqual([code, err], [0, ""]);
  const [head, ...facts] = out.trimEnd().split("\n");
  assert.equal(head, `${path}: nothing to report`);
  assert.deepEqual(
    facts.map((line) => line.trim().split(/ {2,}/)),
    [
      ["product", "Box 1.2 (Example)"],
      ["system", "vm, Debian, 0 network cards"],
      ["disks", "1.1 GB"],
      ["networks", "VM Network"],
      ["size", facts.at(-1)?.trim().split(/ {2,}/)[1] ?? ""],
    ],
  );
  assert.match(facts.at(-1) ?? "", /kB, 3 files, all covered by the manifest$/);
});

test("an error is told with its place, its code and what to do, and the command fails", async (t) => {
  const { file, cli } = await rig(t);
  const path = await file("x.ova", BROKEN);
  const { code, out, err } = await cli([path]);
  assert.equal(code, 4);
  assert.equal(err, `contentlib: ${path} has 1 error.\n${HINT}`);
  const [head, finding, mend, ...rest] = out.split("\n");
  assert.equal(head, `${path}: 1 error`);
  assert.match(
    finding ?? "",
    /^ {2}error {4}x\.mf:2: disk\.vmdk is not .* was found\. \[manifest\.digest_differs\]$/,
  );
  assert.match(mend ?? "", /^ {11}Send the file again;/);
  assert.deepEqual(rest, [""], "no facts of what is broken");
});

test("warnings and notes are told, and only --strict lets warnings fail", async (t) => {
  const { file, cli } = await rig(t);
  const image = await file("x.iso", aDiscImage().subarray(0, 100_000));
  const { code, out } = await cli([image]);
  assert.equal(code, 0);
  assert.match(
    out,
    /^ {2}warning {2}x\.iso: x\.iso has 100000 bytes.*\[iso\.shorter_than_volume\]$/m,
  );
  const strict = await cli(["--strict", image]);
  assert.equal(strict.code, 4);
  assert.equal(strict.err, `contentlib: ${image} has 1 warning.\n${HINT}`);
  const noted = await file("y.ova", archive({ "y.ovf": envelopeText(), "readme.txt": "" }));
  assert.equal((await cli(["--strict", noted])).code, 0, "notes never fail");
});

test("several files are told one by one, and what they come to", async (t) => {
  const { file, cli } = await rig(t);
  const [good, bad] = [await file("a.ova", SOUND), await file("b.ova", BROKEN)];
  const other = await file("c.txt", "text");
  const { code, out, err } = await cli([good, bad, other]);
  assert.equal(code, 4);
  const lines = out.split("\n");
  assert.ok(lines.includes(`${good}: nothing to report`));
  assert.ok(lines.includes(`${other}: not checked, there are no rules for such a file`));
  assert.equal(lines.at(-2), "3 files: 1 error, 1 not checked");
  assert.match(err, /^contentlib: 1 of 3 files did not pass\.$/m);
});

test("what was not checked does not pass for right", async (t) => {
  const { file, cli } = await rig(t);
  const [good, other] = [await file("a.ova", SOUND), await file("c.txt", "text")];
  const one = await cli([other]);
  assert.equal(one.code, 2);
  assert.match(one.err, /c\.txt was not checked\.\n {2}There are rules for /);
  const two = await cli([other, other]);
  assert.deepEqual([two.code, two.out.split("\n").at(-2)], [2, "2 files: 2 not checked"]);
  assert.match((await cli([good, other])).err, /1 of 2 files were not checked\./);
  const { code, out } = await cli(["--json", good, other]);
  assert.deepEqual([code, JSON.parse(out).not_checked], [2, 1]);
  assert.equal((await cli([await file("a.tar", SOUND)])).code, 0, "known by its bytes");
});

test("notes of one kind are told up to ten, in JSON all of them", async (t) => {
  const { file, cli } = await rig(t);
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`n${n}.txt`, ""]));
  const notes = async (count: number) => {
    const path = await file("x.ova", archive({ "x.ovf": envelopeText(), ...many(count) }));
    return { text: (await cli([path])).out, json: JSON.parse((await cli(["--json", path])).out) };
  };
  const ten = await notes(10);
  assert.equal(ten.text.match(/is named nowhere/g)?.length, 10);
  assert.doesNotMatch(ten.text, /of this kind/);
  const twelve = await notes(12);
  assert.equal(twelve.text.match(/is named nowhere/g)?.length, 10);
  assert.match(twelve.text, /^ {2}note {5}and 2 notes more of this kind \[file\.surplus\]$/m);
  assert.match(twelve.text, /: 12 notes$/m);
  assert.equal(twelve.json.files[0].findings.length, 12);
});

test("a package without a manifest is told to have none", async (t) => {
  const { file, cli } = await rig(t);
  const bare = await cli([await file("x.ova", archive({ "x.ovf": envelopeText() }))]);
  assert.match(bare.out, /^ {2}manifest +none$/m);
  assert.doesNotMatch((await cli([await file("y.ova", SOUND)])).out, /manifest +none/);
  assert.doesNotMatch((await cli([await file("x.iso", aDiscImage())])).out, /manifest/);
});

test("as JSON it is one document, whatever was found", async (t) => {
  const { file, cli } = await rig(t);
  const [good, bad] = [await file("a.ova", SOUND), await file("b.ova", BROKEN)];
  const { code, out, err } = await cli(["--json", good, bad]);
  assert.equal(code, 4);
  const { files, ...totals } = JSON.parse(out);
  assert.deepEqual(totals, { errors: 1, warnings: 0, notes: 0, not_checked: 0 });
  assert.equal(JSON.parse(err).error.exitCode, 4);
  assert.deepEqual(Object.keys(files[0]).toSorted(), [
    "errors",
    "facts",
    "file",
    "files",
    "findings",
    "findings_beyond",
    "images",
    "is_covered",
    "kind",
    "notes",
    "signer",
    "size_bytes",
    "warnings",
  ]);
  assert.equal(files[0].facts.disks[0].capacity_bytes, "1073741824");
  assert.match(files[0].files[2].digests.SHA256, /^[0-9a-f]{64}$/);
  const [{ expected, actual, text, mend, ...finding }] = files[1].findings;
  assert.deepEqual(finding, {
    code: "manifest.digest_differs",
    severity: "error",
    file: "x.mf",
    place: { line: 2 },
    subject: "disk.vmdk",
  });
  assert.match(expected, /^SHA256 /);
  assert.match(actual, /^SHA256 /);
  assert.match(text, /^x\.mf:2: /);
  assert.match(mend, /^Send the file again/);
});

test("an archive is read from the standard input", async (t) => {
  const { cli } = await rig(t);
  assert.equal((await cli(["-"], { input: SOUND })).code, 0);
  const { code, out } = await cli(["-"], { input: BROKEN.subarray(0, 3000) });
  assert.equal(code, 4);
  assert.match(out, /^ {2}error {4}-@\d+: The archive ends within .*\[archive\.truncated\]$/m);
  assert.equal((await cli(["-", "-"])).code, 2);
});

test("a signer is trusted by the certificates that --trust names", async (t) => {
  const { file, cli } = await rig(t);
  const signer = aSignerCertificate({ validUntil: new Date("2099-01-01T00:00:00Z") });
  const contents = coveredContents();
  const manifest = { name: "x.mf", bytes: Buffer.from(contents["x.mf"] ?? "") };
  const certificate = certificateFileOf(manifest, [signer]);
  const path = await file(
    "x.ova",
    archive({ ...contents, "x.cert": certificate, "disk.vmdk": DISK }),
  );
  const pem = await file("signer.pem", `A comment\n${signer.pem}`);
  const untrusted = await cli(["--strict", path]);
  assert.equal(untrusted.code, 4);
  assert.match(untrusted.out, /signer +\/CN=signer, trusted by nobody/);
  const { code, out } = await cli(["--strict", "--trust", pem, path]);
  assert.equal(code, 0);
  assert.match(out, /signer +\/CN=signer, trusted by \/CN=signer/);
  assert.doesNotMatch(out, /not signed/);
  const more = archive({
    ...contents,
    "x.cert": certificate,
    "disk.vmdk": DISK,
    "a.txt": "",
    "b.txt": "",
  });
  const added = await cli(["--trust", pem, await file("x.ova", more)]);
  assert.match(added.out, /^ {2}not signed +a\.txt, b\.txt$/m);
  await file("x.ova", SOUND);
  const wrong = await cli(["--trust", await file("y.ova", SOUND), path]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /holds no certificate in PEM form/);
});

test("what is not there ends with 3, before anything is read", async (t) => {
  const { file, cli } = await rig(t);
  const path = await file("x.ova", BROKEN);
  const { code, out, err } = await cli([path, `${path}.ova`]);
  assert.deepEqual([code, out], [3, ""]);
  assert.equal(err, `contentlib: ${path}.ova: no such file or directory.\n`);
  assert.equal((await cli(["--trust", `${path}.pem`, path])).code, 3);
  assert.equal((await cli([])).code, 2);
});

test("colours and the bar are for terminals alone, and what others wrote steers none", async (t) => {
  const { file, cli } = await rig(t);
  const path = await file("x.ova", archive({ "x.ovf": envelopeText(), "\u001b[31mred": "" }));
  const plain = await cli([path]);
  const ESCAPE = "\u001b";
  assert.ok(!plain.out.includes(ESCAPE) && !plain.err.includes(ESCAPE));
  const shown = await cli([await file("y.ova", BROKEN)], { isTerminal: true });
  assert.ok(shown.out.includes(`${ESCAPE}[31merror`));
  assert.match(stripVTControlCharacters(shown.out), /^ {2}error {4}x\.mf:2: /m);
});

test("an interrupt ends the waiting for a silent stream", async () => {
  const { stdout, stderr, err } = capturedStreams();
  const stop = new AbortController();
  const stdin = new Readable({ read: () => stop.abort() });
  const code = await run(["lint", "-"], { stdin, stdout, stderr }, {}, { signal: stop.signal });
  assert.equal(code, 130);
  assert.match(err(), /^contentlib: Interrupted\.$/m);
  assert.ok(stdin.destroyed);
});

test("an interrupt ends it as interrupted", async (t) => {
  const { file, cli } = await rig(t);
  const stop = new AbortController();
  stop.abort();
  const { code } = await cli([await file("x.ova", SOUND)], { signal: stop.signal });
  assert.equal(code, 130);
});
