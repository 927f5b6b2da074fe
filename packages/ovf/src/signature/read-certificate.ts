import { Constructed } from "asn1js";
import { type Asn1, Asn1Error, bitsOf, bytesOf, readAsn1, sequenceOf } from "./asn1.ts";
import { toBase64 } from "../base64.ts";
import { type Purposes, readPurposes } from "./certificate-extensions.ts";
import { readCertificateTime } from "./certificate-time.ts";
import { readDistinguishedName } from "./distinguished-name.ts";
import { type PublicKey, readPublicKey } from "./public-key.ts";
import { readSignatureScheme, type SignatureScheme } from "./signature-scheme.ts";

/** A certificate (RFC 5280) as far as trust is made of it. */
export interface ReadCertificate {
  readonly der: Uint8Array;
  /** The certificate itself, and the names of its subject and issuer, as texts that are the same where the bytes are. */
  readonly id: string;
  readonly subjectId: string;
  readonly issuerId: string;
  /** The names as they are shown. */
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly key: PublicKey;
  readonly purposes: Purposes;
  /** What its issuer signed, how, and the signature; the scheme is null where it is none that is checked here. */
  readonly signed: Uint8Array<ArrayBuffer>;
  readonly scheme: SignatureScheme | null;
  readonly signature: Uint8Array<ArrayBuffer>;
}

const CONTEXT = 3;
const VERSION = 0;
const EXTENSIONS = 3;

const isTagged = (value: Asn1 | undefined, tag: number): boolean =>
  value?.idBlock.tagClass === CONTEXT && value.idBlock.tagNumber === tag;

const extensionsIn = (members: readonly Asn1[]): readonly Asn1[] => {
  const tagged = members.find((member) => isTagged(member, EXTENSIONS));
  if (tagged === undefined) return [];
  if (!(tagged instanceof Constructed)) throw new Asn1Error("its extensions can not be read");
  return sequenceOf(tagged.valueBlock.value[0]);
};

const read = (der: Uint8Array): ReadCertificate => {
  const [tbs, algorithm, signature] = sequenceOf(readAsn1(der));
  const members = sequenceOf(tbs);
  const [, inner, issuer, validity, subject, key, ...rest] = isTagged(members[0], VERSION)
    ? members.slice(1)
    : members;
  if (key === undefined) throw new Asn1Error("its key is missing");
  if (toBase64(bytesOf(inner)) !== toBase64(bytesOf(algorithm)))
    throw new Asn1Error("it names two algorithms of its signature");
  const [notBefore, notAfter] = sequenceOf(validity);
  return {
    der,
    id: toBase64(der),
    subjectId: toBase64(bytesOf(subject)),
    issuerId: toBase64(bytesOf(issuer)),
    subject: readDistinguishedName(subject),
    issuer: readDistinguishedName(issuer),
    notBefore: readCertificateTime(notBefore),
    notAfter: readCertificateTime(notAfter),
    key: readPublicKey(key),
    purposes: readPurposes(extensionsIn(rest)),
    signed: bytesOf(tbs),
    scheme: readSignatureScheme(algorithm),
    signature: bitsOf(signature),
  };
};

/** Reads a certificate in DER; or tells why it can not be read. */
export const readCertificate = (der: Uint8Array): ReadCertificate | { readonly fault: string } => {
  try {
    return read(der);
  } catch (error) {
    // The libraries throw errors of many kinds for bytes that are no certificate; none of them says more to people.
    return { fault: error instanceof Asn1Error ? error.message : "it is no certificate" };
  }
};
