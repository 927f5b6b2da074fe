import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FILES_PER_ITEM_MAX, faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultCode } from "@contentlib/contract/vocabulary";
import { anEntryId, aStagedId } from "@contentlib/testkit/builders/ids";
import { anItem, anItemFile } from "@contentlib/testkit/builders/libraries";
import {
  aKeptFile,
  aMessage,
  aPushedFile,
  anUpdateSession,
  aReadyReceipt,
} from "@contentlib/testkit/builders/sessions";
import fc from "fast-check";
import type { SessionFile } from "../update-session.ts";
import { addFile, findSessionFile, getSessionFile, removeFile } from "./add.ts";
import { keptFile } from "./kept.ts";
import type { FileWish } from "./wish.ts";

const item = anItem({ files: [anItemFile({ name: "kept.iso" })] });
const session = anUpdateSession({ itemId: item.id });
const snapshot = item.files.map(keptFile);
const entryId = anEntryId();
const SHA1 = "b13d00f461bacf2559050aec375daca6fbec5436";

const add = (wish: Partial<FileWish>, files: readonly SessionFile[] = snapshot) =>
  addNamed(files, { name: "a.iso", sourceType: "PUSH", ...wish });

const addNamed = (files: readonly SessionFile[], wish: FileWish) => {
  const set = { present: findSessionFile(files, wish.name), count: files.length };
  return addFile(session, set, item, { wish, entryId });
};

const added = (wish: Partial<FileWish>, files: readonly SessionFile[] = snapshot) => {
  const outcome = add(wish, files);
  assert.ok(!isFault(outcome));
  return outcome;
};

const codeOf = (outcome: object): FaultCode | null => (isFault(outcome) ? outcome.fault : null);

describe("adding with PUSH", () => {
  test("S52: an entry waits for its bytes", () => {
    const file = {
      source: "PUSH",
      name: "a.iso",
      entryId,
      receipt: { status: "WAITING" },
    } as const;
    assert.deepEqual(added({}), { kind: "put", file, replaced: null, release: [] });
  });

  test("S54, S55: what is declared is kept", () => {
    const { file } = added({ sizeBytes: 10, checksum: { hex: SHA1.toUpperCase() } });
    assert.ok(file.source === "PUSH");
    assert.equal(file.declaredSizeBytes, 10);
    assert.deepEqual(file.declaredChecksum, { algorithm: "SHA1", hex: SHA1 });
  });

  for (const sizeBytes of [0, -1]) {
    test(`S54: size ${sizeBytes} means that it is not known`, () =>
      assert.equal("declaredSizeBytes" in added({ sizeBytes }).file, false));
  }

  for (const sizeBytes of [-2, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 60)]) {
    test(`S54: size ${sizeBytes} is refused`, () =>
      assert.equal(codeOf(add({ sizeBytes })), "update_session.invalid_file"));
  }

  for (const [algorithm, name, digits] of [
    ["MD5", "md5", 32],
    ["SHA1", "SHA-1", 40],
    ["SHA256", "SHA-256", 64],
    ["SHA256", "SHA2-256", 64],
    ["SHA512", "sha_512", 128],
  ] as const) {
    test(`S55: ${name} is ${algorithm}`, () => {
      const { file } = added({ checksum: { algorithm: name, hex: "A".repeat(digits) } });
      assert.ok(file.source === "PUSH");
      assert.deepEqual(file.declaredChecksum, { algorithm, hex: "a".repeat(digits) });
    });
  }

  test("S55: an empty digest is none", () =>
    assert.equal("declaredChecksum" in added({ checksum: { hex: "" } }).file, false));

  for (const checksum of [
    { algorithm: "CRC32", hex: "00000000" },
    { algorithm: "SHA384", hex: "a".repeat(96) },
    { algorithm: "MD5", hex: SHA1 },
    { hex: "z".repeat(40) },
  ]) {
    test(`S55: ${JSON.stringify(checksum).slice(0, 50)} is refused`, () => {
      assert.equal(codeOf(add({ checksum })), "update_session.invalid_file");
    });
  }

  test("S53: a name that is none is refused", () => {
    assert.deepEqual(
      add({ name: "../a" }),
      faultOf("update_session.invalid_file", "name", "it holds a slash or a backslash"),
    );
  });

  for (const [what, receipt] of [
    ["that waits", { status: "WAITING" }],
    ["in ERROR", { status: "ERROR", errorMessage: aMessage(), receivedBytes: 3 }],
  ] as const) {
    test(`S56: a name ${what} is replaced`, () => {
      const former = aPushedFile({ name: "a.iso", receipt });
      const outcome = added({}, [former]);
      assert.ok(outcome.kind === "put" && outcome.file.source === "PUSH");
      assert.equal(outcome.replaced, former);
      assert.notEqual(outcome.file.entryId, former.entryId);
      assert.deepEqual(outcome.release, []);
    });
  }

  test("S56: a READY one gives its bytes up; a file of the item has none to give", () => {
    const stagedId = aStagedId();
    const former = aPushedFile({ name: "a.iso", receipt: aReadyReceipt({ stagedId }) });
    assert.deepEqual(added({}, [former]).release, [stagedId]);
    assert.deepEqual(added({ name: "kept.iso" }).release, []);
  });

  test("S52: there is a greatest number of files, which a replacement does not exceed", () => {
    const full = Array.from({ length: FILES_PER_ITEM_MAX }, (_, index) =>
      aKeptFile({ name: `f${index}` }),
    );
    assert.deepEqual(
      add({}, full),
      faultOf("update_session.too_many_files", session.id, String(FILES_PER_ITEM_MAX)),
    );
    assert.equal(codeOf(add({ name: "f7" }, full)), null);
  });
});

describe("adding with NONE", () => {
  test("S57: a file of the item is left alone again, replaced or removed as it was", () => {
    const stagedId = aStagedId();
    const former = aPushedFile({ name: "kept.iso", receipt: aReadyReceipt({ stagedId }) });
    const undone = { kind: "put", file: snapshot[0], replaced: former, release: [stagedId] };
    assert.deepEqual(added({ name: "kept.iso", sourceType: "NONE" }, [former]), undone);
    assert.deepEqual(added({ name: "kept.iso", sourceType: "NONE" }, []), {
      ...undone,
      replaced: null,
      release: [],
    });
  });

  test("S57: an added file leaves the list, and is shown as it was", () => {
    const stagedId = aStagedId();
    const file = aPushedFile({ name: "a.iso", receipt: aReadyReceipt({ stagedId }) });
    assert.deepEqual(added({ sourceType: "NONE" }, [file]), {
      kind: "drop",
      file,
      release: [stagedId],
    });
  });

  test("S57: a name that is neither is refused", () => {
    assert.deepEqual(
      add({ sourceType: "NONE" }),
      faultOf("update_session.no_such_file", session.id, "a.iso"),
    );
  });
});

describe("adding with PULL", () => {
  const from = { url: "https://depot.example.org/a.iso" };

  test("S58: an entry waits to be pulled, with what was declared, in place of whatever had the name", () => {
    const stagedId = aStagedId();
    const former = aPushedFile({ name: "a.iso", receipt: aReadyReceipt({ stagedId }) });
    const file = {
      source: "PULL",
      from,
      name: "a.iso",
      entryId,
      declaredSizeBytes: 7,
      receipt: { status: "WAITING" },
    } as const;
    assert.deepEqual(add({ sourceType: "PULL", source: from, sizeBytes: 7 }, [former]), {
      kind: "put",
      file,
      replaced: former,
      release: [stagedId],
    });
  });

  test("S58: without a source, with one that can not be read, or with a wrong size, it is refused for that", () => {
    const unread = faultOf("update_session.pull_unsupported", "a.iso");
    assert.equal(codeOf(add({ sourceType: "PULL" })), "update_session.invalid_file");
    assert.equal(add({ sourceType: "PULL", source: unread }), unread);
    assert.equal(
      codeOf(add({ sourceType: "PULL", source: from, sizeBytes: -7 })),
      "update_session.invalid_file",
    );
    assert.equal(codeOf(add({ sourceType: "PUSH", source: unread })), null);
  });
});

describe("removing", () => {
  test("S59: a name leaves the list whatever its source, and pushed bytes are given up", () => {
    const stagedId = aStagedId();
    const pushed = aPushedFile({ name: "a.iso", receipt: aReadyReceipt({ stagedId }) });
    assert.deepEqual(removeFile(session, [...snapshot, pushed], "a.iso"), {
      file: pushed,
      release: [stagedId],
    });
    assert.deepEqual(removeFile(session, snapshot, "kept.iso"), { file: snapshot[0], release: [] });
  });

  test("S60: a name that is not in the list is refused, by get and by remove; case matters", () => {
    const fault = faultOf("update_session.no_such_file", session.id, "KEPT.iso");
    assert.deepEqual(removeFile(session, snapshot, "KEPT.iso"), fault);
    assert.deepEqual(getSessionFile(session, snapshot, "KEPT.iso"), fault);
    assert.equal(getSessionFile(session, snapshot, "kept.iso"), snapshot[0]);
  });
});

test("S52, S56, S57, S59 law: any sequence of adds and removes leaves what a plain map of names would hold", () => {
  const names = ["kept.iso", "other.iso", "a.iso", "b.iso"];
  const steps = fc.array(
    fc.tuple(fc.constantFrom("PUSH", "NONE", "remove"), fc.constantFrom(...names)),
    { maxLength: 30 },
  );
  const original = anItem({
    files: [anItemFile({ name: "kept.iso" }), anItemFile({ name: "other.iso" })],
  });
  fc.assert(
    fc.property(steps, (sequence) => {
      let files: readonly SessionFile[] = original.files.map(keptFile);
      const model = new Map(original.files.map((file) => [file.name, "item"]));
      for (const [step, name] of sequence) {
        if (step === "remove") {
          const removed = removeFile(session, files, name);
          assert.equal(isFault(removed), !model.delete(name));
          files = files.filter((file) => file.name !== name);
          continue;
        }
        const inItem = original.files.some((file) => file.name === name);
        const set = { present: findSessionFile(files, name), count: files.length };
        const outcome = addFile(session, set, original, {
          wish: { name, sourceType: step },
          entryId: anEntryId(),
        });
        assert.equal(isFault(outcome), step === "NONE" && !inItem && !model.has(name));
        if (isFault(outcome)) continue;
        const others = files.filter((file) => file.name !== name);
        files = outcome.kind === "put" ? [...others, outcome.file] : others;
        if (step === "PUSH") model.set(name, "push");
        else if (inItem) model.set(name, "item");
        else model.delete(name);
      }
      assert.equal(files.length, model.size);
      for (const [name, kind] of model) {
        assert.equal(findSessionFile(files, name)?.source, kind === "item" ? "NONE" : "PUSH");
      }
    }),
  );
});
