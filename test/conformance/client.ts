import assert from "node:assert/strict";
import type { Asking, Form } from "./forms.ts";
import { exchange, type Incoming } from "./http-exchange.ts";
import { checkPublished } from "./published-description.ts";
import { askRpc } from "./rpc-exchange.ts";

/** One message of an error's stack. */
export interface FaultMessage {
  readonly id: string;
  readonly default_message: string;
  readonly args: readonly string[];
}

/** A reply of the API, taken out of the form's envelope. */
export interface Reply extends Incoming {
  /** The status; of an error on JSON-RPC, which HTTP carries as a success, the status that /api gives its class. */
  readonly status: number;
  /** The result, or `undefined` where there is no body. */
  readonly value: unknown;
  /** The error's class as its last word spells it; null on success. */
  readonly faultClass: string | null;
  readonly messages: readonly FaultMessage[];
}

/** The statuses of the classes on /rest and /api; every other class is 400 on both. */
const STATUSES: Readonly<Record<string, readonly [rest: number, api: number]>> = {
  unauthenticated: [401, 401],
  unauthorized: [403, 403],
  not_found: [404, 404],
  operation_not_found: [404, 404],
  concurrent_change: [400, 409],
  error: [400, 500],
  resource_busy: [400, 500],
  resource_inaccessible: [400, 500],
  internal_server_error: [500, 500],
  service_unavailable: [503, 503],
};

/** What the success of a call answers. */
export type AnswerTo<Asked> = Asked extends Asking<infer Output> ? Output : never;

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The user every test logs in as. */
export const USER = "administrator";
export const PASSWORD = "correct horse battery staple";
export const BASIC = basic(USER, PASSWORD);

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** A client of one form, with a login of its own. Every reply is checked for what all replies owe. */
export class Client {
  readonly form: Form;
  readonly url: string;
  readonly loginId: string;

  constructor(form: Form, url: string, loginId: string) {
    this.form = form;
    this.url = url;
    this.loginId = loginId;
  }

  /** Asks, and answers whatever comes. Extra headers may replace the login. */
  ask(asking: Asking<unknown>, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return ask(this.form, this.url, asking, { "vmware-api-session-id": this.loginId, ...headers });
  }

  /** Asks for what must succeed, with the documented status. */
  async done<Asked extends Asking<unknown>>(asking: Asked): Promise<AnswerTo<Asked>> {
    const reply = await this.ask(asking);
    const told = `${asking.method} ${asking.path}: ${reply.status} ${reply.text}`;
    assert.equal(reply.status, asking.status, told);
    return reply.value as AnswerTo<Asked>;
  }

  /** Asks for what must be refused, with this class and the status it has on this form; answers the messages' texts. */
  async refused(asking: Asking<unknown>, faultClass: string): Promise<string> {
    const reply = await this.ask(asking);
    const told = `${asking.method} ${asking.path}: ${reply.status} ${reply.text}`;
    assert.equal(reply.faultClass, faultClass, told);
    assert.equal(reply.status, statusOf(this.form, faultClass), told);
    return reply.messages.map((message) => message.default_message).join("\n");
  }
}

export function statusOf(form: Form, faultClass: string): number {
  return STATUSES[faultClass]?.[form.name === "rest" ? 0 : 1] ?? 400;
}

/** Sends one call of the API and checks the reply against the published description, where that is here. */
export async function ask(
  form: Form,
  url: string,
  asking: Asking<unknown>,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  if (asking.rpc !== undefined) return readRpcReply(form, await askRpc(url, asking, headers));
  const { method, path, body } = asking;
  const answer = await exchange({
    method,
    url: `${url}${path}`,
    headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const reply = readReply(form, answer);
  assert.deepEqual(checkPublished(method, path, reply), [], `${method} ${path}: ${reply.text}`);
  return reply;
}

/** Takes a reply out of its envelope, and holds it to the rules of all replies. */
export function readReply(form: Form, answer: Incoming): Reply {
  if (answer.bytes.length === 0) {
    holdRequestId(answer);
    assert.equal(answer.headers["content-type"], undefined, "an empty reply has no type");
    assert.equal(answer.headers["content-length"], answer.status === 204 ? undefined : "0");
    return { ...answer, value: undefined, faultClass: null, messages: [] };
  }
  holdHead(answer);
  const body: unknown = JSON.parse(answer.text);
  if (answer.status >= 400) return readFault(form, answer, body);
  const value = form.name === "rest" ? onlyMember(body, "value") : body;
  checkInstants(value);
  return { ...answer, value, faultClass: null, messages: [] };
}

function holdRequestId({ headers }: Incoming): void {
  assert.match(String(headers["x-request-id"] ?? ""), /\S/, "every reply names its request");
}

/** What the head of every reply with a body owes. */
function holdHead(answer: Incoming): void {
  holdRequestId(answer);
  assert.equal(answer.headers["content-type"], "application/json");
  assert.equal(answer.headers["content-length"], String(answer.bytes.length));
}

function readFault(form: Form, answer: Incoming, body: unknown): Reply {
  const type = form.name === "rest" ? membersOf(body)["type"] : undefined;
  const error = membersOf(form.name === "rest" ? membersOf(body)["value"] : body);
  const faultClass = String(error["error_type"]).toLowerCase();
  if (form.name === "rest") assert.equal(type, `com.vmware.vapi.std.errors.${faultClass}`);
  return { ...answer, value: error, faultClass, messages: readMessages(error, answer) };
}

/** Holds a JSON-RPC reply to the rules that all replies have. */
function readRpcReply(form: Form, { answer, reply }: Awaited<ReturnType<typeof askRpc>>): Reply {
  holdHead(answer);
  if ("output" in reply) {
    checkInstants(reply.output);
    return { ...answer, value: reply.output, faultClass: null, messages: [] };
  }
  const { error, faultClass } = reply;
  const messages = readMessages(error, answer);
  return { ...answer, status: statusOf(form, faultClass), value: error, faultClass, messages };
}

function readMessages(
  error: Readonly<Record<string, unknown>>,
  answer: Incoming,
): readonly FaultMessage[] {
  const messages = error["messages"] as readonly FaultMessage[];
  assert.ok(Array.isArray(messages) && messages.length > 0, answer.text);
  for (const message of messages) {
    assert.match(message.id, /^[a-z]/);
    assert.ok(message.default_message.length > 0);
    assert.ok(message.args.every((arg: unknown) => typeof arg === "string"));
    assert.doesNotMatch(message.default_message, /\{\d\}/, "the arguments are filled in");
  }
  return messages;
}

export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  assert.ok(typeof value === "object" && value !== null && !Array.isArray(value), String(value));
  return value as Readonly<Record<string, unknown>>;
}

function onlyMember(body: unknown, name: string): unknown {
  assert.deepEqual(Object.keys(membersOf(body)), [name]);
  return membersOf(body)[name];
}

/** Every member that is a time by its name is one by its spelling; versions are decimal strings. */
function checkInstants(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (name.endsWith("_time")) assert.match(String(member), INSTANT, name);
    else if (/^(?:\w+_)?version$/.test(name)) assert.match(String(member), /^[1-9]\d*$/, name);
    else checkInstants(member);
  }
}
