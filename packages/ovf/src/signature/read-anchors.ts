import { fromBase64 } from "../base64.ts";
import { latin1Of } from "../latin1.ts";
import { CHAIN_LENGTH_MAX } from "../limits.ts";
import { type ReadCertificate, readCertificate } from "./read-certificate.ts";

/** The bytes of an issuer's name, as a text in which each character is one byte. */
const issuerNameOf = ({ issuerId }: ReadCertificate): string =>
  latin1Of(fromBase64(issuerId) ?? new Uint8Array());

/**
 * Reads those of the trusted certificates that can be on a path from the offered ones, and maybe some more. A system trusts
 * hundreds, and reading them all takes half a second; but one that issued another, or is among the offered ones itself, has the
 * name of an issuer in its bytes, which is quickly seen. What can not be read is left out.
 */
export const readAnchors = (
  trusted: readonly Uint8Array[],
  offered: readonly ReadCertificate[],
): readonly ReadCertificate[] => {
  const anchors: ReadCertificate[] = [];
  let rest = trusted.map((der) => ({ der, text: latin1Of(der) }));
  let names = new Set(offered.map(issuerNameOf));
  for (let length = 1; length <= CHAIN_LENGTH_MAX && names.size > 0; length += 1) {
    const sought = [...names];
    const near = rest.filter(({ text }) => sought.some((name) => text.includes(name)));
    const read = near.flatMap(({ der }) => {
      const certificate = readCertificate(der);
      return "fault" in certificate ? [] : [certificate];
    });
    anchors.push(...read);
    const taken = new Set(near);
    rest = rest.filter((one) => !taken.has(one));
    names = new Set(read.map(issuerNameOf).filter((name) => !sought.includes(name)));
  }
  return anchors;
};
