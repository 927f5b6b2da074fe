import type { KeyObject } from "node:crypto";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { KeyPair } from "../../ports/key-pair.ts";
import { PortError } from "../../ports/port-error.ts";
import { codeOf } from "../private-file.ts";
import type { CertificateFacts } from "./certificate-facts.ts";
import { readCertificateFacts } from "./certificate-facts.ts";

/** Where a certificate and its key lie; one file may hold both. */
export interface KeyPairFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A pair that fits, with what is to be known of its certificate. */
export interface CheckedKeyPair extends KeyPair {
  readonly facts: CertificateFacts;
}

/** Certificates of a chain: more than any has, and few enough to look at each. */
const CHAIN_MAX = 100;
/** Longest file that is read: a hundred certificates of the usual length. */
const FILE_BYTES_MAX = 1024 * 1024;

const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const KEY_BLOCK = /-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----/;
/** PKCS#8 says it in the line that begins the block, the older form in a header below it. */
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

const corrupt = (sentence: string, cause?: unknown): PortError =>
  new PortError("corrupt", sentence, { cause });

const readPem = async (path: string, what: string): Promise<string> => {
  try {
    const { size } = await regular(path, what);
    if (size > FILE_BYTES_MAX) throw corrupt(`The ${what} file ${path} is too long to be one.`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof PortError) throw error;
    const code = codeOf(error) ?? "unknown";
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new PortError("absent", `The ${what} file ${path} is not there.`, { cause: error });
    throw new PortError("denied", `The ${what} file ${path} can not be read (${code}).`, {
      cause: error,
    });
  }
};

/** Reading a pipe or a device again, as is done to see whether it has changed, could take for ever. */
const regular = async (path: string, what: string): Promise<{ readonly size: number }> => {
  const found = await stat(path);
  if (!found.isFile()) throw new PortError("denied", `The ${what} file ${path} is no plain file.`);
  return found;
};

/** The contents of both files, unchecked. Rejects with a `PortError` that names the file. */
export const readKeyPairFiles = async ({ certFile, keyFile }: KeyPairFiles): Promise<KeyPair> => ({
  certPem: await readPem(certFile, "certificate"),
  keyPem: await readPem(keyFile, "key"),
});

const parseChain = (certPem: string, certFile: string): readonly X509Certificate[] => {
  const blocks = certPem.match(CERTIFICATE_BLOCK) ?? [];
  if (blocks.length === 0)
    throw corrupt(
      `The certificate file ${certFile} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).`,
    );
  if (blocks.length > CHAIN_MAX)
    throw corrupt(`The certificate file ${certFile} holds more than ${CHAIN_MAX} certificates.`);
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch (error) {
      throw corrupt(
        `Certificate ${index + 1} in the file ${certFile} is damaged: it can not be read.`,
        error,
      );
    }
  });
};

const parseKey = (keyPem: string, keyFile: string): KeyObject => {
  if (ENCRYPTED.test(keyPem))
    throw corrupt(
      `The key in the file ${keyFile} is encrypted, and the server has nobody to ask: decrypt it with openssl pkey -in ${keyFile} -out NEW_FILE.`,
    );
  if (!KEY_BLOCK.test(keyPem))
    throw corrupt(
      `The key file ${keyFile} holds no private key in PEM form (-----BEGIN PRIVATE KEY-----).`,
    );
  try {
    return createPrivateKey(keyPem);
  } catch (error) {
    throw corrupt(`The key in the file ${keyFile} is damaged: it can not be read.`, error);
  }
};

/** The key in a file, checked. Rejects with a `PortError` that names the file. */
export const readPrivateKey = async (keyFile: string): Promise<string> => {
  const keyPem = await readPem(keyFile, "key");
  parseKey(keyPem, keyFile);
  return keyPem;
};

const checkFit = (
  chain: readonly X509Certificate[],
  key: KeyObject,
  { certFile, keyFile }: KeyPairFiles,
): void => {
  const at = chain.findIndex((certificate) => certificate.checkPrivateKey(key));
  if (at === 0) return;
  if (at < 0)
    throw corrupt(
      `The key in the file ${keyFile} does not belong to the certificate in ${certFile}.`,
    );
  throw corrupt(
    `The certificate file ${certFile} is in the wrong order: the server's own certificate comes first, and it is number ${at + 1}.`,
  );
};

/** Whether the pair can serve TLS. Throws a `PortError` of kind `corrupt` that names the file and what is wrong; never with the key in it. */
export const checkKeyPair = (pair: KeyPair, files: KeyPairFiles): CheckedKeyPair => {
  const chain = parseChain(pair.certPem, files.certFile);
  checkFit(chain, parseKey(pair.keyPem, files.keyFile), files);
  try {
    createSecureContext({ cert: pair.certPem, key: pair.keyPem });
    return { ...pair, facts: readCertificateFacts(pair.certPem) };
  } catch (error) {
    throw corrupt(
      `TLS refuses the certificate in ${files.certFile} with the key in ${files.keyFile} (${codeOf(error) ?? "unknown"}).`,
      error,
    );
  }
};

/** The pair in the files, checked. Rejects with a `PortError` that names the file and what is wrong. */
export const readKeyPair = async (files: KeyPairFiles): Promise<CheckedKeyPair> =>
  checkKeyPair(await readKeyPairFiles(files), files);
