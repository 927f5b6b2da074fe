import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  checkDatastoreId,
  DATASTORE_ID_CHARACTERS_MAX as CHARACTERS_MAX,
} from "../domain/names.ts";
import * as revision from "../domain/revision.ts";
import { cloneRootOf } from "./clone-root.ts";
import type { Config, Place } from "./config.ts";
import {
  DATASTORE_ID_CHARACTERS_MAX,
  readConfig,
  readTlsPlace,
  REVISIONS_KEPT_MAX,
  REVISIONS_KEPT_MIN,
} from "./config.ts";
import { SETTINGS, settingEntries } from "./env.ts";

const folder = mkdtempSync(join(tmpdir(), "contentlib-config-"));
after(() => rmSync(folder, { recursive: true }));

const PLACE: Place = { cloneRoot: null, homeDirectory: "/home/ada", workingDirectory: "/srv" };

const configOf = (
  env: Record<string, string>,
  flags: string[] = [],
  place: Place = PLACE,
): Config => {
  const outcome = readConfig(env, flags, place);
  assert.equal(outcome.kind, "config", outcome.kind === "error" ? outcome.sentence : "");
  return outcome.kind === "config" ? outcome.config : assert.fail();
};

const errorOf = (env: Record<string, string>, flags: string[] = []): string => {
  const outcome = readConfig(env, flags, PLACE);
  return outcome.kind === "error" ? outcome.sentence : assert.fail("it was accepted");
};

test("without settings everything has its documented default", () => {
  assert.deepEqual(configOf({}), {
    listen: { host: "127.0.0.1", port: 8697 },
    dataDirectory: "/home/ada/.local/share/contentlib",
    profileFile: "/home/ada/.config/contentlib/profiles.json",
    publicUrl: null,
    tls: { kind: "off" },
    trustedProxies: [],
    corsOrigins: [],
    metricsListen: null,
    connectionsMax: 4_096,
    pullDeny: [],
    pullAllow: [],
    pullProxy: null,
    pullDirectories: [],
    secretFiles: ["/home/ada/.config/contentlib/profiles.json"],
    sessionTimeoutMs: 300_000,
    sessionRetentionMs: 3_600_000,
    loginIdleMs: 1_800_000,
    loginAbsoluteMs: 86_400_000,
    revisionsKept: 5,
    datastores: [],
    partialTtlMs: 86_400_000,
    auditKeptMs: 34_560_000_000,
    adminPassword: null,
    strict: false,
    logLevel: "info",
  });
});

test("in a clone the data lies in .data, and this very source lies in one", () => {
  assert.equal(
    configOf({}, [], { ...PLACE, cloneRoot: "/src/contentlib" }).dataDirectory,
    "/src/contentlib/.data",
  );
  assert.notEqual(cloneRootOf(import.meta.dirname), null);
  assert.equal(cloneRootOf("/somewhere/node_modules/@contentlib/server/dist"), null);
});

test("the base directories of the user are honoured when they are absolute", () => {
  const config = configOf({ XDG_DATA_HOME: "/d", XDG_CONFIG_HOME: "relative" });
  assert.equal(config.dataDirectory, "/d/contentlib");
  assert.equal(config.profileFile, "/home/ada/.config/contentlib/profiles.json");
});

test("a flag wins over its variable, in both spellings", () => {
  const env = { CONTENTLIB_LISTEN: "127.0.0.1:1", CONTENTLIB_DATA: "state" };
  assert.equal(configOf(env, ["--listen", "[::1]:2"]).listen.host, "::1");
  assert.equal(configOf(env, ["--listen=localhost:3"]).listen.port, 3);
  assert.equal(configOf(env).dataDirectory, "/srv/state");
  assert.equal(configOf(env, ["--strict"]).strict, true);
  assert.equal(configOf({ CONTENTLIB_STRICT: "off" }).strict, false);
});

test("the number of revisions kept is whole and within its bounds, which are those of the domain", () => {
  assert.deepEqual(
    [REVISIONS_KEPT_MIN, REVISIONS_KEPT_MAX],
    [revision.REVISIONS_KEPT_MIN, revision.REVISIONS_KEPT_MAX],
  );
  for (const [text, expected] of [
    ["1", 1],
    ["1000", 1_000],
  ] as const) {
    assert.equal(configOf({ CONTENTLIB_REVISIONS: text }).revisionsKept, expected);
    assert.equal(configOf({}, ["--revisions", text]).revisionsKept, expected);
  }
  for (const text of ["0", "1001", "-1", "2.5", "5x", "many", "0x10", "99999"]) {
    assert.match(
      errorOf({ CONTENTLIB_REVISIONS: text }),
      /CONTENTLIB_REVISIONS must be a whole number from 1 to 1000, not/,
    );
  }
});

test("datastores are ids joined by commas, within the bounds of the domain; none of them means any", () => {
  assert.equal(DATASTORE_ID_CHARACTERS_MAX, CHARACTERS_MAX);
  const longest = "\u{1F4BE}".repeat(DATASTORE_ID_CHARACTERS_MAX);
  for (const [text, expected] of [
    ["datastore-15", ["datastore-15"]],
    [" datastore-15 ,\tgroup 16", ["datastore-15", "group 16"]],
    [longest, [longest]],
    ["", []],
    ["  ", []],
  ] as const) {
    assert.deepEqual(configOf({ CONTENTLIB_DATASTORES: text }).datastores, expected);
    assert.deepEqual(configOf({}, ["--datastores", text]).datastores, expected);
    for (const id of expected) assert.equal(checkDatastoreId(id), null);
  }
  const env = { CONTENTLIB_DATASTORES: "datastore-15" };
  assert.deepEqual(configOf(env, ["--datastores="]).datastores, []);
  for (const text of [",", "a,", ",a", "a,,b", "a\u0001b", "a,b\u007f", `a,${longest}x`]) {
    assert.match(
      errorOf({ CONTENTLIB_DATASTORES: text }),
      /CONTENTLIB_DATASTORES must be ids joined by commas, each of 1 to 256 characters/,
    );
  }
});

test("partials are kept for a duration, or not at all", () => {
  for (const [text, expected] of [
    ["0", 0],
    ["0h", 0],
    ["90", 90_000],
    ["48h", 172_800_000],
  ] as const) {
    assert.equal(configOf({ CONTENTLIB_PARTIAL_TTL: text }).partialTtlMs, expected);
    assert.equal(configOf({}, ["--partial-ttl", text]).partialTtlMs, expected);
  }
  for (const text of ["-1", "none", "1.5h"])
    assert.match(
      errorOf({ CONTENTLIB_PARTIAL_TTL: text }),
      /CONTENTLIB_PARTIAL_TTL must be a duration such as 90s, 5m or 1h, or 0/,
    );
});

test("durations are seconds, or have a unit", () => {
  for (const [text, expected] of [
    ["90", 90_000],
    ["90s", 90_000],
    ["5m", 300_000],
    ["1h", 3_600_000],
  ] as const) {
    assert.equal(configOf({ CONTENTLIB_SESSION_TIMEOUT: text }).sessionTimeoutMs, expected);
  }
  for (const text of ["0", "-1", "1.5s", "5 m", "5d", "soon", "99999999h"]) {
    assert.match(
      errorOf({ CONTENTLIB_SESSION_TIMEOUT: text }),
      /CONTENTLIB_SESSION_TIMEOUT must be a duration/,
    );
  }
});

test("the public URL always has its port, and no path", () => {
  assert.equal(
    configOf({ CONTENTLIB_PUBLIC_URL: "https://lib.example/" }).publicUrl,
    "https://lib.example:443",
  );
  assert.equal(configOf({ CONTENTLIB_PUBLIC_URL: "http://[::1]:80" }).publicUrl, "http://[::1]:80");
  for (const text of [
    "lib.example",
    "ftp://lib.example",
    "https://lib.example/a",
    "https://u:p@lib.example",
    "https://lib.example?a",
  ]) {
    assert.match(errorOf({ CONTENTLIB_PUBLIC_URL: text }), /CONTENTLIB_PUBLIC_URL must be/);
  }
});

test("listening beyond loopback needs to be meant", () => {
  for (const address of ["0.0.0.0:80", "[::]:80", "192.0.2.1:80", "lib.example:80"]) {
    assert.match(
      errorOf({ CONTENTLIB_LISTEN: address }),
      /add --tls self-signed, or --tls-cert and --tls-key, or --insecure-http/,
    );
    assert.match(errorOf({ CONTENTLIB_LISTEN: address, CONTENTLIB_TLS: "off" }), /--insecure-http/);
    assert.equal(configOf({}, ["--listen", address, "--tls", "self-signed"]).listen.port, 80);
    assert.equal(configOf({}, ["--listen", address, "--insecure-http"]).listen.port, 80);
  }
  for (const address of ["127.0.0.1:0", "127.9.9.9:0", "[::1]:0", "localhost:0", ":0"]) {
    assert.equal(configOf({ CONTENTLIB_LISTEN: address }).listen.port, 0);
  }
  for (const address of ["", "80", "a:b", "1.2.3.4:70000", "a b:80", "::1:80"]) {
    assert.match(errorOf({}, [`--listen=${address}`]), /--listen must be HOST:PORT/);
  }
});

test("TLS is off, by a certificate of the server's own, or by one in files", () => {
  assert.deepEqual(configOf({ CONTENTLIB_TLS: "Self-Signed" }).tls, { kind: "self-signed" });
  assert.deepEqual(configOf({ CONTENTLIB_TLS: "self-signed" }, ["--tls", "off"]).tls, {
    kind: "off",
  });
  const files = { CONTENTLIB_TLS_CERT: "tls/cert.pem", CONTENTLIB_TLS_KEY: "/etc/key.pem" };
  const paths = { kind: "files", certFile: "/srv/tls/cert.pem", keyFile: "/etc/key.pem" };
  assert.deepEqual(configOf(files).tls, paths);
  const flags = ["--tls-cert", "/srv/tls/cert.pem", "--tls-key=/etc/key.pem"];
  assert.deepEqual(configOf({}, flags).tls, paths);
  for (const text of ["on", "files", "true", "cert.pem"])
    assert.match(errorOf({}, ["--tls", text]), /--tls must be self-signed or off .*--tls-cert/);
});

test("what contradicts itself about TLS is refused, and the other setting is named", () => {
  const certificate = { CONTENTLIB_TLS_CERT: "cert.pem" };
  const key = { CONTENTLIB_TLS_KEY: "key.pem" };
  assert.match(errorOf(certificate), /CONTENTLIB_TLS_CERT needs --tls-key, or CONTENTLIB_TLS_KEY/);
  assert.match(errorOf(key), /CONTENTLIB_TLS_KEY needs --tls-cert, or CONTENTLIB_TLS_CERT/);
  assert.match(errorOf({}, ["--tls-key", "k"]), /--tls-key needs --tls-cert/);
  for (const kind of ["self-signed", "off"])
    assert.match(
      errorOf({ ...certificate, ...key }, ["--tls", kind]),
      new RegExp(`--tls ${kind} and CONTENTLIB_TLS_CERT contradict each other`),
    );
  for (const tls of [{ CONTENTLIB_TLS: "self-signed" }, { ...certificate, ...key }]) {
    const reached = (url: string): Record<string, string> => ({
      ...tls,
      CONTENTLIB_PUBLIC_URL: url,
    });
    assert.match(
      errorOf(reached("http://lib.example")),
      /CONTENTLIB_PUBLIC_URL must begin with https:/,
    );
    assert.equal(
      configOf(reached("https://lib.example")).publicUrl,
      "https://lib.example:443",
      "a proxy may speak TLS to a server that speaks it too",
    );
  }
  assert.equal(
    configOf({ CONTENTLIB_PUBLIC_URL: "https://lib.example" }).tls.kind,
    "off",
    "a proxy in front ends TLS",
  );
});

test("a command that starts no server finds the certificate where the settings or its own flag say", () => {
  const env = { CONTENTLIB_DATA: "state", CONTENTLIB_LISTEN: "0.0.0.0:80" };
  const files = { ...env, CONTENTLIB_TLS_CERT: "cert.pem" };
  for (const [given, data, expected] of [
    [{}, undefined, { dataDirectory: "/home/ada/.local/share/contentlib", certFile: null }],
    [env, undefined, { dataDirectory: "/srv/state", certFile: null }],
    [files, undefined, { dataDirectory: "/srv/state", certFile: "/srv/cert.pem" }],
    [files, "/data", { dataDirectory: "/data", certFile: null }],
  ] as const)
    assert.deepEqual(readTlsPlace(given, data, PLACE), expected);
});

test("trusted proxies are addresses and networks, and never everybody", () => {
  for (const [text, expected] of [
    ["10.0.0.7", ["10.0.0.7"]],
    [" 10.0.0.0/8, fd00::/8,::1", ["10.0.0.0/8", "fd00::/8", "::1"]],
    ["192.0.2.1/32,2001:db8::1/128", ["192.0.2.1/32", "2001:db8::1/128"]],
    ["", []],
  ] as const) {
    assert.deepEqual(configOf({}, ["--trusted-proxies", text]).trustedProxies, expected);
  }
  for (const text of [
    "proxy.example",
    "loopback",
    "10.0.0.0/33",
    "10.0.0.0/08",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "0.0.0.0/0",
    "::/0",
    "fd00::/129",
    "fe80::1%eth0",
    "10.0.0.1,",
    "10.0.0",
  ]) {
    assert.match(
      errorOf({ CONTENTLIB_TRUSTED_PROXIES: text }),
      /CONTENTLIB_TRUSTED_PROXIES must be addresses and networks joined by commas/,
    );
  }
});

test("origins are as browsers send them, and neither * nor null is one", () => {
  assert.deepEqual(
    configOf({ CONTENTLIB_CORS_ORIGINS: "HTTPS://CI.Example:443/, http://[::1]:8080" }).corsOrigins,
    ["https://ci.example", "http://[::1]:8080"],
  );
  assert.deepEqual(configOf({}, ["--cors-origins="]).corsOrigins, []);
  for (const text of [
    "*",
    "null",
    "https://*",
    "ci.example",
    "https://ci.example/a",
    "file://",
    ",",
  ])
    assert.match(
      errorOf({ CONTENTLIB_CORS_ORIGINS: text }),
      /CONTENTLIB_CORS_ORIGINS must be origins joined by commas/,
      text,
    );
});

test("metrics have an address of their own, on loopback unless another is named", () => {
  assert.deepEqual(configOf({ CONTENTLIB_METRICS_LISTEN: ":9090" }).metricsListen, {
    host: "127.0.0.1",
    port: 9_090,
  });
  assert.equal(configOf({}, ["--metrics-listen", "0.0.0.0:9090"]).metricsListen?.host, "0.0.0.0");
  assert.match(errorOf({ CONTENTLIB_METRICS_LISTEN: "9090" }), /must be HOST:PORT or :PORT/);
});

test("connections and days of the trail are whole numbers within their bounds", () => {
  for (const [text, expected] of [
    ["16", 16],
    ["100000", 100_000],
  ] as const)
    assert.equal(configOf({ CONTENTLIB_CONNECTIONS_MAX: text }).connectionsMax, expected);
  for (const text of ["15", "100001", "many", "1e3"])
    assert.match(errorOf({}, ["--connections-max", text]), /a whole number from 16 to 100000/);
  for (const [text, expected] of [
    ["1", 86_400_000],
    ["36500", 3_153_600_000_000],
  ] as const)
    assert.equal(configOf({}, ["--audit-days", text]).auditKeptMs, expected);
  for (const text of ["0", "36501", "1.5", "-1", "30d"])
    assert.match(errorOf({ CONTENTLIB_AUDIT_DAYS: text }), /a whole number from 1 to 36500/);
});

test("an unknown flag and a bad value stop the start, all in one line", () => {
  const sentence = errorOf({ CONTENTLIB_LOG_LEVEL: "loud" }, [
    "--sesion-timeout",
    "5m",
    "stray",
    "--data",
  ]);
  assert.match(sentence, /there is no flag --sesion-timeout; the nearest is --session-timeout/);
  assert.doesNotMatch(sentence, /5m/);
  assert.match(sentence, /stray is no flag/);
  assert.match(sentence, /--data needs DIRECTORY/);
  assert.match(sentence, /CONTENTLIB_LOG_LEVEL must be one of debug/);
  assert.equal(sentence.includes("\n"), false);
});

test("an unknown variable is one warning with the nearest known name", () => {
  const outcome = readConfig(
    { CONTENTLIB_LISTN: "1", CONTENTLIB_PORT_8697_TCP: "x", OTHER: "y", CONTENTLIB_URL: "z" },
    [],
    PLACE,
  );
  assert.equal(outcome.kind, "config");
  const warnings = outcome.kind === "config" ? outcome.warnings : [];
  assert.equal(warnings.length, 2);
  assert.match(warnings[0] ?? "", /CONTENTLIB_LISTN .* CONTENTLIB_LISTEN/);
});

test("the first password comes from the environment or from a file, never from a flag", () => {
  const path = join(folder, "password");
  writeFileSync(path, "pass word \r\nsecond line\n");
  assert.equal(configOf({ CONTENTLIB_ADMIN_PASSWORD: "secret" }).adminPassword, "secret");
  assert.equal(configOf({ CONTENTLIB_ADMIN_PASSWORD_FILE: path }).adminPassword, "pass word ");
  assert.match(
    errorOf({ CONTENTLIB_ADMIN_PASSWORD: "a", CONTENTLIB_ADMIN_PASSWORD_FILE: path }),
    /only one of/,
  );
  assert.match(errorOf({}, ["--admin-password-file", join(folder, "none")]), /can not be read/);
  assert.match(errorOf({}, ["--admin-password", "x"]), /there is no flag --admin-password;/);
  writeFileSync(path, "\n");
  assert.match(errorOf({ CONTENTLIB_ADMIN_PASSWORD_FILE: path }), /is empty/);
});

test("names of variables and flags agree", () => {
  for (const [, setting] of settingEntries()) {
    if (setting.flag === undefined) continue;
    assert.equal(
      `CONTENTLIB_${setting.flag.slice(2).replaceAll("-", "_").toUpperCase()}`,
      setting.variable,
    );
  }
  assert.equal("flag" in SETTINGS.adminPassword, false);
});
