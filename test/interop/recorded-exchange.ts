import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { matchShape } from "./match-shape.ts";

/** Who sends a request: the login, the call right after it, any later call, or the program around the library. */
export type Sender = "login" | "first" | "session" | "caller";

/** How one version of a library that can not be run here writes its requests. */
export interface Gem {
  readonly client: string;
  /** What it puts behind a path that has no query. */
  readonly end: string;
  /** The headers it sends, in this order. */
  readonly headers: Readonly<Record<Sender, Readonly<Record<string, string>>>>;
  /** Where it finds what it keeps of the reply to the login. */
  readonly keep: Readonly<Record<string, string>>;
}

/** One request and its reply. Texts may name what was kept before as `{name}`. */
export interface Exchange {
  readonly what: string;
  readonly send: {
    readonly method: string;
    /** The request target; of a URL that the server gave, its path is taken. */
    readonly path: string;
    readonly as?: Sender;
    /** Sent as JSON, an empty text as it is; without one there is no `Content-Length` either. */
    readonly body?: unknown;
    /** Sent as it is. */
    readonly text?: string;
  };
  readonly expect: {
    /** 200 unless told. */
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    /** The shape of the JSON body; null for none at all. */
    readonly body?: unknown;
    /** The body to the letter. */
    readonly text?: string;
  };
  /** What to keep: `body` and the members that lead there, `header NAME`, or `cookie NAME`. */
  readonly keep?: Readonly<Record<string, string>>;
}

interface Reply {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

/** Plays the library's part of the exchanges against a server, one at a time. */
export class Replay {
  readonly #gem: Gem;
  readonly #address: URL;
  readonly #kept: Map<string, string>;

  constructor(gem: Gem, url: string, given: Readonly<Record<string, string>>) {
    this.#gem = gem;
    this.#address = new URL(url);
    this.#kept = new Map([
      ["host", this.#address.host],
      ["end", gem.end],
      ...Object.entries(given),
    ]);
  }

  /** Sends the request byte for byte, and fails unless the reply is what the library relies on. */
  async play({ send, expect, keep = {} }: Exchange): Promise<void> {
    const reply = await this.#send(this.#requestText(send));
    assert.equal(reply.status, expect.status ?? 200, reply.text);
    for (const [name, shape] of Object.entries(expect.headers ?? {})) {
      matchShape(reply.headers.get(name), shape, `the header ${name}`);
    }
    if (expect.text === undefined) this.#matchBody(reply, expect.body);
    else assert.equal(reply.text, expect.text);
    const sources = send.as === "login" ? this.#gem.keep : keep;
    for (const [name, source] of Object.entries(sources)) {
      this.#kept.set(name, valueAt(reply, source));
    }
  }

  /** It parses whatever comes as JSON, and asks of nothing that it is empty: no body has no type, and a body has just this. */
  #matchBody({ headers, text }: Reply, shape: unknown): void {
    if (shape === null) {
      assert.deepEqual([text, headers.get("content-type")], ["", undefined]);
      return;
    }
    assert.equal(headers.get("content-type"), "application/json");
    const body = JSON.parse(text) as object;
    const envelope = Object.keys(this.#fill(shape) as object);
    assert.deepEqual(Object.keys(body).toSorted(), envelope.toSorted(), "the envelope");
    matchShape(body, this.#fill(shape), "body");
  }

  #requestText({ method, path, as = "session", body, text }: Exchange["send"]): string {
    const target = String(this.#fill(path)).replace(this.#address.origin, "");
    const content = text ?? contentOf(this.#fill(body));
    const head = Object.entries({
      ...this.#gem.headers[as],
      ...(content === undefined ? {} : { "Content-Length": String(Buffer.byteLength(content)) }),
    }).map(([name, value]) => `${name}: ${String(this.#fill(value))}\r\n`);
    return `${method} ${target} HTTP/1.1\r\n${head.join("")}\r\n${content ?? ""}`;
  }

  /** The value with what was kept in the place of its names. */
  #fill(value: unknown): unknown {
    if (typeof value === "string") {
      return value.replaceAll(/\{(\w+)\}/g, (whole, name: string) => this.#kept.get(name) ?? whole);
    }
    if (Array.isArray(value)) return value.map((element) => this.#fill(element));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, this.#fill(member)]),
    );
  }

  async #send(text: string): Promise<Reply> {
    const socket = connect(Number(this.#address.port), this.#address.hostname);
    await once(socket, "connect");
    socket.write(text);
    const reply = await readReply(socket);
    socket.destroy();
    return reply;
  }
}

function contentOf(body: unknown): string | undefined {
  return body === undefined || typeof body === "string" ? body : JSON.stringify(body);
}

async function readReply(socket: NodeJS.ReadableStream): Promise<Reply> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk as Buffer]);
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const [line = "", ...rest] = bytes.subarray(0, end).toString("latin1").split("\r\n");
    const headers = new Map(rest.map(headerOf));
    const content = bytes.subarray(end + 4);
    const length = Number(headers.get("content-length") ?? Number.POSITIVE_INFINITY);
    if (content.length < length) continue;
    assert.equal(content.length, length, "nothing comes behind a reply");
    return { status: Number(line.split(" ")[1]), headers, text: content.toString("utf8") };
  }
  throw new Error(`the connection ended within a reply: ${bytes.toString("utf8")}`);
}

function headerOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function valueAt(reply: Reply, source: string): string {
  const [kind = "", path = ""] = source.split(" ");
  if (kind === "header") return reply.headers.get(path) ?? "";
  // Word characters, as the library takes them: an id with anything else in it would come out cut.
  if (kind === "cookie") {
    const cookie = reply.headers.get("set-cookie") ?? "";
    return new RegExp(`${path}=(\\w+)`).exec(cookie)?.[1] ?? "";
  }
  let found: unknown = JSON.parse(reply.text);
  for (const name of path.split(".")) found = (found as Record<string, unknown>)[name];
  return String(found);
}
