import assert from "node:assert/strict";
import { test } from "node:test";
import { endpointHeaders } from "./endpoint-login.ts";

const SERVER = "https://vcenter.example.org/";
const { signal } = new AbortController();

const headersAt = async (url: string, isOurs: boolean): Promise<object> =>
  await endpointHeaders({
    serverUrl: SERVER,
    isOurs: async () => await Promise.resolve(isOurs),
    loginId: async () => await Promise.resolve("login"),
  })(url, signal);

test("another make of server is shown the login at its own endpoints", async () => {
  const seen = await headersAt("https://vcenter.example.org:443/rest/data/a.iso", false);
  assert.deepEqual(seen, { "vmware-api-session-id": "login" });
});

test("no other host, port or scheme is shown it, and no server of ours", async () => {
  const elsewhere = [
    "https://host.example.org/data",
    "https://vcenter.example.org:8443/data",
    "http://vcenter.example.org/data",
    "nothing",
  ];
  for (const url of elsewhere) assert.deepEqual(await headersAt(url, false), {}, url);
  assert.deepEqual(await headersAt("https://vcenter.example.org/data", true), {});
});
