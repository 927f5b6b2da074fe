// What an answer under an address for bytes tells a browser, whichever answer it is: run nothing of it, and show it to no other site.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask, BASIC } from "./client.ts";
import { addPush, makeItem, openSession, preparedUrl, push } from "./content.ts";
import { type Form, FORMS } from "./forms.ts";
import { exchange, type Incoming, type Outgoing } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

const PAGE = "<!doctype html><script>alert(1)</script>";

const SAFE = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "sandbox; default-src 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
} as const;

const server = await serverUnderTest();

type Case = Outgoing & { readonly status: number };

/** Every kind of answer that an address for bytes has, by what it is. */
async function answersOf(form: Form): Promise<Readonly<Record<string, Case>>> {
  const client = await server.client(form);
  const item = await makeItem(client, { "x.html": PAGE });
  const download = await client.done(form.createDownload({ library_item_id: item }));
  const url = await preparedUrl(client, download, "x.html");
  const { headers: told } = await exchange({ method: "HEAD", url });
  const etag = String(told.etag);
  const upload = await addPush(client, await openSession(client), "x.html");
  const over = await openSession(client);
  const spent = await push(client, over, "x.html", PAGE);
  await client.done(form.completeSession(over));
  const get = { method: "GET", url };
  const none = `${server.url}/cls/data/${encodeURIComponent("<script>")}/x.html`;
  return {
    "the file": { ...get, status: 200 },
    "its head": { method: "HEAD", url, status: 200 },
    "a part": { ...get, headers: { Range: "bytes=0-3" }, status: 206 },
    "a part that is not there": { ...get, headers: { Range: "bytes=900-" }, status: 416 },
    "nothing new": { ...get, headers: { "If-None-Match": etag }, status: 304 },
    "another file": { ...get, headers: { "If-Match": '"other"' }, status: 412 },
    "a wrong method": { method: "DELETE", url, status: 405 },
    "bytes for a download": { method: "PUT", url, body: PAGE, status: 405 },
    "the look at an upload": { method: "GET", url: upload, status: 405 },
    "a part of an upload": {
      method: "PUT",
      url: upload,
      body: PAGE,
      headers: { "Content-Range": "bytes 0-1/2" },
      status: 400,
    },
    "an upload": { method: "PUT", url: upload, body: PAGE, status: 200 },
    "the head of an upload": { method: "HEAD", url: upload, status: 200 },
    "an upload that is over": { method: "PUT", url: spent, body: PAGE, status: 409 },
    "an address that is none": { method: "GET", url: none, status: 404 },
    "bytes for none": { method: "PUT", url: none, body: PAGE, status: 404 },
  };
}

/** The file's own bytes are saved, and everything else is JSON or nothing. */
function holdType({ status, headers, bytes }: Incoming, what: string): void {
  const type = headers["content-type"];
  if (type === "application/octet-stream")
    assert.match(String(headers["content-disposition"]), /^attachment; filename="x\.html"/, what);
  else if (bytes.length > 0) assert.equal(type, "application/json", `${what}: ${status}`);
  assert.equal(headers["set-cookie"], undefined, what);
}

describe("an answer under an address for bytes", () => {
  for (const form of FORMS)
    test(`tells browsers not to run it, whatever it is, ${form.name} [C132]`, async () => {
      for (const [what, asked] of Object.entries(await answersOf(form))) {
        const answer = await exchange(asked);
        assert.equal(answer.status, asked.status, `${what}: ${answer.text}`);
        for (const [name, value] of Object.entries(SAFE))
          assert.equal(answer.headers[name], value, `${what}: ${name}`);
        holdType(answer, what);
      }
    });

  for (const form of FORMS)
    test(`gives a script no way in by the file's name or the address, ${form.name}`, async () => {
      const client = await server.client(form);
      const name = `"><script>alert(1)<script>`;
      const item = await makeItem(client, { [name]: PAGE });
      const download = await client.done(form.createDownload({ library_item_id: item }));
      const url = await preparedUrl(client, download, name);
      assert.doesNotMatch(url.slice(server.url.length), /[<>"' ]/);
      for (const method of ["GET", "HEAD"]) {
        const { headers } = await exchange({ method, url });
        const [plain, exact] = String(headers["content-disposition"]).split("; ").slice(1);
        assert.match(String(plain), /^filename="[^"\\\r\n]*"$/);
        assert.match(String(exact), /^filename\*=UTF-8''[\w.%!~-]+$/);
      }
    });
});

for (const form of FORMS)
  test(`answers of the API are kept by no cache, for some hold addresses that are secrets, ${form.name}`, async () => {
    const client = await server.client(form);
    const session = await openSession(client);
    await addPush(client, session, "x.html");
    const answers = [
      await client.ask(form.listFiles(session)),
      await client.ask(form.getFile(session, "x.html")),
      await client.ask(form.listLibraries()),
      await client.ask(form.getLibrary("x")),
      await ask(form, server.url, form.listLibraries(), {}),
      await ask(form, server.url, form.login(), { Authorization: BASIC }),
    ];
    for (const { headers } of answers) assert.equal(headers["cache-control"], "no-store");
  });
