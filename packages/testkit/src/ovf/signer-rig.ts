import { sign } from "node:crypto";
import {
  type CertificateFile,
  type FindingCode,
  type JudgedSigner,
  judgeSigner,
} from "@contentlib/ovf";
import { aSignerCertificate, type SignerCertificate } from "./signer-certificate.ts";

/** A moment at which the certificates of these tests are valid, if nothing else is said. */
export const NOW = new Date("2026-01-01T00:00:00Z");
export const MANIFEST = Buffer.from("SHA256(x.ovf)= 00\n");

/** A certificate file by a signer, with other certificates behind its own. */
export const fileOf = (
  signer: SignerCertificate,
  others: readonly SignerCertificate[] = [],
  altered: Partial<CertificateFile> = {},
): CertificateFile => ({
  fileName: "x.cert",
  signedName: "x.mf",
  algorithm: "SHA256",
  signature: sign("sha256", MANIFEST, signer.keys.privateKey),
  line: 1,
  certificates: [signer, ...others].map(({ der }) => der),
  ...altered,
});

/** What is judged: a file, by whom is trusted, at a moment. */
export interface SignerCase {
  readonly file: CertificateFile;
  readonly trusted?: readonly SignerCertificate[];
  readonly now?: Date;
}

/** Judges with the real thing. */
export const judge = async ({ file, trusted = [], now = NOW }: SignerCase): Promise<JudgedSigner> =>
  await judgeSigner(file, MANIFEST, { now, trusted: trusted.map(({ der }) => der) });

/** The codes of what was found, in order. */
export const codes = async (judged: SignerCase): Promise<FindingCode[]> =>
  (await judge(judged)).findings.map(({ code }) => code);

/** An authority, one below it, and a signer below that. */
export const ROOT = aSignerCertificate({ commonName: "root", authority: true, keyUsage: 0x04 });
export const MIDDLE = aSignerCertificate({ commonName: "middle", authority: true, issuer: ROOT });
export const SIGNER = aSignerCertificate({ commonName: "signer", issuer: MIDDLE });
