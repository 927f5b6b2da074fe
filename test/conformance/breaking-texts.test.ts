// Texts that would break out of a header, forge a line of the log or steer the terminal of who reads it, wherever a client may put one.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ManualClock } from "@contentlib/server/adapters/clock/manual-clock";
import { PinoJournal } from "@contentlib/server/adapters/journal/pino-journal";
import { RawConnection } from "@contentlib/testkit/rigs/raw-connection";
import { ask, basic, type Client, type Reply } from "./client.ts";
import { downloadUrl, makeItem, makeLibrary, openSession } from "./content.ts";
import { api, type Asking, type Form, FORMS, HTTP_FORMS, rpc } from "./forms.ts";
import { exchange } from "./http-exchange.ts";
import { ACCESS } from "./people.ts";
import { askRpc } from "./rpc-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

/** What ends a line or a header, hides, overwrites, reverses or climbs; some are names all the same. */
const BREAKING: Readonly<Record<string, string>> = {
  "a header's end": "a\r\nX-Forged: 1",
  "a line's end": 'a\n{"level":"info","event":"forged"}',
  "a carriage return": "a\rforged",
  "a zero": "a\u0000b",
  "an escape": "\u001b[2J\u001b[1;1Hforged",
  "an escape of one character": "\u009b2Jforged",
  "a bell": "\u001b]0;forged\u0007",
  "a line's end of Unicode": "a\u2028forged",
  "a paragraph's end": "a\u2029forged",
  "the next line": "a\u0085forged",
  "writing from the right": "a\u202egpj.exe",
  "an isolate": "a\u2066b",
  "a byte order mark": "\ufeffa",
  "a climb": "../../../etc/passwd",
  "a climb in code": "..%2f..%2fetc%2fpasswd",
  "a climb in code twice": "%252e%252e%252f",
  "a climb on Windows": "..\\..\\windows\\system.ini",
  "an address": "//evil.example/x",
  markup: `"><script>alert(1)</script>`,
  "a quote": `a"; filename="b`,
  "a format": "%s%n%d{}${x}",
  SQL: "'; DROP TABLE items; --",
  "half a character": "\ud800",
  "very much": "x".repeat(100_000),
};

const REFUSED_CLASSES: readonly string[] = ["invalid_argument", "not_found", "already_exists"];

/** Headers that answers have. Anything else was put there by a client. */
const KNOWN_HEADER =
  /^(?:allow|cache-control|connection|content-(?:length|type)|date|keep-alive|retry-after|set-cookie|transfer-encoding|vapi-error|vmware-api-session-id|www-authenticate|x-request-id|contentlib-[a-z-]+)$/;

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const STEERING = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const lines: string[] = [];
const journal = new PinoJournal("debug", { write: (line: string) => lines.push(line) });
const server = await serverUnderTest({ journal });
/** Wrong names slow their whole address, so that there is a server of their own for them, where time passes at will. */
const clock = new ManualClock();
const guessed = await serverUnderTest({ journal, clock });
/** The longest wait that a wrong name leads to. */
const WAIT_MS_MAX = 60_000;

/** The answer is whole: no header that is not ours, none that holds what steers, and no failure of the server's own. */
function holdAnswer({ headers, status, text }: Reply, what: string): void {
  assert.notEqual(status, 500, `${what}: ${text}`);
  for (const [name, value] of Object.entries(headers)) {
    assert.match(name, KNOWN_HEADER, what);
    assert.doesNotMatch(String(value), STEERING, `${what}: ${name}`);
    assert.ok(!String(value).includes("forged"), `${what}: ${name}`);
  }
}

async function tell(client: Client, asking: Asking<unknown>, what: string): Promise<void> {
  const reply = await client.ask(asking);
  const isExpected = reply.faultClass === null || REFUSED_CLASSES.includes(reply.faultClass);
  assert.ok(isExpected, `${what}: ${reply.text.slice(0, 300)}`);
  holdAnswer(reply, what);
}

/** What the texts are put into. */
interface Places {
  readonly library: string;
  readonly item: string;
  readonly session: string;
}

async function makePlaces(client: Client): Promise<Places> {
  const library = await makeLibrary(client);
  const item = await makeItem(client, {}, library);
  return { library, item, session: await openSession(client, item) };
}

/** Every place of the API that takes a text, with the text in it. */
async function everywhere(
  client: Client,
  { library, item, session }: Places,
  text: string,
): Promise<readonly Asking<unknown>[]> {
  const { form } = client;
  const other = await makeItem(client, {}, library);
  const failed = await openSession(client, other);
  const inAddress = text.toWellFormed().slice(0, 2000);
  const inPath = encodeURIComponent(inAddress);
  return [
    form.createLibrary({ name: text, storage_backings: [{ type: "OTHER" }] }),
    form.createLibrary({ name: "x", description: text, storage_backings: [{ type: "OTHER" }] }),
    form.updateLocalLibrary(library, { name: text }),
    form.findLibraries({ name: text }),
    form.createItem({ library_id: library, name: text }),
    form.createItem({ library_id: library, name: "x", type: text, description: text }, inAddress),
    form.updateItem(item, { name: text, description: text, type: text }),
    form.findItems({ name: text }),
    form.addFile(session, { name: text, source_type: "PUSH" }),
    form.getFile(session, encodeURIComponent(text.toWellFormed().slice(0, 200))),
    form.failSession(failed, text),
    form.getItem(inPath),
    form.getSession(inPath),
  ];
}

/** Every place of accounts that takes a text. */
const ofAccounts = (text: string): readonly Asking<unknown>[] => {
  const inAddress = text.toWellFormed().slice(0, 2000);
  const inPath = encodeURIComponent(inAddress);
  return [
    ACCESS.createUser({ name: text, password: "a password that is long" }),
    ACCESS.createUser({ name: "x", description: text }),
    ACCESS.createGroup({ name: text }),
    ACCESS.createToken({ name: text }),
    ACCESS.getUser(inPath),
    ACCESS.deleteToken(inPath),
    ACCESS.listGrants(`?user=${inPath}`),
    ACCESS.whoami(inPath, inAddress),
  ];
};

/** A header's value as Node lets one be sent: what it would not send is for the raw connections. */
const asHeader = (text: string): string =>
  text.replaceAll(/[^\t\u0020-\u007e\u0080-\u00ff]/g, "").slice(0, 4000);

const HEADERS = [
  "User-Agent",
  "X-Forwarded-For",
  "X-Forwarded-Host",
  "X-Forwarded-Proto",
  "Forwarded",
  "X-Request-Id",
  "vapi-ctx-opid",
  "Accept-Language",
  "Referer",
] as const;

/** Each line of the log is one line and one object, and holds nothing that steers whoever reads it. */
function holdLog(): void {
  assert.ok(lines.length > 50, String(lines.length));
  for (const line of lines) {
    assert.ok(line.endsWith("}\n") && line.length < 20_000, line.slice(0, 300));
    assert.doesNotMatch(line.slice(0, -1), STEERING, line.slice(0, 300));
    const { event } = JSON.parse(line) as { readonly event: string };
    assert.notEqual(event, "forged");
    assert.notEqual(event, "request.failed", line.slice(0, 1000));
  }
}

for (const form of FORMS)
  describe(`texts that break out, ${form.name}`, () => {
    test("leave answers and log whole, wherever they are put", async () => {
      const client = await server.client(form);
      const places = await makePlaces(client);
      for (const [what, text] of Object.entries(BREAKING))
        for (const asking of await everywhere(client, places, text))
          await tell(client, asking, what);
      holdLog();
    });

    test("leave them whole in every header", async () => {
      const client = await server.client(form);
      for (const [what, text] of Object.entries(BREAKING))
        for (const name of HEADERS)
          holdAnswer(await client.ask(form.listLibraries(), { [name]: asHeader(text) }), what);
      holdLog();
    });

    test("leave them whole as the name of who logs in", async () => {
      for (const [what, text] of Object.entries(BREAKING)) {
        const Authorization = basic(text.replaceAll(":", "").slice(0, 9000), "a guess");
        await clock.advance(WAIT_MS_MAX);
        const reply = await ask(form, guessed.url, form.login(), { Authorization });
        assert.equal(reply.faultClass, "unauthenticated", what);
        holdAnswer(reply, what);
      }
      holdLog();
    });
  });

test("texts in names of users, groups and tokens leave answers and log whole", async () => {
  const client = await server.client(api);
  for (const [what, text] of Object.entries(BREAKING))
    for (const asking of ofAccounts(text)) await tell(client, asking, what);
  holdLog();
});

test("a name of JSON-RPC's own, the call's and the service's, breaks nothing either", async () => {
  const { loginId } = await server.client(rpc);
  for (const [what, text] of Object.entries(BREAKING)) {
    const asking = rpc.listLibraries();
    assert.ok(asking.rpc);
    const named = { ...asking, rpc: { ...asking.rpc, service: text, operation: text } };
    const headers = { "vmware-api-session-id": loginId, "vapi-ctx-opid": asHeader(text) };
    const own = { "vapi-service": asHeader(text), "vapi-operation": asHeader(text) };
    const body = await askRpc(server.url, named, { ...headers, ...own }).catch(String);
    assert.ok(typeof body === "string" || "error" in body.reply, what);
  }
  holdLog();
});

/** A request whose head holds the bytes as they are. */
const headWith = (form: Form, name: string, bytes: string): string =>
  `GET ${form.listLibraries().path} HTTP/1.1\r\nHost: x\r\n${name}: ${bytes}\r\nConnection: close\r\n\r\n`;

describe("heads that no library sends", () => {
  for (const form of HTTP_FORMS)
    test(`are refused or read as one head, and answered by one answer, ${form.name}`, async () => {
      const port = Number(new URL(server.url).port);
      for (const bytes of ["a\rb", "a\nb", "a\u0000b", "a\u001b[2J", "\u009b2J", "a\n X-Forged: 1"])
        for (const name of ["User-Agent", "Host", "vapi-ctx-opid", "vmware-api-session-id"]) {
          const connection = new RawConnection(port);
          await connection.send(Buffer.from(headWith(form, name, bytes), "latin1"));
          const answer = await connection.closed();
          assert.match(answer, /^HTTP\/1\.1 4\d\d /, JSON.stringify(bytes));
          assert.equal(answer.match(/^HTTP\/1\.1 \d/gm)?.length, 1);
          assert.doesNotMatch(answer, /forged/i);
        }
      holdLog();
    });

  test("two lengths, and a length beside chunks, are refused: nothing is smuggled behind another request", async () => {
    const port = Number(new URL(server.url).port);
    const hidden = "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const framing of [
      "Content-Length: 0\r\nContent-Length: 34",
      "Content-Length: 34\r\nTransfer-Encoding: chunked",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
      "Transfer-Encoding: xchunked",
      "Content-Length: +34",
      "Content-Length : 34",
    ]) {
      const connection = new RawConnection(port);
      const head = `POST /api HTTP/1.1\r\nHost: x\r\n${framing}\r\n\r\n`;
      await connection.send(`${head}0\r\n\r\n${hidden}`);
      const answer = await connection.closed();
      assert.ok(answer === "" || /^HTTP\/1\.1 4\d\d /.test(answer), `${framing}: ${answer}`);
      assert.doesNotMatch(answer, /"status":"ok"/, framing);
    }
  });
});

describe("names that climb", () => {
  test("lead out of nothing: no address of the server is one of a file on its disk", async () => {
    const client = await server.client(api);
    const url = await downloadUrl(client, await makeItem(client, { "a.txt": "a" }), "a.txt");
    for (const path of [
      "/../../../etc/passwd",
      "/docs/../../../etc/passwd",
      "/docs/%2e%2e/%2e%2e/package.json",
      "/docs/..%5c..%5cpackage.json",
      "/openapi/../keys/endpoint.key",
      "/cls/data/..%2f..%2f..%2fetc%2fpasswd/x",
      "//etc/passwd",
      "/%00/etc/passwd",
      "/.git/config",
      "/api/content/../../../etc/passwd",
    ]) {
      const answer = await exchange({ method: "GET", url: server.url + path });
      assert.ok([400, 401, 404].includes(answer.status), `${path}: ${answer.status}`);
      assert.doesNotMatch(answer.text, /root:|"name":|\[core\]/);
    }
    for (const name of ["../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "b.txt"])
      assert.equal(
        (await exchange({ method: "GET", url: url.replace(/[^/]*$/, name) })).text,
        "a",
        "the secret says which file it is, the name behind it is for people",
      );
  });
});
