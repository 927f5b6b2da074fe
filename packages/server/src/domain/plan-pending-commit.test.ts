import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import { aDigest, BUILT_AT } from "@contentlib/testkit/builders/ids";
import { aLibrary, anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import {
  aCompletingSession,
  aMessage,
  aPulledFile,
  aPushedFile,
  aReadyReceipt,
  endedSession,
} from "@contentlib/testkit/builders/sessions";
import fc from "fast-check";
import { expireIfLapsed } from "./expiry.ts";
import type { PackageJudgement } from "./package.ts";
import type { CommitInput } from "./plan-commit.ts";
import { planCommit, planPendingCommit } from "./plan-commit.ts";
import { keptFile } from "./session-file/kept.ts";
import type { Receipt, SessionFile } from "./update-session.ts";
import { beginCompletion } from "./update-session/begin-completion.ts";
import { breakOff, cancel, endWithItem, fail } from "./update-session/end.ts";
import {
  checkDelete,
  checkTakesBytes,
  checkTakesPushed,
  requireActive,
} from "./update-session/guard.ts";
import { keepAlive } from "./update-session/keep-alive.ts";

const NOW = BUILT_AT + 5000;
const library = aLibrary();
const kept = anItemFile({ name: "kept.iso" });
const item = anItem({ libraryId: library.id, type: "ovf", contentVersion: 2, files: [kept] });
const pending = aCompletingSession({ itemId: item.id, itemContentVersion: 2 });
const { completing, ...session } = pending;

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

const inputOf = (files: readonly SessionFile[], over: Partial<CommitInput> = {}): CommitInput => ({
  session,
  files: [keptFile(kept), ...files],
  item,
  library,
  findProgress: () => null,
  judged: null,
  completedBy: "maria@vsphere.local",
  now: NOW,
  ...over,
});

const failed = (text: string): Receipt => ({
  status: "ERROR",
  errorMessage: aMessage({ default_message: text }),
  receivedBytes: 3,
});
const pulled = (name: string, receipt: Receipt = aReadyReceipt({ digest: aDigest(name) })) =>
  aPulledFile({ name, receipt });
const pushed = (name: string, receipt: Receipt = aReadyReceipt({ digest: aDigest(name) })) =>
  aPushedFile({ name, receipt });
const WAITING: Receipt = { status: "WAITING" };

describe("S110: completing while files are pulled", () => {
  test("waits for them, whatever else is there", () => {
    const files = [pulled("a", WAITING), pulled("b"), pushed("c")];
    assert.deepEqual(planCommit(inputOf(files)), { kind: "waits", session });
  });

  test("is refused for what a client has to send, before anything is waited for", () => {
    const files = [pulled("a", WAITING), pushed("b", WAITING), pushed("c", failed("Wrong."))];
    const faults = [
      faultOf("update_session.file_not_received", "b", "WAITING_FOR_TRANSFER", "0 bytes so far."),
      faultOf("update_session.file_not_received", "c", "ERROR", "Wrong."),
    ];
    assert.deepEqual(planCommit(inputOf(files)), { kind: "refused", faults });
  });

  test("is refused for a file that could not be pulled, with its own reason", () => {
    const files = [pulled("a", WAITING), pulled("b", failed("There is no such file."))];
    const fault = faultOf(
      "update_session.file_not_received",
      "b",
      "ERROR",
      "There is no such file.",
    );
    assert.deepEqual(planCommit(inputOf(files)), { kind: "refused", faults: [fault] });
  });

  test("needs no waiting once they are here", () => {
    const outcome = planCommit(inputOf([pulled("a")]));
    assert.ok(outcome.kind === "plan");
    assert.deepEqual(
      outcome.item.files.map(({ name }) => name),
      ["kept.iso", "a"],
    );
  });

  test("makes the completion pending, which is activity", () => {
    const begun = beginCompletion(session, { ...completing, at: NOW }, 600_000);
    assert.deepEqual(begun, {
      ...session,
      completing: { ...completing, at: NOW },
      expiresAt: NOW + 600_000,
    });
  });
});

describe("S112, S113: a pending completion", () => {
  const plan = (files: readonly SessionFile[], over: Partial<CommitInput> = {}) =>
    planPendingCommit(inputOf(files, { session: pending, ...over }));

  test("waits while a file is to come", () => {
    assert.equal(plan([pulled("a"), pulled("b", WAITING)]), null);
  });

  test("comes to what a call would come to, and the session tells no more of it", () => {
    const files = [pulled("a"), pushed("b")];
    const outcome = plan(files);
    assert.deepEqual(outcome, planCommit(inputOf(files)));
    assert.ok(outcome?.kind === "plan");
    assert.deepEqual(outcome.session, { ...session, state: "DONE", endedAt: NOW });
  });

  test("fails with the first file that fails, in its own words, whatever is still to come", () => {
    const files = [
      pulled("a", WAITING),
      pulled("b", failed("Gone.")),
      pulled("c", failed("Lost.")),
    ];
    assert.deepEqual(plan(files), {
      kind: "fails",
      message: aMessage({ default_message: "Gone." }),
    });
  });

  test("fails with what would refuse a call", () => {
    const missing = [
      { name: "disk.vmdk", text: "vm.ovf names it." },
      { name: "two.vmdk", text: "vm.ovf names it, too." },
    ];
    const judged = { judgement: judgementOf({ missing }), isKept: () => true };
    const [first] = missing;
    assert.deepEqual(plan([pulled("vm.ovf")], { judged }), {
      kind: "fails",
      message: messageOf(
        faultOf(
          "update_session.file_not_received",
          first?.name ?? "",
          "WAITING_FOR_TRANSFER",
          first?.text ?? "",
        ),
      ),
    });
    const lost = plan([pulled("a"), pushed("b", WAITING)]);
    assert.ok(lost?.kind === "fails");
    assert.match(lost.message.default_message, /^File b /);
  });

  test("fails with what would end the session of a call", () => {
    const warning = { type: "UNTRUSTED_CERTIFICATE", message: aMessage() } as const;
    const preview = { state: "AVAILABLE", warnings: [warning] } as const;
    const judged = { judgement: judgementOf({ preview }), isKept: () => true };
    const outcome = plan([pulled("vm.ovf")], { judged });
    assert.ok(outcome?.kind === "fails");
    assert.equal(
      outcome.message.id,
      messageOf(faultOf("update_session.preview_warnings", "", "")).id,
    );
    const warningBehavior = [{ type: warning.type, ignored: true }];
    const passed = plan([pulled("vm.ovf")], { judged, session: { ...pending, warningBehavior } });
    assert.equal(passed?.kind, "plan");
  });

  test("is none where nobody completed, and where the session has ended", () => {
    assert.equal(plan([pulled("a")], { session }), null);
    assert.equal(plan([pulled("a")], { session: endedSession(session, "CANCELED") }), null);
  });

  test("law: it waits, fails or ends by the files alone, and never refuses", () => {
    const receipts = fc.constantFrom<Receipt>(WAITING, aReadyReceipt(), failed("Gone."));
    const brought = fc.tuple(fc.constantFrom(aPulledFile, aPushedFile), receipts);
    fc.assert(
      fc.property(fc.array(brought, { maxLength: 8 }), (drawn) => {
        const files = drawn.map(([make, receipt]) => make({ receipt }));
        const outcome = plan(files);
        const has = (status: string, source?: string) =>
          files.some(
            (file) =>
              file.receipt.status === status && (source === undefined || file.source === source),
          );
        const expected = has("ERROR")
          ? "fails"
          : has("WAITING", "PULL")
            ? undefined
            : has("WAITING")
              ? "fails"
              : "plan";
        assert.equal(outcome?.kind, expected);
      }),
    );
  });
});

describe("S111: while a completion is pending", () => {
  test("a refusal says since when, what is waited for, and what can be done", () => {
    const fault = requireActive(pending, "add");
    assert.ok("fault" in fault);
    assert.match(
      messageOf(fault).default_message,
      /^The operation add .* in the ACTIVE state\. Reason: It was completed at .*Z and waits for files that are still being pulled: it ends by itself\. Wait for that, or cancel or fail it\.$/,
    );
    assert.match(messageOf(checkDelete(pending) ?? fault).default_message, /Wait for that/);
    assert.equal(checkTakesBytes(pending), null);
    assert.match(
      messageOf(checkTakesPushed(pending) ?? fault).default_message,
      /was completed at .*Z and takes no more bytes/,
    );
    assert.equal(checkTakesPushed(session), null);
  });

  test("keeping alive keeps it pending, and its ends forget it", () => {
    const alive = keepAlive(pending, { now: NOW, timeoutMs: 1 });
    assert.deepEqual(alive, pending);
    assert.deepEqual(cancel(pending, NOW), { ...session, state: "CANCELED", endedAt: NOW });
    assert.deepEqual(endWithItem(pending, NOW), { ...session, state: "CANCELED", endedAt: NOW });
    const errorMessage = aMessage();
    const error = { ...session, state: "ERROR", endedAt: NOW, errorMessage };
    assert.deepEqual(breakOff(pending, errorMessage, NOW), error);
    assert.equal("completing" in fail(pending, undefined, NOW), false);
    const expired = expireIfLapsed(pending, pending.expiresAt, 1000);
    assert.deepEqual(expired, {
      ...session,
      state: "EXPIRED",
      endedAt: pending.expiresAt,
      idleSeconds: 1,
    });
  });
});
