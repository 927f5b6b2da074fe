import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type FindingCode, FINDINGS, makeFinding } from "@contentlib/ovf";
import { faultOfFinding } from "./fault-of.ts";

const around = { names: new Set(["vm.mf", "vm.ovf", "disk.vmdk"]), fallback: "vm.ovf" };
const CODES = Object.keys(FINDINGS) as FindingCode[];

describe("what a finding means for a file", () => {
  test("only errors keep files out", () => {
    for (const code of CODES) {
      const fault = faultOfFinding(makeFinding(code, "vm.mf"), around);
      if (FINDINGS[code].severity !== "error") assert.equal(fault, null, code);
      else if (fault !== null) assert.equal(fault.code, code);
    }
  });

  test("what is missing is told as missing", () => {
    const missing = CODES.filter(
      (code) =>
        FINDINGS[code].severity === "error" &&
        faultOfFinding(makeFinding(code, "vm.ovf"), around) === null,
    );
    assert.deepEqual(missing.toSorted(), [
      "descriptor.missing",
      "file.case_differs",
      "file.chunk_gap",
      "file.missing",
    ]);
  });

  test("a digest that differs is told of the file, whatever the manifest's line says of itself", () => {
    const finding = makeFinding("manifest.digest_differs", "vm.mf", {
      place: { line: 3 },
      subject: "disk.vmdk",
      expected: "SHA1 00",
      actual: "SHA1 11",
    });
    const fault = faultOfFinding(finding, around);
    assert.deepEqual([fault?.name, fault?.isWrong], ["disk.vmdk", true]);
    assert.match(fault?.text ?? "", /^vm\.mf:3: disk\.vmdk /);
  });

  test("what is told of the package as a whole is told of a file that is there", () => {
    const several = faultOfFinding(makeFinding("manifest.several", "debian"), around);
    assert.deepEqual([several?.name, several?.isWrong], ["vm.ovf", false]);
    const twice = makeFinding("name.twice", "debian", { subject: "disk.vmdk" });
    assert.equal(faultOfFinding(twice, around)?.name, "disk.vmdk");
  });
});
