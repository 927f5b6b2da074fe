import { isIP } from "node:net";
import { SETTINGS } from "./env.ts";
import type { ListenAddress } from "./listen-address.ts";
import { isLoopback, parseListenAddress } from "./listen-address.ts";
import type { Reader } from "./reader.ts";
import type { TlsSetting } from "./tls-setting.ts";
import { readTls } from "./tls-setting.ts";

/** The settings about how clients reach the server, and which of them. */
export interface NetworkConfig {
  readonly listen: ListenAddress;
  /** Without a trailing slash and with its port; null to follow the Host of each request. */
  readonly publicUrl: string | null;
  readonly tls: TlsSetting;
  /** Addresses, and networks in CIDR form, whose word about the client and its scheme is believed. */
  readonly trustedProxies: readonly string[];
  /** Origins whose pages may call the server, as browsers spell them: `https://ci.example`. */
  readonly corsOrigins: readonly string[];
  /** Where the metrics are shown without a login; null for nowhere. */
  readonly metricsListen: ListenAddress | null;
  /** How many connections there may be at a time. */
  readonly connectionsMax: number;
}

const CONNECTIONS_MIN = 16;
const CONNECTIONS_MAX = 100_000;

/** How many bits an address has, by its version. */
export const CIDR_BITS_MAX: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

const parsePublicUrl = (text: string): string | null => {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const plain =
    url.username === "" &&
    url.password === "" &&
    url.pathname === "/" &&
    url.search === "" &&
    url.hash === "";
  if (!plain || (url.protocol !== "http:" && url.protocol !== "https:")) return null;
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return `${url.protocol}//${url.hostname}:${port}`;
};

/** What stands between commas, parsed; null where one of it is bad. Nothing at all is an empty list. */
export const parseList =
  <Part>(parse: (part: string) => Part | null) =>
  (text: string): readonly Part[] | null => {
    if (text.trim() === "") return [];
    const parts = text.split(",").map((part) => parse(part.trim()));
    return parts.every((part) => part !== null) ? parts : null;
  };

/** An address, or a network with the length of its prefix; never everybody, so a prefix has a bit at least. */
const parseNetwork = (text: string): string | null => {
  const [address = "", bits, ...rest] = text.split("/");
  const bitsMax = CIDR_BITS_MAX[isIP(address)];
  // A zone as in fe80::1%eth0 names an interface of this machine, and no part of a network.
  if (bitsMax === undefined || address.includes("%") || rest.length > 0) return null;
  if (bits === undefined) return text;
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= bitsMax ? text : null;
};

/** An origin as browsers send it. `*` would be everybody, and `null` any file opened from a disk: neither is a URL. */
const parseOrigin = (text: string): string | null =>
  parsePublicUrl(text) === null || text.includes("*") ? null : new URL(text).origin;

const readListen = (reader: Reader, tls: TlsSetting): ListenAddress => {
  const fallback = parseListenAddress(SETTINGS.listen.fallback) ?? { host: "127.0.0.1", port: 0 };
  const listen = reader.read("listen", fallback, parseListenAddress, "HOST:PORT");
  if (tls.kind === "off" && !isLoopback(listen.host) && !reader.isOn("insecureHttp")) {
    reader.problems.push(
      `listening on ${listen.host} lets passwords and content travel unencrypted: add --tls self-signed, or --tls-cert and --tls-key, or --insecure-http if that is meant`,
    );
  }
  return listen;
};

const readPublicUrl = (reader: Reader, tls: TlsSetting): string | null => {
  const publicUrl = reader.read<string | null>(
    "publicUrl",
    null,
    parsePublicUrl,
    "an http or https URL without a path",
  );
  if (tls.kind !== "off" && publicUrl?.startsWith("http://") === true) {
    reader.problems.push(
      `${reader.source("publicUrl") ?? ""} must begin with https:// where the server speaks TLS, not "${publicUrl}"`,
    );
  }
  return publicUrl;
};

/** The settings about the network; paths are taken from `workingDirectory`. What is wrong is noted in the reader. */
export const readNetwork = (reader: Reader, workingDirectory: string): NetworkConfig => {
  const tls = readTls(reader, workingDirectory);
  return {
    listen: readListen(reader, tls),
    publicUrl: readPublicUrl(reader, tls),
    tls,
    trustedProxies: reader.read<readonly string[]>(
      "trustedProxies",
      [],
      parseList(parseNetwork),
      "addresses and networks joined by commas, such as 10.0.0.7,fd00::/8",
    ),
    corsOrigins: reader.read<readonly string[]>(
      "corsOrigins",
      [],
      parseList(parseOrigin),
      "origins joined by commas, such as https://ci.example; neither * nor null is one",
    ),
    metricsListen: reader.read<ListenAddress | null>(
      "metricsListen",
      null,
      parseListenAddress,
      "HOST:PORT or :PORT",
    ),
    connectionsMax: reader.wholeNumber("connectionsMax", {
      min: CONNECTIONS_MIN,
      max: CONNECTIONS_MAX,
    }),
  };
};
