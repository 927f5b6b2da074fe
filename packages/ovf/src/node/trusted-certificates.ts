import { X509Certificate } from "node:crypto";
import { getCACertificates } from "node:tls";

/** Certificates in PEM as DER; those that can not be read are left out. */
const derOf = (pems: readonly string[]): readonly Uint8Array[] =>
  pems.flatMap((pem) => {
    try {
      return [new X509Certificate(pem).raw];
    } catch {
      return [];
    }
  });

let ofSystem: readonly Uint8Array[] | null = null;

/** The certificates that this machine trusts, in DER; read once, when they are first asked for. */
export const systemCertificates = (): readonly Uint8Array[] =>
  // Many systems keep each certificate in a file of its own and once more in one of all.
  (ofSystem ??= derOf([...new Set(getCACertificates("system"))]));

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** The certificates of a text in PEM, in DER; null where it has none, or one that can not be read. */
export const readTrustedCertificates = (text: string): readonly Uint8Array[] | null => {
  const pems = text.match(BLOCK) ?? [];
  const read = derOf(pems);
  return read.length === 0 || read.length < pems.length ? null : read;
};
