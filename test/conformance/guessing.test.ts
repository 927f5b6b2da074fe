// Guessing passwords and tokens: slowed alike on every wire, without shutting anybody else out, and without telling who there is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Argon2PasswordHasher } from "@contentlib/server/adapters/auth/argon2-password-hasher";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { BASIC, basic, PASSWORD, readReply, USER } from "./client.ts";
import { api, type Form, FORMS, HTTP_FORMS } from "./forms.ts";
import { exchange } from "./http-exchange.ts";
import { ACCESS, People } from "./people.ts";
import { serverUnderTest } from "./server-under-test.ts";

const GUESSES_MAX = 40;
/** The longest wait that guessing leads to. */
const WAIT_MS_MAX = 60_000;

let checks = 0;
const argon2 = new Argon2PasswordHasher();
const clock = new ManualClock();
const server = await serverUnderTest({
  clock,
  hasher: {
    hash: async (password) => await argon2.hash(password),
    verify: async (password, encoded) => {
      checks += 1;
      return await argon2.verify(password, encoded);
    },
  },
});
const people = await People.on(server);

/** What came of a login: the class of the error, or null, and all that was shown. */
interface Outcome {
  readonly faultClass: string | null;
  readonly shown: unknown;
}

const isLinux = process.platform === "linux";
const options = {
  skip: isLinux ? false : "this system gives a machine one loopback address only",
};

let addresses = 1;
/** An address that has guessed nothing yet. */
const freshAddress = (): string => `127.0.1.${(addresses += 1)}`;

/** Logs in from an address of one's own, as no client of the API does. */
async function logIn(form: Form, authorization: string, localAddress: string): Promise<Outcome> {
  const { method, path, rpc, body } = form.login();
  const url = server.url + path;
  if (rpc === undefined) {
    const headers = { Authorization: authorization };
    const answer = await exchange({ method, url, headers, localAddress });
    const { faultClass, value } = readReply(form, answer);
    return { faultClass, shown: [answer.status, value] };
  }
  const [userName, password] = Buffer.from(authorization.slice("Basic ".length), "base64")
    .toString("utf8")
    .split(":");
  const schemeId = "com.vmware.vapi.std.security.user_pass";
  const { service: serviceId, operation: operationId } = rpc;
  const ctx = { appCtx: { opId: "1" }, securityCtx: { schemeId, userName, password } };
  const params = { serviceId, operationId, input: body, ctx };
  const { headers, text } = await exchange({
    method,
    url,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", method: "invoke", id: "1", params }),
    localAddress,
  });
  const { result } = JSON.parse(text) as { result: object };
  const error = String(headers["vapi-error"] ?? "");
  const faultClass = error.split(".").at(-1) ?? "";
  return "output" in result ? { faultClass: null, shown: [] } : { faultClass, shown: result };
}

/** How many wrong tries are answered before the next one has to wait. */
async function freeGuesses(
  form: Form,
  guess: (tried: number) => string,
  address = freshAddress(),
): Promise<number> {
  for (let tried = 0; tried < GUESSES_MAX; tried += 1) {
    const { faultClass } = await logIn(form, guess(tried), address);
    if (faultClass === "service_unavailable") return tried;
    assert.equal(faultClass, "unauthenticated");
  }
  return GUESSES_MAX;
}

const hex = (tried: number): string => tried.toString(16).padStart(64, "0");

test(
  "passwords and tokens have to wait after the same number of tries on all wires",
  options,
  async () => {
    const counts = new Map<string, number>();
    const count = async (what: string, form: Form, guess: (tried: number) => string) =>
      counts.set(`${what}, ${form.name}`, await freeGuesses(form, guess));
    for (const form of FORMS) {
      await count("a password", form, (tried) => basic(USER, `guess ${tried}`));
      await count("a token", form, (tried) => basic(USER, hex(tried)));
      await count("an unknown user", form, (tried) => basic("nobody", `guess ${tried}`));
    }
    for (const form of HTTP_FORMS)
      await count("a token alone", form, (tried) => `Bearer ${hex(tried)}`);
    assert.equal(new Set(counts.values()).size, 1, JSON.stringify([...counts]));
    assert.ok([...counts.values()].every((free) => free <= 5));
  },
);

test(
  "what one wire saw the others know, and neither tokens nor other addresses are shut out",
  options,
  async () => {
    const pipeline = await people.pipeline();
    const byToken = basic(pipeline.name, pipeline.secret);
    for (const guessed of FORMS) {
      const address = freshAddress();
      await freeGuesses(guessed, () => basic(USER, "guess"), address);
      await freeGuesses(guessed, () => basic(pipeline.name, hex(1)), address);
      for (const form of FORMS) {
        const what = `${guessed.name}, then ${form.name}`;
        assert.equal((await logIn(form, BASIC, address)).faultClass, "service_unavailable", what);
        assert.equal((await logIn(form, byToken, address)).faultClass, null, what);
        assert.equal((await logIn(form, BASIC, freshAddress())).faultClass, null, what);
      }
      await clock.advance(WAIT_MS_MAX);
      assert.equal((await logIn(guessed, BASIC, address)).faultClass, null);
    }
  },
);

test("an address that tries many names waits for every name", options, async () => {
  const address = freshAddress();
  const free = await freeGuesses(api, (tried) => basic(`name${tried}`, "guess"), address);
  assert.ok(free > 5 && free < GUESSES_MAX, String(free));
  assert.equal((await logIn(api, BASIC, address)).faultClass, "service_unavailable");
});

test(
  "which users there are is neither shown nor to be told by the work that it makes",
  options,
  async () => {
    const disabled = await people.person();
    await people.admin.done(ACCESS.updateUser(disabled.id, { disabled: true }));
    const pipeline = await people.pipeline();
    await logIn(api, basic("nobody", "the first one has a hash made up"), freshAddress());
    const guesses = {
      "a wrong password": basic(USER, "guess"),
      "an unknown user": basic("nobody", "guess"),
      "a disabled user with the right password": basic(disabled.name, disabled.secret),
      "a disabled user with a wrong one": basic(disabled.name, "guess"),
      "a user without a password": basic(pipeline.name, "guess"),
      "what is no name": basic("no name at all!", "guess"),
      "a token of somebody else": basic(USER, pipeline.secret),
      "the right password of somebody else": basic(pipeline.name, PASSWORD),
    };
    for (const form of FORMS) {
      const shown = new Set<string>();
      for (const [what, authorization] of Object.entries(guesses)) {
        const before = checks;
        const outcome = await logIn(form, authorization, freshAddress());
        assert.equal(outcome.faultClass, "unauthenticated", what);
        assert.equal(checks - before, 1, `${what}: one check of a password, whosoever it is`);
        shown.add(JSON.stringify(outcome.shown));
      }
      assert.equal(shown.size, 1, [...shown].join("\n"));
    }
    const before = checks;
    const outcome = await logIn(api, basic(pipeline.name, pipeline.secret), freshAddress());
    assert.equal(outcome.faultClass, null);
    assert.equal(checks, before, "a token takes no place in the queue of passwords");
  },
);
