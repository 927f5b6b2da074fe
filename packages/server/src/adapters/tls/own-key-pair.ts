import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Instant } from "../../domain/ids.ts";
import { PortError } from "../../ports/port-error.ts";
import { createPrivateFile, replacePrivateFile } from "../private-file.ts";
import type { CertificateWish } from "./make-certificate.ts";
import { makePrivateKey } from "./make-private-key.ts";
import type { CheckedKeyPair, KeyPairFiles } from "./read-key-pair.ts";
import { checkKeyPair, readKeyPair, readPrivateKey } from "./read-key-pair.ts";

/** What a certificate of the server's own is made for. */
export interface OwnCertificateWish {
  /** At least one, as `parseCertificateName` spells them. */
  readonly names: readonly string[];
  readonly now: Instant;
}

const KEY_FILE = "tls-key.pem";
const CERTIFICATE_FILE = "tls-certificate.pem";

/** Where a data directory keeps the certificate that its server has made itself. */
export const ownKeyPairFiles = (directory: string): KeyPairFiles => ({
  certFile: join(directory, CERTIFICATE_FILE),
  keyFile: join(directory, KEY_FILE),
});

/** What encodes certificates is loaded where one is made, and by no other start. */
const makeCertificate = async (wish: CertificateWish): Promise<string> =>
  await (await import("./make-certificate.ts")).makeCertificate(wish);

/** A fresh pair that lies in no file. */
export const makeKeyPair = async (wish: OwnCertificateWish): Promise<CheckedKeyPair> => {
  const keyPem = makePrivateKey();
  const certPem = await makeCertificate({ keyPem, ...wish });
  return checkKeyPair(
    { certPem, keyPem },
    { certFile: "of this process", keyFile: "of this process" },
  );
};

/** The pair in the files, which is made where there is none. The key comes first: a crash in between leaves it for the next start. */
export const loadOrCreateKeyPair = async (
  files: KeyPairFiles,
  wish: OwnCertificateWish,
): Promise<CheckedKeyPair> => {
  const hasCertificate = existsSync(files.certFile);
  if (hasCertificate && !existsSync(files.keyFile))
    throw new PortError(
      "absent",
      `The key file ${files.keyFile} is not there, which the certificate in ${files.certFile} needs.`,
    );
  if (!hasCertificate) {
    createPrivateFile(files.keyFile, makePrivateKey());
    createPrivateFile(files.certFile, await certificateFor(files, wish));
  }
  return await readKeyPair(files);
};

const certificateFor = async (files: KeyPairFiles, wish: OwnCertificateWish): Promise<string> => {
  const keyPem = await readPrivateKey(files.keyFile);
  try {
    return await makeCertificate({ keyPem, ...wish });
  } catch (error) {
    throw new PortError(
      "corrupt",
      `The key in the file ${files.keyFile} is not one that the server has made: certificates of its own need a P-256 key.`,
      { cause: error },
    );
  }
};

/** Puts a new certificate of the same key in the place of the present one, in one step; pins of the key go on to fit. */
export const renewCertificate = async (
  files: KeyPairFiles,
  wish: OwnCertificateWish,
): Promise<CheckedKeyPair> => {
  replacePrivateFile(files.certFile, await certificateFor(files, wish));
  return await readKeyPair(files);
};
