import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask, BASIC, basic, Client, PASSWORD, readReply, USER } from "./client.ts";
import { api, type Form, FORMS, HTTP_FORMS, httpTest, rest } from "./forms.ts";
import { exchange, type Incoming } from "./http-exchange.ts";
import { serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();

function logIn(form: Form, headers: Readonly<Record<string, string>> = {}): Promise<Incoming> {
  const { method, path } = form.login();
  return exchange({
    method,
    url: server.url + path,
    headers: { Authorization: BASIC, ...headers },
  });
}

async function statusOfList(
  form: Form,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const reply = await ask(form, server.url, form.listLibraries(), headers);
  return reply.status;
}

const ID = /^[0-9a-f]{32}$/;

describe("login", () => {
  test("on /rest answers 200 and an id of 32 hexadecimal digits in an envelope [C1]", async () => {
    const answer = await logIn(rest);
    assert.equal(answer.status, 200);
    const body = JSON.parse(answer.text) as { value: string };
    assert.deepEqual(Object.keys(body), ["value"]);
    assert.match(body.value, ID);
  });

  test("on /api answers 201 and a JSON string of the same form [C2]", async () => {
    const answer = await logIn(api);
    assert.equal(answer.status, 201);
    assert.match(JSON.parse(answer.text) as string, ID);
  });

  test("an id from either form works on both", async () => {
    for (const made of FORMS) {
      const { loginId } = await server.client(made);
      for (const used of FORMS) {
        assert.equal(await statusOfList(used, { "vmware-api-session-id": loginId }), 200);
      }
    }
  });

  test("the account also goes by its full name, and get shows that", async () => {
    for (const form of HTTP_FORMS) {
      const Authorization = basic(`${USER}@vsphere.local`, PASSWORD);
      assert.equal((await logIn(form, { Authorization })).status, form.login().status);
    }
  });

  test("a wrong password or user is 401 with a challenge, and does not say which", async () => {
    const texts = new Set<string>();
    for (const form of HTTP_FORMS) {
      for (const Authorization of [basic(USER, "wrong"), basic("nobody", PASSWORD)]) {
        const answer = await logIn(form, { Authorization });
        const reply = readReply(form, answer);
        assert.equal(reply.status, 401);
        assert.equal(reply.faultClass, "unauthenticated");
        assert.equal(reply.headers["www-authenticate"], 'Basic realm="contentlib"');
        texts.add(reply.messages.map((message) => message.default_message).join());
      }
    }
    assert.equal(texts.size, 1);
  });

  test("schemes other than Basic and our own tokens are refused", async () => {
    for (const form of HTTP_FORMS) {
      for (const Authorization of [
        "SIGN token=abc",
        "Bearer abc.def",
        "Basic",
        "Basic !!!",
        "Digest x",
      ]) {
        assert.equal((await logIn(form, { Authorization })).status, 401, Authorization);
      }
    }
  });
});

for (const form of FORMS) {
  const spelt = httpTest(form);
  describe(`login, ${form.name}`, () => {
    spelt("sets the cookie and the reply header, without Secure on plain http [C3]", async () => {
      const answer = await logIn(form);
      const id = readReply(form, answer).value as string;
      assert.equal(answer.headers["vmware-api-session-id"], id);
      const [cookie = ""] = answer.headers["set-cookie"] ?? [];
      assert.ok(cookie.startsWith(`vmware-api-session-id=${id};`), cookie);
      for (const attribute of ["Path=/", "HttpOnly", "SameSite=Strict"])
        assert.ok(cookie.includes(attribute), cookie);
      assert.doesNotMatch(cookie, /Secure/);
    });

    spelt("a client that opts out gets no cookie; an empty opt-out is none [C4]", async () => {
      for (const name of ["vmware-use-header-authn", "vmware-api-use-header-authn"]) {
        const without = await logIn(form, { [name]: "true" });
        assert.equal(without.headers["set-cookie"], undefined, name);
        assert.match(String(without.headers["vmware-api-session-id"]), ID);
        assert.ok((await logIn(form, { [name]: "" })).headers["set-cookie"], name);
      }
    });

    spelt("with an empty chunked body succeeds, and any body is ignored [C8]", async () => {
      assert.equal(
        (await logIn(form, { "Transfer-Encoding": "chunked" })).status,
        form.login().status,
      );
      const { method, path } = form.login();
      const headers = { Authorization: BASIC, "Content-Type": "application/json" };
      const answer = await exchange({ method, url: server.url + path, headers, body: '""' });
      assert.equal(answer.status, form.login().status);
    });

    spelt(
      "the id is taken from the header, else from a cookie, also one sent back with its attributes [C6]",
      async () => {
        const { loginId } = await server.client(form);
        const name = "vmware-api-session-id";
        assert.equal(await statusOfList(form, { [name]: loginId }), 200);
        assert.equal(await statusOfList(form, { Cookie: `${name}=${loginId}` }), 200);
        assert.equal(
          await statusOfList(form, { Cookie: `a=b; ${name}=${loginId}; Path=/; HttpOnly; Secure` }),
          200,
        );
        assert.equal(
          await statusOfList(form, { [name]: loginId, Cookie: `${name}=${"0".repeat(32)}` }),
          200,
        );
        assert.equal(
          await statusOfList(form, { [name]: "0".repeat(32), Cookie: `${name}=${loginId}` }),
          401,
        );
      },
    );

    spelt("Authorization beside a live id is ignored, and alone it is 401 [C7]", async () => {
      const { loginId } = await server.client(form);
      const wrong = basic(USER, "wrong");
      assert.equal(
        await statusOfList(form, { "vmware-api-session-id": loginId, Authorization: wrong }),
        200,
      );
      assert.equal(await statusOfList(form, { Authorization: BASIC }), 401);
    });

    spelt("a change by cookie that a browser says comes from elsewhere is refused", async () => {
      const { loginId } = await server.client(form);
      const cookie = { Cookie: `vmware-api-session-id=${loginId}` };
      const spec = { name: "cross-site", storage_backings: [{ type: "OTHER" }] };
      const create = form.createLibrary(spec);
      for (const from of [{ "Sec-Fetch-Site": "cross-site" }, { Origin: "https://evil.example" }]) {
        const reply = await ask(form, server.url, create, { ...cookie, ...from });
        assert.equal(reply.status, 403, reply.text);
        assert.equal(reply.faultClass, "unauthorized");
        assert.equal(await statusOfList(form, { ...cookie, ...from }), 200, "reading is no change");
      }
      for (const from of [{}, { "Sec-Fetch-Site": "same-origin", Origin: server.url }]) {
        const reply = await ask(form, server.url, create, { ...cookie, ...from });
        assert.equal(reply.status, form.createLibrary(spec).status, reply.text);
      }
      const byHeader = { "vmware-api-session-id": loginId, Origin: "https://evil.example" };
      assert.equal(
        (await ask(form, server.url, create, byHeader)).status,
        form.createLibrary(spec).status,
      );
    });

    test("get tells user and times, and is 401 without a login [C9]", async () => {
      const client = await server.client(form);
      const info = await client.done(form.getLogin());
      assert.equal(info.user.toLowerCase(), `${USER}@vsphere.local`);
      assert.ok(info.created_time <= info.last_accessed_time);
      const reply = await ask(form, server.url, form.getLogin(), {});
      assert.equal(reply.status, 401);
      if (form.name === "rest") {
        const plain = await ask(
          form,
          server.url,
          { ...form.getLogin(), method: "GET", path: form.login().path },
          {
            "vmware-api-session-id": client.loginId,
          },
        );
        assert.equal(plain.status, 200, "a plain GET is served too");
      }
    });

    test("logout kills the id on both forms at once, and a second one is 401", async () => {
      const client = await server.client(form);
      await client.done(form.logout());
      for (const each of FORMS) {
        assert.equal(await statusOfList(each, { "vmware-api-session-id": client.loginId }), 401);
      }
      await client.refused(form.logout(), "unauthenticated");
    });

    test("a 401 has the class of its form, carries the challenge and leads nowhere else", async () => {
      const stranger = new Client(form, server.url, "f".repeat(32));
      for (const asking of [form.getSession("x"), form.createSession({}), form.listLibraries()]) {
        const reply = await stranger.ask(asking);
        assert.equal(reply.status, 401, "the login is asked for before the id is looked at");
        assert.equal(reply.faultClass, "unauthenticated");
        assert.equal((reply.value as { challenge: string }).challenge, 'Basic realm="contentlib"');
        assert.equal(reply.headers.location, undefined);
      }
    });
  });
}
