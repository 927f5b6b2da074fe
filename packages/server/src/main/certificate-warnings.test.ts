import assert from "node:assert/strict";
import { test } from "node:test";
import { expiryWarning, EXPIRY_WARNED_MS } from "./certificate-warnings.ts";

const facts = {
  sha1: "",
  sha256: "",
  pin: "",
  names: [],
  validFrom: Date.UTC(2026, 0, 1),
  expiresAt: Date.UTC(2026, 11, 31, 12),
};
const warned = (now: number): string | null => expiryWarning(facts, now, "renew it");

test("a certificate is warned of before its time, near its end and after it", () => {
  assert.match(
    warned(facts.validFrom - 1) ?? "",
    /not valid before 2026-01-01T00:00:00Z.*clock of this machine/,
  );
  assert.equal(warned(facts.validFrom), null);
  assert.equal(warned(facts.expiresAt - EXPIRY_WARNED_MS - 1), null);
  const soon = "The certificate for TLS expires at 2026-12-31T12:00:00Z: renew it.";
  assert.equal(warned(facts.expiresAt - EXPIRY_WARNED_MS), soon);
  assert.equal(warned(facts.expiresAt), soon);
  assert.match(warned(facts.expiresAt + 1) ?? "", /has expired at 2026-12-31T12:00:00Z.*renew it/);
});
