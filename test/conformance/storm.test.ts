// Many clients at once, each doing what comes to its mind: whatever the order, no call fails for reasons of the server's own, and
// what is there in the end is what the sessions that are DONE brought.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Client } from "./client.ts";
import { contentVersion, downloadUrl, makeItem, makeLibrary, read, send } from "./content.ts";
import { FORMS, rest } from "./forms.ts";
import { serverUnderTest } from "./server-under-test.ts";

const CLIENTS = 8;
const ROUNDS = 25;
const NAMES = ["a.txt", "b.txt", "c.txt"];
const EXPECTED = ["resource_busy", "not_allowed_in_current_state", "not_found", "invalid_argument"];

const server = await serverUnderTest();

/** The same numbers in each run, so that a failure can be looked at again. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** One client's own will; sessions are everybody's, so that they get in each other's way. */
class Wanderer {
  readonly #client: Client;
  readonly #items: readonly string[];
  readonly #sessions: string[];
  readonly #pick: (below: number) => number;

  constructor(client: Client, items: readonly string[], sessions: string[], seed: number) {
    this.#client = client;
    this.#items = items;
    this.#sessions = sessions;
    this.#pick = numbersFrom(seed);
  }

  async wander(): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) await this.#step();
  }

  async #step(): Promise<void> {
    const { form } = this.#client;
    const session = this.#oneOf(this.#sessions);
    const name = this.#oneOf(NAMES) ?? "";
    if (session === undefined || this.#pick(4) === 0) return await this.#open();
    switch (this.#pick(8)) {
      case 0:
      case 1:
      case 2:
        return await this.#push(session, name);
      case 3:
        return await this.#try(form.removeFile(session, name));
      case 4:
        return await this.#try(form.cancelSession(session));
      case 5:
        return await this.#try(form.keepAlive(session, { client_progress: this.#pick(101) }));
      default:
        return await this.#try(form.completeSession(session));
    }
  }

  async #open(): Promise<void> {
    const { form } = this.#client;
    const reply = await this.#client.ask(
      form.createSession({ library_item_id: this.#oneOf(this.#items) }),
    );
    if (reply.faultClass === null) this.#sessions.push(String(reply.value));
    else assert.equal(reply.faultClass, "resource_busy", reply.text);
  }

  async #push(session: string, name: string): Promise<void> {
    const { form } = this.#client;
    const reply = await this.#client.ask(form.addFile(session, { name, source_type: "PUSH" }));
    if (reply.faultClass !== null)
      return assert.ok(EXPECTED.includes(reply.faultClass), reply.text);
    const { upload_endpoint } = reply.value as { upload_endpoint: { uri: string } };
    const sent = await send(
      upload_endpoint.uri,
      `bytes ${this.#pick(5)}`.repeat(this.#pick(20_000)),
    ).catch(() => null);
    assert.ok(sent === null || [200, 404, 409].includes(sent.status), sent?.text);
  }

  async #try(asking: Parameters<Client["ask"]>[0]): Promise<void> {
    const { status, faultClass, text } = await this.#client.ask(asking);
    assert.ok(
      status === asking.status || EXPECTED.includes(faultClass ?? ""),
      `${asking.path}: ${text}`,
    );
  }

  #oneOf<Choice>(choices: readonly Choice[]): Choice | undefined {
    return choices[this.#pick(choices.length)];
  }
}

test("after a storm every item is what its DONE sessions made of it, and can be read", async () => {
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, (_, index) =>
      server.client(FORMS[index % FORMS.length] ?? rest),
    ),
  );
  const client = await server.client(rest);
  const { form } = client;
  const library = await makeLibrary(client);
  const items = [await makeItem(client, {}, library), await makeItem(client, {}, library)];
  const sessions: string[] = [];
  await Promise.all(
    clients.map((each, seed) => new Wanderer(each, items, sessions, seed + 1).wander()),
  );
  let completed = 0;
  for (const item of items) {
    const shown = await Promise.all(
      (await client.done(form.listSessions(item))).map((id) => client.done(form.getSession(id))),
    );
    assert.ok(shown.filter((session) => session.state === "ACTIVE").length <= 1);
    const done = shown.filter((session) => session.state === "DONE");
    completed += done.length;
    const version = await contentVersion(client, item);
    assert.ok(version - 1 <= done.length, `version ${version} after ${done.length} sessions`);
    const files = await client.done(form.listItemFiles(item));
    assert.equal(new Set(files.map((file) => file.name)).size, files.length);
    for (const file of files) {
      assert.equal((await read(await downloadUrl(client, item, file.name))).length, file.size);
    }
  }
  assert.ok(completed > 0, "some sessions were completed");
});
