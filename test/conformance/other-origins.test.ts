// Pages of other origins: those on the list may call and read, with what they show of themselves; no other may, and none by the cookie.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask } from "./client.ts";
import { addPush, downloadUrl, makeItem, makeLibrary, openSession } from "./content.ts";
import { api, type Form, FORMS, HTTP_FORMS } from "./forms.ts";
import { exchange, type Incoming } from "./http-exchange.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const LISTED = "https://ci.example";
const STRANGERS = [
  "https://ci.example.evil",
  "https://evil-ci.example",
  "https://evil.example/https://ci.example",
  "http://ci.example",
  "https://ci.example:8443",
  "https://CI.example.",
  "https://user@ci.example",
  "https://ci.example, https://evil.example",
  "null",
  "*",
  "file://",
];

const server = await serverUnderTest({ corsOrigins: [LISTED] });

const leaveIn = ({ headers }: Pick<Incoming, "headers">) =>
  Object.keys(headers).filter((name) => name.startsWith("access-control-"));

/** The question a browser asks before it sends what no form could send. */
const preflight = async (path: string, origin: string): Promise<Incoming> =>
  await exchange({
    method: "OPTIONS",
    url: server.url + path,
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": "PATCH",
      "Access-Control-Request-Headers": "content-type,vmware-api-session-id",
    },
  });

const pathsOf = (form: Form): readonly string[] => [
  form.login().path,
  form.listLibraries().path,
  form.createItem({}).path,
];

for (const form of FORMS)
  describe(`pages of other origins, ${form.name}`, () => {
    test("that are not on the list get no leave and no answer that they could read", async () => {
      const client = await server.client(form);
      for (const origin of STRANGERS) {
        const reply = await client.ask(form.listLibraries(), { Origin: origin });
        assert.equal(reply.status, 200);
        assert.deepEqual(leaveIn(reply), [], origin);
        assert.match(String(reply.headers.vary), /origin/i, "no cache hands it to another");
        for (const path of pathsOf(form))
          assert.deepEqual(leaveIn(await preflight(path, origin)), [], `${origin} ${path}`);
      }
    });

    test("that are get leave by name, never for all, and never with what a browser adds by itself", async () => {
      const client = await server.client(form);
      const answers = [
        await client.ask(form.listLibraries(), { Origin: LISTED }),
        await ask(form, server.url, form.listLibraries(), { Origin: LISTED }),
        ...(await Promise.all(pathsOf(form).map((path) => preflight(path, LISTED)))),
      ];
      for (const { headers } of answers) {
        assert.equal(headers["access-control-allow-origin"], LISTED);
        assert.equal(headers["access-control-allow-credentials"], undefined);
        assert.match(String(headers.vary), /origin/i);
      }
    });
  });

for (const form of HTTP_FORMS)
  test(`the cookie is no login for a page on the list, ${form.name}`, async () => {
    const { loginId } = await server.client(form);
    const library_id = await makeLibrary(await server.client(form));
    const asking = form.createItem({ library_id, name: freshName("item") });
    const headers = { Origin: LISTED, "Sec-Fetch-Site": "cross-site" };
    const cookie = { Cookie: `vmware-api-session-id=${loginId}` };
    const byCookie = await ask(form, server.url, asking, { ...headers, ...cookie });
    assert.equal(byCookie.messages[0]?.id, "contentlib.login.cross_site");
    const byHeader = { ...headers, "vmware-api-session-id": loginId };
    assert.equal((await ask(form, server.url, asking, byHeader)).faultClass, null);
  });

test("addresses for bytes are held to the list as well", async () => {
  const client = await server.client(api);
  const down = await downloadUrl(client, await makeItem(client, { "a.txt": "a" }), "a.txt");
  const up = await addPush(client, await openSession(client), "a.txt");
  for (const [method, url] of [
    ["GET", down],
    ["HEAD", down],
    ["PUT", up],
    ["GET", `${server.url}/cls/data/none/x`],
  ] as const) {
    const from = async (origin: string) =>
      await exchange({ method, url, headers: { Origin: origin } });
    assert.equal((await from(LISTED)).headers["access-control-allow-origin"], LISTED);
    for (const origin of STRANGERS) assert.deepEqual(leaveIn(await from(origin)), [], origin);
  }
});

test("pages of the server's own are for no other origin, on the list or not", async () => {
  for (const path of ["/docs", "/docs/docs.js", "/metrics", "/readyz"])
    for (const origin of [LISTED, ...STRANGERS]) {
      const answer = await exchange({
        method: "GET",
        url: server.url + path,
        headers: { Origin: origin },
      });
      assert.deepEqual(leaveIn(answer), [], `${path} ${origin}`);
    }
});
