import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FAULT_CLASSES } from "@contentlib/contract/vocabulary";
import {
  AbortedError,
  ConnectionError,
  LibraryError,
  ProtocolError,
  TimeoutError,
} from "./errors.ts";
import type { ClientError } from "./errors.ts";
import { RETRY_PAUSE_MAX_MS, parseRetryAfterMs, retryPauseMs } from "./retry.ts";

const refusals: readonly ClientError[] = FAULT_CLASSES.map(
  (faultClass) => new LibraryError({ class: faultClass, messages: [], status: 400 }),
);
const others = [ConnectionError, TimeoutError, AbortedError, ProtocolError].map(
  (Kind) => new Kind("x", {}),
);
const anyError = fc.constantFrom(...refusals, ...others);
const anyAttempt = fc.nat(40);
const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test("what may happen only once is never repeated, unless the server says that it has not begun", () => {
  fc.assert(
    fc.property(anyError, anyAttempt, anyRandom, (error, attempt, random) => {
      assert.equal(
        retryPauseMs({ error, retryAfterMs: undefined }, "once", attempt, () => random),
        null,
      );
    }),
  );
});

test("a pause is never longer than the longest, and never zero", () => {
  fc.assert(
    fc.property(anyAttempt, anyRandom, (attempt, random) => {
      const error = new ConnectionError("x", {});
      const pauseMs = retryPauseMs(
        { error, retryAfterMs: undefined },
        "safe",
        attempt,
        () => random,
      );
      assert.ok(pauseMs !== null && pauseMs > 0 && pauseMs <= RETRY_PAUSE_MAX_MS, String(pauseMs));
    }),
  );
});

test("an abort, a broken protocol, a refusal for good and a server that is not trusted are not repeated whatever the effect", () => {
  const untrusted = new ConnectionError("x", { untrustedOrigin: "https://library.example.org" });
  const lasting = [...refusals, new AbortedError("x", {}), new ProtocolError("x", {}), untrusted];
  for (const error of lasting) {
    for (const effect of ["safe", "idempotent"] as const) {
      assert.equal(
        retryPauseMs({ error, retryAfterMs: undefined }, effect, 0, () => 0),
        null,
      );
    }
  }
});

test("Retry-After counts with service_unavailable only", () => {
  const busy = new LibraryError({ class: "resource_busy", messages: [], status: 500 });
  assert.equal(
    retryPauseMs({ error: busy, retryAfterMs: 1_000 }, "safe", 0, () => 0),
    null,
  );
  const away = new LibraryError({ class: "service_unavailable", messages: [], status: 503 });
  assert.equal(
    retryPauseMs({ error: away, retryAfterMs: 1_000 }, "once", 0, () => 0),
    1_000,
  );
  assert.equal(
    retryPauseMs({ error: away, retryAfterMs: 61_000 }, "safe", 0, () => 0),
    null,
  );
});

test("Retry-After is a number of seconds or a date", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  assert.equal(parseRetryAfterMs("3", now), 3_000);
  assert.equal(parseRetryAfterMs("Thu, 01 Jan 2026 00:00:05 GMT", now), 5_000);
  assert.equal(parseRetryAfterMs("Wed, 31 Dec 2025 00:00:00 GMT", now), 0);
  assert.equal(parseRetryAfterMs("soon", now), undefined);
  assert.equal(parseRetryAfterMs(null, now), undefined);
});
