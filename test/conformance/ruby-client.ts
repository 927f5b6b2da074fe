import assert from "node:assert/strict";
import { BASIC, membersOf } from "./client.ts";
import { exchange, type Incoming } from "./http-exchange.ts";

/** What one call of the gem leads to. */
export interface RubyAnswer extends Incoming {
  /** The parsed body; the gem answers nil for a call without a result. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

const SERVICE = "/rest/com/vmware/content/library/item/update-session";

/**
 * Sends what the Ruby gem sends: a login whose cookie goes back whole, attributes included, `Content-Type: application/json` on
 * every call whether or not it has a body, a question mark behind every path, and actions as `~action`.
 */
export class RubyClient {
  readonly #url: string;
  readonly #cookie: string;

  constructor(url: string, cookie: string) {
    this.#url = url;
    this.#cookie = cookie;
  }

  static async login(url: string): Promise<RubyClient> {
    const answer = await exchange({
      method: "POST",
      url: `${url}/rest/com/vmware/cis/session?`,
      headers: {
        Authorization: BASIC,
        "vmware-use-header-authn": "",
        "Content-Type": "application/json",
      },
    });
    const [cookie = ""] = answer.headers["set-cookie"] ?? [];
    assert.match(cookie, /vmware-api-session-id=(\w+)/);
    return new RubyClient(url, cookie);
  }

  create(spec: object, token?: string): Promise<RubyAnswer> {
    return this.call("POST", SERVICE, {
      create_spec: spec,
      ...(token === undefined ? {} : { client_token: token }),
    });
  }

  list(itemId?: string): Promise<RubyAnswer> {
    return this.call("GET", SERVICE + (itemId === undefined ? "" : `?library_item_id=${itemId}`));
  }

  get(id: string): Promise<RubyAnswer> {
    return this.call("GET", `${SERVICE}/id:${id}`);
  }

  update(id: string, spec: object): Promise<RubyAnswer> {
    return this.call("PATCH", `${SERVICE}/id:${id}`, { update_spec: spec });
  }

  keepAlive(id: string, options?: object): Promise<RubyAnswer> {
    return this.call("POST", `${SERVICE}/id:${id}?~action=keep-alive`, options);
  }

  cancel(id: string): Promise<RubyAnswer> {
    return this.call("POST", `${SERVICE}/id:${id}?~action=cancel`);
  }

  complete(id: string): Promise<RubyAnswer> {
    return this.call("POST", `${SERVICE}/id:${id}?~action=complete`);
  }

  fail(id: string, client_error_message: string): Promise<RubyAnswer> {
    return this.call("POST", `${SERVICE}/id:${id}?~action=fail`, { client_error_message });
  }

  delete(id: string): Promise<RubyAnswer> {
    return this.call("DELETE", `${SERVICE}/id:${id}`);
  }

  /** The id of a new session on the item. */
  async created(itemId: string): Promise<string> {
    const answer = await this.create({ library_item_id: itemId });
    assert.equal(answer.status, 200, answer.text);
    return String(answer.body?.["value"]);
  }

  /** The session as get shows it. */
  async shown(id: string): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.get(id);
    assert.equal(answer.status, 200, answer.text);
    return membersOf(answer.body?.["value"]);
  }

  async call(method: string, path: string, body?: object): Promise<RubyAnswer> {
    const answer = await exchange({
      method,
      url: `${this.#url}${path}${path.includes("?") ? "" : "?"}`,
      headers: { "Content-Type": "application/json", Accept: "*/*", Cookie: this.#cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const parsed =
      answer.bytes.length === 0 ? null : (JSON.parse(answer.text) as RubyAnswer["body"]);
    return { ...answer, body: parsed };
  }
}

/** What the page calls "nil (empty response body)". */
export function isNil(answer: RubyAnswer): void {
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body, null);
  assert.equal(answer.headers["content-type"], undefined);
}

/** Refused with this class, as the gem tells them apart. */
export function isRefused(answer: RubyAnswer, errorClass: string, status = 400): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body?.["type"], `com.vmware.vapi.std.errors.${errorClass}`);
}
