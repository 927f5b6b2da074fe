import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { Finding } from "../finding.ts";
import type { ImageFacts } from "./image-facts.ts";
import { ImageReader } from "./image-reader.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-iso-"));
after(() => rmSync(folder, { recursive: true }));

const needs = (tool: string): { skip?: string } =>
  spawnSync(tool, ["--version"]).error === undefined ? {} : { skip: `${tool} is not here` };

const read = (image: Uint8Array): ImageFacts & { readonly codes: readonly string[] } => {
  const findings: Finding[] = [];
  const reader = new ImageReader("x.iso", (finding) => void findings.push(finding));
  for (let at = 0; at < image.length; at += 65_537) reader.write(image.subarray(at, at + 65_537));
  return { ...reader.end(), codes: findings.map(({ code }) => code) };
};

const isCutFound = (image: Uint8Array): void =>
  assert.deepEqual(read(image.subarray(0, image.length >> 1)).codes, ["iso.shorter_than_volume"]);

const source = join(folder, "source");
mkdirSync(source);
writeFileSync(join(source, "boot.img"), Buffer.alloc(2048, 1));
writeFileSync(join(source, "efi.img"), Buffer.alloc(40_000, 2));
for (let at = 0; at < 300; at += 1) mkdirSync(join(source, `directory-${at}`));

describe("images of real tools", () => {
  const target = join(folder, "made.iso");
  test("xorriso", needs("xorriso"), () => {
    const boot = ["-b", "boot.img", "-no-emul-boot", "-boot-load-size", "4"];
    const efi = ["-eltorito-alt-boot", "-e", "efi.img", "-no-emul-boot"];
    const names = ["-V", "RESCUE_12_5_0_AMD64", "-publisher", "EXAMPLE", "-J", "-R"];
    execFileSync("xorriso", ["-as", "mkisofs", "-o", target, ...names, ...boot, ...efi, source], {
      stdio: "ignore",
    });
    const { formats, volumeLabel, boots, codes, publisherId } = read(readFileSync(target));
    assert.deepEqual([formats, codes, boots], [["iso9660"], [], ["bios", "uefi"]]);
    assert.deepEqual([volumeLabel, publisherId], ["RESCUE_12_5_0_AMD64", "EXAMPLE"]);
    isCutFound(readFileSync(target));
  });
  test("genisoimage, with both file systems", needs("genisoimage"), () => {
    execFileSync("genisoimage", ["-quiet", "-o", target, "-V", "BRIDGE", "-J", "-udf", source]);
    const { formats, volumeLabel, codes } = read(readFileSync(target));
    assert.deepEqual([formats, volumeLabel, codes], [["iso9660", "udf"], "BRIDGE", []]);
    isCutFound(readFileSync(target));
  });
  test("mkudffs, with each size of blocks", needs("mkudffs"), () => {
    for (const bytes of [512, 2048, 4096]) {
      rmSync(target, { force: true });
      writeFileSync(target, "");
      truncateSync(target, 20_000_000);
      execFileSync("mkudffs", [`--blocksize=${bytes}`, "--label=Scheibe", target], {
        stdio: "ignore",
      });
      const { formats, volumeLabel, codes } = read(readFileSync(target));
      assert.deepEqual([formats, volumeLabel, codes], [["udf"], "Scheibe", []]);
      isCutFound(readFileSync(target));
    }
  });
});

describe("images that people have", () => {
  for (const [place, boots] of [
    ["/usr/lib/grub-rescue/grub-rescue-cdrom.iso", ["bios"]],
    ["/usr/lib/ipxe/ipxe.iso", ["bios", "uefi"]],
  ] as const)
    test(place, existsSync(place) ? {} : { skip: "it is not here" }, () => {
      const image = readFileSync(place);
      const facts = read(image);
      assert.deepEqual([facts.formats, facts.codes, facts.boots], [["iso9660"], [], boots]);
      assert.equal(facts.isHybrid, true);
      isCutFound(image);
    });
});
