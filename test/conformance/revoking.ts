import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { ACCESS, type People, type Person } from "./people.ts";
import { freshName } from "./server-under-test.ts";

/** Somebody who may edit in a library, and how that is taken from him. */
export interface Revocable {
  readonly person: Person;
  revoke(): Promise<void>;
}

/** What comes of his calls afterwards: his login is dead, he sees nothing any more, or he still sees. */
export type Aftermath = "unauthenticated" | "not_found" | "unauthorized";

/** A way in which a right is taken away. */
export interface RevokingWay {
  readonly name: string;
  readonly after: Aftermath;
  arrange(people: People, library: string): Promise<Revocable>;
}

const withToken =
  (
    revoke: (
      people: People,
      made: { readonly id: string; readonly tokenId: string },
    ) => Promise<void>,
  ) =>
  async (people: People, library: string): Promise<Revocable> => {
    const person = await people.pipeline();
    await people.grant({ user: person.id }, "EDITOR", library);
    return { person, revoke: async () => await revoke(people, person) };
  };

const withGroup =
  (revoke: (people: People, group: string) => Promise<void>) =>
  async (people: People, library: string): Promise<Revocable> => {
    const person = await people.pipeline();
    const group = await people.admin.done(
      ACCESS.createGroup({ name: freshName("group"), members: [person.id] }),
    );
    await people.grant({ group }, "EDITOR", library);
    return { person, revoke: async () => await revoke(people, group) };
  };

/** All ways, each for an editor of the library who came by a token. */
export const REVOKING_WAYS: readonly RevokingWay[] = [
  {
    name: "revoking the token",
    after: "unauthenticated",
    arrange: withToken(
      async ({ admin }, { tokenId }) => await admin.done(ACCESS.deleteToken(tokenId)),
    ),
  },
  {
    name: "disabling the account",
    after: "unauthenticated",
    arrange: withToken(
      async ({ admin }, { id }) => await admin.done(ACCESS.updateUser(id, { disabled: true })),
    ),
  },
  {
    name: "deleting the account",
    after: "unauthenticated",
    arrange: withToken(async ({ admin }, { id }) => await admin.done(ACCESS.deleteUser(id))),
  },
  {
    name: "cutting the token down to seeing",
    after: "unauthorized",
    arrange: async (people, library) => {
      const person = await people.pipeline();
      await people.grant({ user: person.id }, "EDITOR", library);
      const subject = { token_id: person.tokenId };
      return {
        person,
        revoke: async () => void (await people.grant(subject, "VIEWER", library)),
      };
    },
  },
  {
    name: "taking the grant away",
    after: "not_found",
    arrange: async (people, library) => {
      const person = await people.pipeline();
      const grant = await people.grant({ user: person.id }, "EDITOR", library);
      return { person, revoke: async () => await people.ungrant(grant) };
    },
  },
  {
    name: "taking the higher of two grants away",
    after: "unauthorized",
    arrange: async (people, library) => {
      const person = await people.pipeline();
      await people.grant({ user: person.id }, "VIEWER");
      const grant = await people.grant({ user: person.id }, "EDITOR", library);
      return { person, revoke: async () => await people.ungrant(grant) };
    },
  },
  {
    name: "leaving the group",
    after: "not_found",
    arrange: withGroup(
      async ({ admin }, group) => await admin.done(ACCESS.updateGroup(group, { members: [] })),
    ),
  },
  {
    name: "deleting the group",
    after: "not_found",
    arrange: withGroup(async ({ admin }, group) => await admin.done(ACCESS.deleteGroup(group))),
  },
];

/** Turns of the event loop in which what has already come over a socket is seen. */
const TURNS_MAX = 50;

/** The value of what is over, or as good as over: nothing is waited for but what has come already. */
export async function settledNow<Value>(work: Promise<Value>): Promise<Value> {
  let settled: { readonly value: Value } | undefined;
  void work.then((value) => (settled = { value }));
  for (let turns = 0; settled === undefined && turns < TURNS_MAX; turns += 1) await turn();
  assert.ok(settled, "it is over");
  return settled.value;
}
