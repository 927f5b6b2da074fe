import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { clientEnvironment, installerEnvironment } from "./program-environment.ts";

const before = process.env;
beforeEach(() => {
  process.env = {
    PATH: "/bin",
    HOME: "/home/one",
    LC_ALL: "C.UTF-8",
    SSL_CERT_FILE: "/trusted.pem",
    PIP_INDEX_URL: "https://index.example/",
    GOPROXY: "https://modules.example",
    GOFLAGS: "-mod=mod",
    https_proxy: "http://proxy.example",
    NO_PROXY: "index.example",
    REQUESTS_CA_BUNDLE: "/proxy.pem",
    PYTHONPATH: "/elsewhere",
    VMWARE_HOST: "vcenter.example",
    NODE_OPTIONS: "--inspect",
    A_TOKEN: "secret",
    MY_PIP_PASSWORD: "secret",
  };
});
afterEach(() => {
  process.env = before;
});

const EVERYONES = {
  PATH: "/bin",
  HOME: "/home/one",
  LC_ALL: "C.UTF-8",
  SSL_CERT_FILE: "/trusted.pem",
};

test("a client gets what it needs and what it is given, and nothing else of the caller's", () => {
  const own = { NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" };
  assert.deepEqual(clientEnvironment({ LIBRARY_URL: "x" }), {
    ...EVERYONES,
    ...own,
    LIBRARY_URL: "x",
  });
  assert.equal(clientEnvironment({ HOME: "/scratch" })["HOME"], "/scratch");
});

test("an installer gets the way to the index besides", () => {
  assert.deepEqual(installerEnvironment(), {
    ...EVERYONES,
    PIP_INDEX_URL: "https://index.example/",
    GOPROXY: "https://modules.example",
    https_proxy: "http://proxy.example",
    NO_PROXY: "index.example",
    REQUESTS_CA_BUNDLE: "/proxy.pem",
  });
});
