import { readFile } from "node:fs/promises";
import type { SourceEndpoint, UploadFile } from "@contentlib/client";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

/** How the server is to fetch files. */
export interface RemoteWish {
  /** Name of the one file in the item. */
  readonly as?: string;
  /** SHA-256 of the one file, in lower-case hexadecimal digits. */
  readonly sha256?: string;
  /** A file with a certificate in PEM. */
  readonly pinCert?: string;
  /** SHA-1 of a certificate. */
  readonly thumbprint?: string;
  /** Prints of a key, and of the key of an authority. */
  readonly pinKey?: string;
  readonly pinCa?: string;
  /** Name of a secret of the server. */
  readonly secret?: string;
}

/** A file that the server is to fetch. */
export interface RemoteFile extends UploadFile {
  /** Its address as it may be shown: without a login. */
  readonly url: string;
  /** Whether its address has a login in it. */
  readonly hasLogin: boolean;
}

/** Reads what is to be fetched, from where and how. Throws Failure for what can not be meant. */
export async function remoteFiles(
  urls: readonly string[],
  wish: RemoteWish,
): Promise<readonly RemoteFile[]> {
  const { as, sha256 } = wish;
  if (urls.length !== 1 && (as !== undefined || sha256 !== undefined))
    throw new Failure(
      EXIT_CODES.usage,
      `${as === undefined ? "--sha256 is the digest" : "--as is the name"} of one file, and more are fetched.`,
    );
  const { remoteSource } = await import("@contentlib/client");
  const trust = await trustOf(wish);
  return urls.map((text) => {
    const url = parseUrl(text);
    const hasLogin = url.username !== "" || url.password !== "";
    const checksum =
      sha256 === undefined ? {} : { checksum: { algorithm: "SHA256", checksum: sha256 } as const };
    const source = remoteSource({ uri: url.href, ...trust });
    return { name: as ?? nameIn(url), source, ...checksum, url: withoutLogin(url), hasLogin };
  });
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null) return url;
  throw new Failure(
    EXIT_CODES.usage,
    `${text} is no address.`,
    "It begins with https:// or http://, or with file: or ds: for the storage of the server.",
  );
}

/** What an address ends with, as the name of a file. */
function nameIn(url: URL): string {
  const last = url.pathname.split("/").at(-1) ?? "";
  const name = decoded(last);
  if (name !== "") return name;
  throw new Failure(
    EXIT_CODES.usage,
    `${withoutLogin(url)} ends with no name of a file.`,
    "Give it one: --as NAME",
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function withoutLogin(url: URL): string {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  return shown.href;
}

async function trustOf({
  pinCert,
  thumbprint,
  pinKey,
  pinCa,
  secret,
}: RemoteWish): Promise<Omit<SourceEndpoint, "uri">> {
  return {
    ...(pinCert === undefined ? {} : { ssl_certificate: await certificateIn(pinCert) }),
    ...(thumbprint === undefined ? {} : { ssl_certificate_thumbprint: thumbprint }),
    ...(pinKey === undefined ? {} : { contentlib_key_pin: pinKey }),
    ...(pinCa === undefined ? {} : { contentlib_ca_pin: pinCa }),
    ...(secret === undefined ? {} : { contentlib_secret: secret }),
  };
}

async function certificateIn(path: string): Promise<string> {
  const text = await readFile(path, "latin1");
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new Failure(EXIT_CODES.usage, `${path} holds no certificate in PEM form.`);
}
