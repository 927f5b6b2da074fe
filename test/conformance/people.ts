import type { CallerInfo, GrantInfo, NewToken, SessionOverview } from "@contentlib/contract";
import { basic, type Client, type Reply } from "./client.ts";
import { api, type Asking, type Form } from "./forms.ts";
import { get, made, none, query } from "./http-asking.ts";
import { freshName, type ServerUnderTest } from "./server-under-test.ts";

export type RoleName = "VIEWER" | "EDITOR" | "ADMINISTRATOR";

const A = "/api/contentlib";

/** Somebody beside the administrator, who logs in by a password or a token. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** The password, or a token in its place. */
  readonly secret: string;
}

/** Whom a grant is for. */
export interface GrantSubject {
  readonly user?: string;
  readonly group?: string;
  readonly token_id?: string;
}

/** What a token is made of. */
export interface TokenWish {
  readonly user?: string;
  readonly name?: string;
  readonly expires_time?: string;
  readonly grants?: readonly { readonly role: RoleName; readonly library_id?: string }[];
}

const asked = <Output>(asking: Asking<unknown>): Asking<Output> => asking as Asking<Output>;

/** The calls of accounts and rights. */
export const ACCESS = {
  createUser: (spec: object) => asked<string>(made(`${A}/users`, spec)),
  getUser: (user: string) => asked<object>(get(`${A}/users/${user}`)),
  updateUser: (user: string, spec: object) =>
    asked<void>(none("PATCH", `${A}/users/${user}`, spec)),
  deleteUser: (user: string) => asked<void>(none("DELETE", `${A}/users/${user}`)),
  createGroup: (spec: object) => asked<string>(made(`${A}/groups`, spec)),
  updateGroup: (group: string, spec: object) =>
    asked<void>(none("PATCH", `${A}/groups/${group}`, spec)),
  deleteGroup: (group: string) => asked<void>(none("DELETE", `${A}/groups/${group}`)),
  createToken: (spec: TokenWish) => asked<NewToken>(made(`${A}/tokens`, spec)),
  listTokens: (user?: string) => asked<object[]>(get(`${A}/tokens${query("user", user)}`)),
  deleteToken: (id: string) => asked<void>(none("DELETE", `${A}/tokens/${id}`)),
  createGrant: (spec: GrantSubject & { readonly role: RoleName; readonly library_id?: string }) =>
    asked<string>(made(`${A}/grants`, spec)),
  listGrants: (search = "") => asked<GrantInfo[]>(get(`${A}/grants${search}`)),
  deleteGrant: (id: string) => asked<void>(none("DELETE", `${A}/grants/${id}`)),
  whoami: (can?: string, on?: string) =>
    asked<CallerInfo>(
      get(
        can === undefined
          ? `${A}/whoami`
          : `${A}/whoami?can=${can}${on === undefined ? "" : `&on=${encodeURIComponent(on)}`}`,
      ),
    ),
  listAllSessions: (state?: string) =>
    asked<SessionOverview[]>(get(`${A}/sessions${query("state", state)}`)),
} as const;

/** The people of a server, made and given their rights by its administrator. */
export class People {
  readonly admin: Client;
  readonly #server: ServerUnderTest;

  constructor(server: ServerUnderTest, admin: Client) {
    this.#server = server;
    this.admin = admin;
  }

  static async on(server: ServerUnderTest): Promise<People> {
    return new People(server, await server.client(api));
  }

  /** Somebody to whom nothing is granted. */
  async person(stem = "person"): Promise<Person> {
    const name = freshName(stem);
    const secret = `the secret of ${name}`;
    const id = await this.admin.done(ACCESS.createUser({ name, password: secret }));
    return { id, name, secret };
  }

  /** A pipeline: it has no password and comes by a token. Answers the token beside it. */
  async pipeline(wish: TokenWish = {}): Promise<Person & { readonly tokenId: string }> {
    const name = freshName("pipeline");
    const id = await this.admin.done(ACCESS.createUser({ name }));
    const { token, token_id } = await this.token({ ...wish, user: id });
    return { id, name, secret: token, tokenId: token_id };
  }

  async token(wish: TokenWish): Promise<NewToken> {
    return await this.admin.done(ACCESS.createToken({ name: freshName("token"), ...wish }));
  }

  /** Answers the id of the grant. */
  async grant(subject: GrantSubject, role: RoleName, library_id?: string): Promise<string> {
    const on = library_id === undefined ? {} : { library_id };
    return await this.admin.done(ACCESS.createGrant({ ...subject, role, ...on }));
  }

  async ungrant(id: string): Promise<void> {
    await this.admin.done(ACCESS.deleteGrant(id));
  }

  /** A new login of the person. */
  async client(form: Form, { name, secret }: Person): Promise<Client> {
    return await this.#server.client(form, basic(name, secret));
  }

  /** The sessions of that person that are ACTIVE. */
  async activeSessions({ id }: Pick<Person, "id">): Promise<readonly SessionOverview[]> {
    const all = await this.admin.done(ACCESS.listAllSessions("ACTIVE"));
    return all.filter(({ user_id }) => user_id === id);
  }
}

/** The texts of an error's messages. */
export const textOf = ({ messages }: Reply): string =>
  messages.map(({ default_message }) => default_message).join("\n");
