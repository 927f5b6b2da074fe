import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import { aDigest, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import {
  aMessage,
  aPushedFile,
  anUpdateSession,
  aReadyReceipt,
} from "@contentlib/testkit/builders/sessions";
import type { PackageJudgement, WarningType } from "./package.ts";
import { planCommit } from "./plan-commit.ts";
import { OVF_DEFAULT_POLICY } from "./security-policy.ts";
import { contradictedFiles } from "./session-file/judged.ts";
import { keptFile } from "./session-file/kept.ts";
import { validateSession } from "./session-file/validate.ts";
import type { SessionFile, WarningBehavior } from "./update-session.ts";

const library = aLibrary();
const kept = anItemFile({ name: "vm.ovf" });
const item = anItem({ libraryId: library.id, type: "ovf", contentVersion: 2, files: [kept] });
const session = anUpdateSession({ itemId: item.id, itemContentVersion: 2 });

const judgementOf = (over: Partial<PackageJudgement> = {}): PackageJudgement => ({
  faults: [],
  missing: [],
  wanted: [],
  algorithms: [],
  preview: { state: "AVAILABLE", warnings: [] },
  verification: { status: "NOT_AVAILABLE", reason: "it is not signed", chain: [] },
  facts: null,
  ...over,
});

const ready = (name: string) =>
  aPushedFile({ name, receipt: aReadyReceipt({ digest: aDigest(name) }) });
const disk = ready("disk.vmdk");
const files: readonly SessionFile[] = [keptFile(kept), disk, ready("vm.mf"), ready("vm.cert")];

const plan = (judgement: PackageJudgement, over: Partial<Parameters<typeof planCommit>[0]> = {}) =>
  planCommit({
    session,
    files,
    item,
    library,
    findProgress: () => null,
    judged: { judgement, isKept: (name) => !/\.(mf|cert)$/.test(name) },
    completedBy: "maria@vsphere.local",
    now: BUILT_AT,
    ...over,
  });

const warned = (...types: WarningType[]): PackageJudgement =>
  judgementOf({
    preview: {
      state: "AVAILABLE",
      warnings: types.map((type) => ({
        type,
        message: aMessage({ default_message: `About ${type}.` }),
      })),
    },
  });

const ignoring = (...types: WarningType[]) => ({
  ...session,
  warningBehavior: types.map((type): WarningBehavior => ({ type, ignored: true })),
});

const FAULT = {
  name: "vm.ovf",
  text: "vm.mf:1: It is another one.",
  mend: "Send it again.",
  code: "x",
  isWrong: true,
};

describe("completing a package", () => {
  test("S94: what proves something is not kept: not pinned, not promoted, not in the item, and released", () => {
    const outcome = plan(judgementOf());
    assert.ok(outcome.kind === "plan");
    assert.deepEqual(
      outcome.item.files.map(({ name }) => name),
      ["vm.ovf", "disk.vmdk"],
    );
    assert.deepEqual(outcome.pins, [aDigest("disk.vmdk")]);
    assert.equal(outcome.promotions.length, 1);
    assert.equal(outcome.release.length, 2);
  });

  test("S93: missing and unusable files refuse it, each by a message of its own", () => {
    const missing = [{ name: "gone.vmdk", text: "vm.ovf:4: It is missing." }];
    const outcome = plan(judgementOf({ missing, faults: [FAULT, { ...FAULT, text: "again" }] }));
    assert.deepEqual(outcome, {
      kind: "refused",
      faults: [
        faultOf(
          "update_session.file_not_received",
          "gone.vmdk",
          "WAITING_FOR_TRANSFER",
          "vm.ovf:4: It is missing.",
        ),
        faultOf("update_session.file_unusable", "vm.ovf", FAULT.text, FAULT.mend, "x"),
      ],
    });
  });

  test("a session that changes nothing is completed whatever its files are", () => {
    const outcome = plan(judgementOf({ faults: [FAULT] }), { files: [keptFile(kept)] });
    assert.ok(outcome.kind === "plan");
    assert.equal(outcome.item, item);
  });

  test("S96: only warnings that are not ignored end it, and all of them are named", () => {
    const judgement = warned("EXPIRED_CERTIFICATE", "UNTRUSTED_CERTIFICATE");
    for (const [behaved, named] of [
      [session, ["EXPIRED_CERTIFICATE", "UNTRUSTED_CERTIFICATE"]],
      [ignoring("UNTRUSTED_CERTIFICATE"), ["EXPIRED_CERTIFICATE"]],
    ] as const) {
      const outcome = plan(judgement, { session: behaved });
      assert.ok(outcome.kind === "ends");
      assert.equal(outcome.fault.fault, "update_session.preview_warnings");
      assert.equal(outcome.fault.args[0], named.join(", "));
      for (const type of named)
        assert.ok(messageOf(outcome.fault).default_message.includes(`About ${type}.`));
    }
    const all = ignoring("EXPIRED_CERTIFICATE", "UNTRUSTED_CERTIFICATE");
    const outcome = plan(judgement, { session: all });
    assert.ok(outcome.kind === "plan");
    assert.deepEqual(
      outcome.content?.accepted.map(({ type, by }) => [type, by]),
      [
        ["EXPIRED_CERTIFICATE", "maria@vsphere.local"],
        ["UNTRUSTED_CERTIFICATE", "maria@vsphere.local"],
      ],
    );
  });

  test("S74, S97: the policy ends it unless it was verified, which is kept with the content", () => {
    const secured = { ...library, securityPolicyId: OVF_DEFAULT_POLICY.id };
    const refused = plan(judgementOf(), { library: secured });
    assert.ok(refused.kind === "ends");
    assert.equal(refused.fault.args.at(-1), "it is not signed");
    const verification = { status: "VERIFIED", reason: null, chain: ["AA"] } as const;
    const outcome = plan(judgementOf({ verification }), { library: secured });
    assert.ok(outcome.kind === "plan");
    assert.equal(outcome.item.verification, "VERIFIED");
    assert.deepEqual(outcome.content, {
      verification,
      verifiedAt: BUILT_AT,
      accepted: [],
      facts: null,
    });
  });

  test("S97: content that nobody looked into loses what was said of the former one", () => {
    const verified = { ...item, verification: "VERIFIED" } as const;
    const outcome = plan(judgementOf(), { item: verified, judged: null });
    assert.ok(outcome.kind === "plan");
    assert.equal(outcome.item.verification, undefined);
    assert.equal(outcome.content, undefined);
  });
});

describe("files that a judgement contradicts", () => {
  const faults = ["disk.vmdk", "vm.mf", "vm.ovf", "vm.cert"].map((name) => ({ ...FAULT, name }));

  test("S92: pushed ones turn ERROR, and their bytes are given up; what the item has stays", () => {
    const turned = contradictedFiles(files, judgementOf({ faults }), "other");
    assert.deepEqual(
      turned.map(({ file }) => [file.name, file.receipt.status]),
      [
        ["disk.vmdk", "ERROR"],
        ["vm.mf", "ERROR"],
        ["vm.cert", "ERROR"],
      ],
    );
    for (const { release } of turned) assert.equal(release.length, 1);
  });

  test("S91: where the newest is among them, it alone", () => {
    const turned = contradictedFiles(files, judgementOf({ faults }), "vm.mf");
    assert.deepEqual(
      turned.map(({ file }) => file.name),
      ["vm.mf"],
    );
  });

  test("what only the set is to blame for turns nobody", () => {
    const ofTheSet = faults.map((fault) => ({ ...fault, isWrong: false }));
    assert.deepEqual(contradictedFiles(files, judgementOf({ faults: ofTheSet }), null), []);
  });

  test("S69: validate tells what is wrong and what is missing, each name once", () => {
    const judgement = judgementOf({
      faults: [FAULT, FAULT],
      missing: [
        { name: "a", text: "" },
        { name: "a", text: "" },
      ],
    });
    const found = validateSession(session, files, { findProgress: () => null, judgement });
    assert.ok("hasErrors" in found);
    assert.deepEqual(found.missingFiles, ["a"]);
    assert.deepEqual(
      found.invalidFiles.map(({ name }) => name),
      ["vm.ovf"],
    );
  });
});
