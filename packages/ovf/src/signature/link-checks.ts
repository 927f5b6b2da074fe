import { LINK_CHECKS_MAX } from "../limits.ts";
import { checkSignature } from "./check-signature.ts";
import type { ReadCertificate } from "./read-certificate.ts";

const isSignedBy = async (
  certificate: ReadCertificate,
  issuer: ReadCertificate,
): Promise<boolean> => {
  const { signed, signature, scheme, issuerId } = certificate;
  if (issuerId !== issuer.subjectId || scheme === null) return false;
  return await checkSignature(issuer.key, { text: signed, signature, scheme });
};

/** Whether a certificate is signed by its own key, and names itself as its issuer. */
export const isSelfSigned = async (certificate: ReadCertificate): Promise<boolean> =>
  await isSignedBy(certificate, certificate);

/** Checks which certificate signed which, each pair once, and no more pairs than the limit allows. */
export class LinkChecks {
  readonly #known = new Map<ReadCertificate, Map<ReadCertificate, boolean>>();
  #checks = 0;

  /** Whether one certificate is signed by the key of another, and names it as its issuer; past the limit none is. */
  async isIssuedBy(certificate: ReadCertificate, issuer: ReadCertificate): Promise<boolean> {
    const issuers = this.#known.get(certificate) ?? new Map<ReadCertificate, boolean>();
    const known = issuers.get(issuer);
    if (known !== undefined) return known;
    if (this.#checks >= LINK_CHECKS_MAX) return false;
    this.#checks += 1;
    const isIssued = await isSignedBy(certificate, issuer);
    this.#known.set(certificate, issuers.set(issuer, isIssued));
    return isIssued;
  }
}
