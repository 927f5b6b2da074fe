import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import { aDigest, aStagedId } from "@contentlib/testkit/builders/ids";
import {
  aKeptFile,
  aMessage,
  aPushedFile,
  anUpdateSession,
  aReadyReceipt,
  endedSession,
} from "@contentlib/testkit/builders/sessions";
import fc from "fast-check";
import { InvariantError } from "../invariant.ts";
import { CHECKSUM_ALGORITHMS } from "../checksum.ts";
import {
  awaitBytes,
  judge,
  refuseAnnouncedSize,
  refuseExcess,
  spoil,
  wantedAlgorithms,
} from "./receive.ts";
import type { StagedFact } from "./receive.ts";
import { hasArrived } from "./not-received.ts";
import { validateSession } from "./validate.ts";
import { viewSessionFile } from "./view.ts";

const digest = aDigest("hello iso\n");
const SHA1 = "b13d00f461bacf2559050aec375daca6fbec5436";
const stagedFact = (over: Partial<StagedFact> = {}): StagedFact => ({
  stagedId: aStagedId(),
  digest,
  sizeBytes: 10,
  checksums: [],
  ...over,
});

describe("judging received bytes", () => {
  test("S66: with nothing declared the file is READY, and shows SHA256", () => {
    const file = aPushedFile();
    const staged = stagedFact();
    const { stagedId } = staged;
    const receipt = {
      status: "READY",
      stagedId,
      digest,
      sizeBytes: 10,
      checksum: { algorithm: "SHA256", hex: digest },
    };
    assert.deepEqual(judge(file, staged), { file: { ...file, receipt }, fault: null, release: [] });
  });

  test("S66: with a checksum declared it shows that one", () => {
    const declaredChecksum = { algorithm: "SHA1", hex: SHA1 } as const;
    const file = aPushedFile({ declaredChecksum, declaredSizeBytes: 10 });
    assert.deepEqual(wantedAlgorithms(file), ["SHA1"]);
    const { receipt } = judge(file, stagedFact({ checksums: [declaredChecksum] })).file;
    assert.ok(receipt.status === "READY");
    assert.deepEqual(receipt.checksum, declaredChecksum);
  });

  test("S66: SHA256 is taken anyhow", () => {
    const declaredChecksum = { algorithm: "SHA256", hex: digest } as const;
    assert.deepEqual(wantedAlgorithms(aPushedFile({ declaredChecksum })), []);
    assert.deepEqual(wantedAlgorithms(aPushedFile()), []);
    assert.equal(
      judge(aPushedFile({ declaredChecksum }), stagedFact()).file.receipt.status,
      "READY",
    );
  });

  test("S66: a wrong checksum makes it ERROR, with both values, and gives the bytes up", () => {
    const wrong = "f".repeat(40);
    const file = aPushedFile({
      name: "a.iso",
      declaredChecksum: { algorithm: "SHA1", hex: wrong },
    });
    const staged = stagedFact({ checksums: [{ algorithm: "SHA1", hex: SHA1 }] });
    const fault = faultOf("transfer.checksum_mismatch", "a.iso", "SHA1", wrong, SHA1);
    const judged = judge(file, staged);
    assert.deepEqual(judged.fault, fault);
    assert.deepEqual(judged.release, [staged.stagedId]);
    assert.deepEqual(judged.file.receipt, {
      status: "ERROR",
      errorMessage: messageOf(fault),
      receivedBytes: 10,
      isWhole: true,
    });
    assert.equal(hasArrived(judged.file), true);
  });

  test("S66: digests that others want are made besides, and kept", () => {
    const file = aPushedFile({ declaredChecksum: { algorithm: "SHA1", hex: SHA1 } });
    assert.deepEqual(wantedAlgorithms(file, ["SHA1", "SHA256", "SHA512"]), ["SHA1", "SHA512"]);
    const sha512 = { algorithm: "SHA512", hex: "0".repeat(128) } as const;
    const checksums = [{ algorithm: "SHA1", hex: SHA1 } as const, sha512];
    const { receipt } = judge(file, stagedFact({ checksums })).file;
    assert.ok(receipt.status === "READY");
    assert.deepEqual(receipt.others, [sha512]);
  });

  test("S65: a wrong size makes it ERROR, with both values", () => {
    const file = aPushedFile({ name: "a.iso", declaredSizeBytes: 12 });
    const judged = judge(file, stagedFact());
    assert.ok(judged.fault);
    assert.equal(
      messageOf(judged.fault).default_message,
      "File a.iso was declared with 12 bytes, but 10 were received.",
    );
    assert.equal(judged.file.receipt.status, "ERROR");
    assert.equal(hasArrived(judged.file), false, "some bytes never came");
  });

  test("S65: more bytes than declared", () => {
    const { fault, file } = refuseExcess(aPushedFile({ name: "a.iso", declaredSizeBytes: 6 }), 7);
    assert.ok(fault);
    assert.equal(
      messageOf(fault).default_message,
      "File a.iso was declared with 6 bytes, but at least 7 were received.",
    );
    assert.equal(viewSessionFile(file, null).bytesTransferred, 7);
  });

  test("S67: an announced length that differs is refused before the first byte", () => {
    const file = aPushedFile({ name: "a.iso", declaredSizeBytes: 6 });
    const refused = refuseAnnouncedSize(file, 5);
    assert.ok(refused?.fault);
    assert.equal(
      messageOf(refused.fault).default_message,
      "File a.iso was declared with 6 bytes, but 5 were announced.",
    );
    assert.equal(viewSessionFile(refused.file, null).bytesTransferred, 0);
    assert.equal(refuseAnnouncedSize(file, 6), null);
    assert.equal(refuseAnnouncedSize(aPushedFile(), 6), null);
  });

  test("S63: what a READY file had is given up when new bytes take its place", () => {
    const former = aStagedId();
    const file = aPushedFile({ receipt: aReadyReceipt({ stagedId: former }) });
    assert.deepEqual(awaitBytes(file), {
      file: { ...file, receipt: { status: "WAITING" } },
      fault: null,
      release: [former],
    });
    assert.deepEqual(judge(file, stagedFact()).release, [former]);
  });

  test("S64: a file that waits goes on waiting; one in ERROR waits again", () => {
    const waiting = aPushedFile();
    assert.equal(awaitBytes(waiting).file, waiting);
    const spoilt = aPushedFile({
      receipt: { status: "ERROR", errorMessage: aMessage(), receivedBytes: 3 },
    });
    assert.deepEqual(awaitBytes(spoilt).file.receipt, { status: "WAITING" });
  });

  test("S68: a storage that has no room spoils the file and says so", () => {
    const message = messageOf(faultOf("server.storage_full", "a.iso"));
    const stagedId = aStagedId();
    const { file, release } = spoil(
      aPushedFile({ receipt: aReadyReceipt({ stagedId }) }),
      message,
      4,
    );
    assert.deepEqual(file.receipt, { status: "ERROR", errorMessage: message, receivedBytes: 4 });
    assert.deepEqual(release, [stagedId]);
  });

  test("a store that forgot a digest is a bug, not a mismatch", () => {
    const file = aPushedFile({ declaredChecksum: { algorithm: "MD5", hex: "a".repeat(32) } });
    assert.throws(() => judge(file, stagedFact()), InvariantError);
  });

  test("S65, S66 law: READY exactly when size and checksum fit; the staged bytes are kept exactly then", () => {
    const hexes = fc.constantFrom("aa", "bb");
    const sizes = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });
    const algorithms = fc.option(fc.constantFrom(...CHECKSUM_ALGORITHMS), { nil: undefined });
    fc.assert(
      fc.property(
        sizes,
        algorithms,
        hexes,
        fc.integer({ min: 1, max: 3 }),
        hexes,
        (size, algorithm, declared, sizeBytes, hex) => {
          const file = aPushedFile({
            ...(size === undefined ? {} : { declaredSizeBytes: size }),
            ...(algorithm === undefined ? {} : { declaredChecksum: { algorithm, hex: declared } }),
          });
          const checksums = wantedAlgorithms(file).map((each) => ({ algorithm: each, hex }));
          const actual = algorithm === "SHA256" ? aDigest(hex) : hex;
          const staged = stagedFact({ digest: aDigest(hex), sizeBytes, checksums });
          const judged = judge(file, staged);
          const fits =
            (size ?? sizeBytes) === sizeBytes && (algorithm === undefined || declared === actual);
          assert.equal(judged.file.receipt.status, fits ? "READY" : "ERROR");
          assert.equal(judged.fault === null, fits);
          assert.deepEqual(judged.release, fits ? [] : [staged.stagedId]);
        },
      ),
    );
  });
});

describe("how a file is shown", () => {
  const declaredChecksum = { algorithm: "SHA1", hex: SHA1 } as const;
  const file = aPushedFile({ name: "a.iso", declaredChecksum });
  const base = { name: "a.iso", source: "PUSH", entryId: file.entryId };

  test("S61: waiting, it has 0 bytes and no size", () => {
    const view = {
      ...base,
      status: "WAITING_FOR_TRANSFER",
      bytesTransferred: 0,
      checksum: declaredChecksum,
    };
    assert.deepEqual(viewSessionFile(file, null), view);
  });

  test("S61: bytes in motion show, whatever the catalog remembers", () => {
    for (const receipt of [file.receipt, aReadyReceipt()]) {
      for (const phase of ["TRANSFERRING", "VALIDATING"] as const) {
        const view = { ...base, status: phase, bytesTransferred: 7, checksum: declaredChecksum };
        assert.deepEqual(viewSessionFile({ ...file, receipt }, { phase, receivedBytes: 7 }), view);
      }
    }
  });

  test("S61: READY, it has its size and checksum", () => {
    const receipt = aReadyReceipt({ sizeBytes: 10 });
    const view = {
      ...base,
      status: "READY",
      bytesTransferred: 10,
      sizeBytes: 10,
      checksum: receipt.checksum,
    };
    assert.deepEqual(viewSessionFile({ ...file, receipt }, null), view);
  });

  test("S61: in ERROR it says why", () => {
    const errorMessage = aMessage();
    const view = {
      ...base,
      status: "ERROR",
      bytesTransferred: 3,
      checksum: declaredChecksum,
      errorMessage,
    };
    assert.deepEqual(
      viewSessionFile(
        { ...file, receipt: { status: "ERROR", errorMessage, receivedBytes: 3 } },
        null,
      ),
      view,
    );
  });
});

describe("validating", () => {
  const session = anUpdateSession();
  const UNJUDGED = { findProgress: (): null => null, judgement: null };

  test("S69: plain items have no errors", () => {
    const files = [aKeptFile(), aPushedFile({ receipt: aReadyReceipt() })];
    assert.deepEqual(validateSession(session, files, UNJUDGED), {
      hasErrors: false,
      missingFiles: [],
      invalidFiles: [],
    });
  });

  test("S69: a file that is not here refuses it, as it would refuse complete", () => {
    const files = [aPushedFile({ name: "a.iso", declaredSizeBytes: 10 })];
    const fault = faultOf(
      "update_session.file_not_received",
      "a.iso",
      "WAITING_FOR_TRANSFER",
      "0 of 10 bytes.",
    );
    assert.deepEqual(validateSession(session, files, UNJUDGED), [fault]);
  });

  test("S69: it needs an ACTIVE session", () => {
    const refused = validateSession(endedSession(session, "CANCELED"), [], UNJUDGED);
    const reason = "It was canceled at 2024-01-01T00:00:00.001Z.";
    assert.deepEqual(refused, [
      faultOf("update_session.invalid_state", "validate", "CANCELED", reason),
    ]);
  });
});
