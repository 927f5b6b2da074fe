// A token is the password of its account in every login there is, may be cut down to less than its account may, and ends by itself.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { ask, basic, Client } from "./client.ts";
import { addPush, downloadUrl, fileNames, makeItem, makeLibrary, openSession } from "./content.ts";
import { api, FORMS, HTTP_FORMS } from "./forms.ts";
import { eventually, heldUpload } from "./held-upload.ts";
import { exchange } from "./http-exchange.ts";
import { ACCESS, People } from "./people.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

/** Shorter than an upload may stand still. */
const LIFE_MS = 20_000;
/** Longer than the period of the duty that ends sessions. */
const DUTY_MS = 10_000;
const SECRET = /^[0-9a-f]{64}$/;

const server = await serverUnderTest();
const people = await People.on(server);
const { admin } = people;

for (const form of FORMS) {
  describe(`a token as a password, ${form.name}`, () => {
    test("logs in its user, by any spelling of the name, and nobody else", async () => {
      const pipeline = await people.pipeline();
      assert.match(pipeline.secret, SECRET);
      for (const name of [pipeline.name, `${pipeline.name}@vsphere.local`]) {
        const client = await people.client(form, { ...pipeline, name });
        assert.equal((await client.done(form.getLogin())).user, `${pipeline.name}@vsphere.local`);
        const me = await new Client(api, server.url, client.loginId).done(ACCESS.whoami());
        assert.equal(me.token_id, pipeline.tokenId);
      }
      const other = await people.person();
      for (const name of [other.name, "administrator", "nobody"]) {
        const Authorization = basic(name, pipeline.secret);
        const reply = await ask(form, server.url, form.login(), { Authorization });
        assert.equal(reply.faultClass, "unauthenticated", name);
      }
    });

    test("does no more than it is cut down to, and no more than its user may", async () => {
      const [one, two, three] = [
        await makeLibrary(admin),
        await makeLibrary(admin),
        await makeLibrary(admin),
      ];
      const person = await people.person();
      await people.grant({ user: person.id }, "EDITOR", one);
      await people.grant({ user: person.id }, "VIEWER", two);
      const { token } = await people.token({
        user: person.id,
        grants: [
          { role: "VIEWER", library_id: one },
          { role: "ADMINISTRATOR", library_id: two },
          { role: "EDITOR", library_id: three },
        ],
      });
      const client = await people.client(form, { ...person, secret: token });
      const seen = await client.done(form.listLibraries());
      assert.deepEqual(seen.toSorted(), [one, two].toSorted());
      for (const library_id of [one, two])
        await client.refused(form.createItem({ library_id, name: "x" }), "unauthorized");
      await client.refused(form.createItem({ library_id: three, name: "x" }), "not_found");
      const whole = await people.client(form, person);
      await whole.done(form.createItem({ library_id: one, name: freshName("item") }));
      await people.grant({ user: person.id }, "ADMINISTRATOR", one);
      await client.refused(form.createItem({ library_id: one, name: "x" }), "unauthorized");
      await people.grant({ user: person.id }, "EDITOR", three);
      await client.done(form.createItem({ library_id: three, name: freshName("item") }));
    });

    test("is refused from the moment on at which it expires, and what is done with it ends", async () => {
      const clock = new ManualClock();
      const timed = await serverUnderTest({ clock });
      const theirs = await People.on(timed);
      const library = await makeLibrary(theirs.admin);
      const item = await makeItem(theirs.admin, { "a.txt": "a" }, library);
      const expires_time = new Date(clock.now() + LIFE_MS).toISOString();
      const pipeline = await theirs.pipeline({ expires_time });
      await theirs.grant({ user: pipeline.id }, "EDITOR", library);
      const client = await theirs.client(form, pipeline);
      const url = await downloadUrl(client, item, "a.txt");
      const session = await openSession(client, item);
      const uri = await addPush(client, session, "b.txt", { size: 10 });
      const upload = await heldUpload(client, session, "b.txt", uri, {
        first: "half ",
        sizeBytes: 10,
      });
      await clock.advance(LIFE_MS - 1);
      await client.done(form.keepAlive(session));
      await theirs.client(form, pipeline);
      await clock.advance(1);
      await client.refused(form.getSession(session), "unauthenticated");
      const Authorization = basic(pipeline.name, pipeline.secret);
      const again = await ask(form, timed.url, form.login(), { Authorization });
      assert.equal(again.faultClass, "unauthenticated");
      assert.equal((await exchange({ method: "GET", url })).status, 404);
      await clock.advance(DUTY_MS);
      const answer = await upload.answer;
      assert.ok(answer === null || answer.status >= 400, answer?.text);
      await eventually(
        async () => await theirs.activeSessions(pipeline),
        (active) => active.length === 0,
      );
      assert.deepEqual(await fileNames(theirs.admin, item), ["a.txt"]);
    });
  });
}

for (const form of HTTP_FORMS) {
  test(`a token comes by Bearer without a name, ${form.name}`, async () => {
    const pipeline = await people.pipeline();
    const headers = { Authorization: `Bearer ${pipeline.secret}` };
    const reply = await ask(form, server.url, form.login(), headers);
    assert.equal(reply.status, form.login().status, reply.text);
    const wrong = { Authorization: `Bearer ${"0".repeat(64)}` };
    assert.equal((await ask(form, server.url, form.login(), wrong)).faultClass, "unauthenticated");
  });
}

test("a token is told once: lists and whoami have its id and its name alone", async () => {
  const person = await people.person();
  const client = await people.client(api, person);
  const made = await client.done(ACCESS.createToken({ name: "nightly" }));
  const shown = [
    await client.ask(ACCESS.listTokens()),
    await admin.ask(ACCESS.listTokens(person.id)),
    await (await people.client(api, { ...person, secret: made.token })).ask(ACCESS.whoami()),
  ];
  for (const { text } of shown) {
    assert.ok(text.includes("nightly") && text.includes(made.token_id));
    assert.ok(!text.includes(made.token));
  }
  await client.refused(ACCESS.createToken({ name: "nightly" }), "already_exists");
});
