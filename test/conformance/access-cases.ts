import { get, made, none, query } from "./http-asking.ts";
import type { CasesOf, World } from "./operation-case.ts";
import { invalid, MADE_UP, notFound, onApi, onApiWith, withoutLogin } from "./operation-case.ts";
import { freshName } from "./server-under-test.ts";

type Nouns =
  | "audit"
  | "grant"
  | "group"
  | "secret"
  | "sessionOverview"
  | "token"
  | "user"
  | "whoami";

const A = "/api/contentlib";

const makeUser = async ({ client }: World): Promise<string> =>
  (await client.done(made(`${A}/users`, { name: freshName("user") }))) as string;

const makeGroup = async ({ client }: World): Promise<string> =>
  (await client.done(made(`${A}/groups`, { name: freshName("group") }))) as string;

const makeToken = async ({ client }: World): Promise<string> => {
  const token = (await client.done(made(`${A}/tokens`, { name: freshName("token") }))) as {
    readonly token_id: string;
  };
  return token.token_id;
};

const makeGrant = async (world: World): Promise<string> => {
  const spec = { user: await makeUser(world), role: "VIEWER", library_id: world.library };
  return (await world.client.done(made(`${A}/grants`, spec))) as string;
};

const aSecret = (origin: string) => ({ name: freshName("secret"), origin, password: "sesame" });

const makeSecret = async ({ client }: World): Promise<string> => {
  const spec = aSecret("https://files.example");
  await client.done(none("POST", `${A}/secrets`, spec));
  return spec.name;
};

/** The operations of accounts and rights. */
export const ACCESS_CASES: CasesOf<Nouns> = {
  "user.create": {
    real: (world) => onApi(world, made(`${A}/users`, { name: freshName("user") })),
    madeUp: (world) => invalid(onApi(world, made(`${A}/users`, { name: "no name" }))),
  },
  "user.list": {
    real: (world) => onApi(world, get(`${A}/users`)),
    madeUp: (world) => withoutLogin(onApi(world, get(`${A}/users`))),
  },
  "user.get": {
    real: (world) => onApi(world, get(`${A}/users/administrator`)),
    madeUp: (world) => notFound(onApi(world, get(`${A}/users/${MADE_UP}`))),
  },
  "user.update": {
    real: (world) =>
      onApiWith(world, makeUser, (id) => none("PATCH", `${A}/users/${id}`, { disabled: true })),
    madeUp: (world) => notFound(onApi(world, none("PATCH", `${A}/users/${MADE_UP}`, {}))),
  },
  "user.delete": {
    real: (world) => onApiWith(world, makeUser, (id) => none("DELETE", `${A}/users/${id}`)),
    madeUp: (world) => notFound(onApi(world, none("DELETE", `${A}/users/${MADE_UP}`))),
  },
  "group.create": {
    real: (world) =>
      onApi(world, made(`${A}/groups`, { name: freshName("group"), members: ["administrator"] })),
    madeUp: (world) =>
      notFound(onApi(world, made(`${A}/groups`, { name: freshName("group"), members: [MADE_UP] }))),
  },
  "group.list": {
    real: (world) => onApi(world, get(`${A}/groups`)),
    madeUp: (world) => withoutLogin(onApi(world, get(`${A}/groups`))),
  },
  "group.get": {
    real: (world) => onApiWith(world, makeGroup, (id) => get(`${A}/groups/${id}`)),
    madeUp: (world) => notFound(onApi(world, get(`${A}/groups/${MADE_UP}`))),
  },
  "group.update": {
    real: (world) =>
      onApiWith(world, makeGroup, (id) => none("PATCH", `${A}/groups/${id}`, { description: "d" })),
    madeUp: (world) => notFound(onApi(world, none("PATCH", `${A}/groups/${MADE_UP}`, {}))),
  },
  "group.delete": {
    real: (world) => onApiWith(world, makeGroup, (id) => none("DELETE", `${A}/groups/${id}`)),
    madeUp: (world) => notFound(onApi(world, none("DELETE", `${A}/groups/${MADE_UP}`))),
  },
  "token.create": {
    real: (world) => onApi(world, made(`${A}/tokens`, { name: freshName("token") })),
    madeUp: (world) => notFound(onApi(world, made(`${A}/tokens`, { name: "x", user: MADE_UP }))),
  },
  "token.list": {
    real: (world) => onApi(world, get(`${A}/tokens`)),
    madeUp: (world) => notFound(onApi(world, get(`${A}/tokens${query("user", MADE_UP)}`))),
  },
  "token.delete": {
    real: (world) => onApiWith(world, makeToken, (id) => none("DELETE", `${A}/tokens/${id}`)),
    madeUp: (world) => notFound(onApi(world, none("DELETE", `${A}/tokens/${MADE_UP}`))),
  },
  "grant.create": {
    real: (world) =>
      onApiWith(world, makeUser, (user) => made(`${A}/grants`, { user, role: "EDITOR" })),
    madeUp: (world) =>
      notFound(onApi(world, made(`${A}/grants`, { user: MADE_UP, role: "EDITOR" }))),
  },
  "grant.list": {
    real: (world) => onApi(world, get(`${A}/grants${query("library_id", world.library)}`)),
    madeUp: (world) => notFound(onApi(world, get(`${A}/grants${query("library_id", MADE_UP)}`))),
  },
  "grant.delete": {
    real: (world) => onApiWith(world, makeGrant, (id) => none("DELETE", `${A}/grants/${id}`)),
    madeUp: (world) => notFound(onApi(world, none("DELETE", `${A}/grants/${MADE_UP}`))),
  },
  "whoami.get": {
    real: (world) => onApi(world, get(`${A}/whoami?can=item.get&on=${world.item}`)),
    madeUp: (world) => invalid(onApi(world, get(`${A}/whoami${query("can", "item.destroy")}`))),
  },
  "audit.list": {
    real: (world) => onApi(world, get(`${A}/audit?object_id=${world.item}&limit=1`)),
    madeUp: (world) => invalid(onApi(world, get(`${A}/audit?operation=item.destroy`))),
  },
  "secret.set": {
    real: (world) => onApi(world, none("POST", `${A}/secrets`, aSecret("http://files.example:81"))),
    madeUp: (world) => invalid(onApi(world, none("POST", `${A}/secrets`, aSecret("nowhere")))),
  },
  "secret.list": {
    real: (world) => onApi(world, get(`${A}/secrets`)),
    madeUp: (world) => withoutLogin(onApi(world, get(`${A}/secrets`))),
  },
  "secret.delete": {
    real: (world) => onApiWith(world, makeSecret, (name) => none("DELETE", `${A}/secrets/${name}`)),
    madeUp: (world) => notFound(onApi(world, none("DELETE", `${A}/secrets/${MADE_UP}`))),
  },
  "sessionOverview.list": {
    real: (world) => onApi(world, get(`${A}/sessions?state=ACTIVE`)),
    madeUp: (world) => invalid(onApi(world, get(`${A}/sessions?state=SLEEPING`))),
  },
};
