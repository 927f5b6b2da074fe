import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogLevel } from "./pino-journal.ts";
import { PinoJournal } from "./pino-journal.ts";

const recording = (level: LogLevel = "info") => {
  const lines: Record<string, unknown>[] = [];
  const journal = new PinoJournal(level, {
    write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  return { journal, lines };
};

test("every line said while a request is handled carries its id, also after a wait", async () => {
  const { journal, lines } = recording();
  const twice = async (where: string): Promise<void> => {
    journal.trouble({ where, error: new Error("first") });
    await new Promise((resolve) => setImmediate(resolve));
    journal.blobsCollected({ count: 1 });
  };
  await Promise.all([
    journal.within("one", async () => await twice("a")),
    journal.within("two", async () => await twice("b")),
  ]);
  journal.blobsCollected({ count: 2 });
  assert.deepEqual(
    lines.map((line) => line["requestId"]),
    ["one", "two", "one", "two", undefined],
  );
});

test("a line names its event, its time and level, and an error with its causes", () => {
  const { journal, lines } = recording();
  journal.requestFailed({
    route: "item.get",
    error: new Error("outer", { cause: new Error("inner") }),
  });
  const [line] = lines;
  assert.equal(line?.["event"], "request.failed");
  assert.equal(line?.["level"], "error");
  assert.match(String(line?.["time"]), /^\d{4}-.*Z$/);
  const error = line?.["error"] as { message: string; cause: { message: string } };
  assert.equal(error.message, "outer");
  assert.equal(error.cause.message, "inner");
});

test("reads that went well are debug, writes info, failures of the server warnings", () => {
  const answered = { route: "item.get", durationMs: 1.23456 };
  const { journal, lines } = recording();
  journal.requestAnswered({ ...answered, method: "GET", status: 200 });
  journal.requestAnswered({ ...answered, method: "GET", status: 404 });
  journal.requestAnswered({ ...answered, method: "POST", status: 200 });
  journal.requestAnswered({ ...answered, method: "GET", status: 503 });
  assert.deepEqual(
    lines.map((line) => line["level"]),
    ["info", "info", "warn"],
  );
  assert.equal(lines[0]?.["durationMs"], 1.2);
  const verbose = recording("debug");
  verbose.journal.requestAnswered({ ...answered, method: "GET", status: 200 });
  assert.equal(verbose.lines[0]?.["level"], "debug");
});

test("what the wire knows of a call goes before what its method says", () => {
  const { journal, lines } = recording("debug");
  const answered = { route: "rpc item.get", durationMs: 1, status: 200 };
  journal.requestAnswered({ ...answered, method: "POST", isRead: true });
  journal.requestAnswered({ ...answered, method: "GET", isRead: false });
  journal.requestAnswered({ ...answered, method: "POST", opId: "mine", fault: "not_found" });
  assert.deepEqual(
    lines.map(({ level, opId, fault, isRead }) => [level, opId, fault, isRead]),
    [
      ["debug", undefined, undefined, undefined],
      ["info", undefined, undefined, undefined],
      ["info", "mine", "not_found", undefined],
    ],
  );
});

test("a line stays one line that steers nothing, and says what was said", () => {
  const written: string[] = [];
  const journal = new PinoJournal("debug", { write: (line) => void written.push(line) });
  const accountName = "a\u001b[2J\u009b2J\u007f\r\n{}\u0085\u2028\u202e\u2066b";
  journal.loginRefused({ accountName, address: "x", why: "unknown account" });
  journal.trouble({ where: accountName, error: new Error(accountName) });
  for (const line of written) {
    assert.match(line, /\}\n$/);
    // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
    assert.doesNotMatch(line.slice(0, -1), /[\u0000-\u001f\u007f-\u009f\u2028\u202e\u2066]/);
  }
  const [refused, trouble] = written.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(refused?.["accountName"], accountName);
  assert.equal(trouble?.["where"], accountName);
  const error = trouble?.["error"] as { readonly message: string } | undefined;
  assert.equal(error?.message, accountName);
});
