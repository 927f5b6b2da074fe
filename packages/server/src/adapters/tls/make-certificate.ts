import type { KeyObject } from "node:crypto";
import { createHash, createPrivateKey, createPublicKey, randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import { Integer, OctetString, Utf8String } from "asn1js";
import {
  AltName,
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  CryptoEngine,
  Extension,
  ExtKeyUsage,
  GeneralName,
  PublicKeyInfo,
  Time,
  TimeType,
} from "pkijs";
import type { Instant } from "../../domain/ids.ts";
import { invariant } from "../../domain/invariant.ts";
import { addressBytes } from "./certificate-name.ts";
import { CURVE } from "./make-private-key.ts";

const HASH = "SHA-256";
/** Counted from 0, as the encoding does. */
const X509_V3 = 2;
const SERIAL_BYTES = 16;
const SECOND_MS = 1000;
const DAY_MS = 24 * 3_600_000;

/** How long a certificate of our own is valid: the longest that Apple's systems accept. */
const CERTIFICATE_LIFE_MS = 825 * DAY_MS;
/** Clients whose clock is a little behind must not find the certificate not valid yet. */
const CERTIFICATE_BACKDATED_MS = DAY_MS;

/** Numbers of X.520 and RFC 5280 for what the certificate says. */
const OID = {
  commonName: "2.5.4.3",
  subjectKeyIdentifier: "2.5.29.14",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  extKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
} as const;
/** Longest common name that RFC 5280 allows; names in the alternative names may be longer. */
const COMMON_NAME_CHARACTERS_MAX = 64;

/** Kinds of a GeneralName (RFC 5280, 4.2.1.6). */
const GENERAL_NAME = { dns: 2, ip: 7 } as const;

const engine = new CryptoEngine({ name: "node", crypto: webcrypto });

/** What a certificate is for and when it is made. */
export interface CertificateWish {
  /** A P-256 key in PKCS#8 PEM, as `makePrivateKey` gives. */
  readonly keyPem: string;
  /** At least one, as `parseCertificateName` spells them; the first one is the subject. */
  readonly names: readonly string[];
  readonly now: Instant;
}

const importKey = async (key: KeyObject): Promise<webcrypto.CryptoKey> =>
  await webcrypto.subtle.importKey(
    "pkcs8",
    key.export({ type: "pkcs8", format: "der" }),
    { name: "ECDSA", namedCurve: CURVE },
    false,
    ["sign"],
  );

/** A positive number of exactly 16 bytes, 126 of its bits random. */
const serialNumber = (): Integer => {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return new Integer({ valueHex: bytes });
};

const generalName = (name: string): GeneralName =>
  isIP(name) === 0
    ? new GeneralName({ type: GENERAL_NAME.dns, value: name })
    : new GeneralName({
        type: GENERAL_NAME.ip,
        value: new OctetString({ valueHex: addressBytes(name) }),
      });

const commonName = (names: readonly string[]): AttributeTypeAndValue => {
  const value = names.find((name) => name.length <= COMMON_NAME_CHARACTERS_MAX) ?? "contentlib";
  return new AttributeTypeAndValue({ type: OID.commonName, value: new Utf8String({ value }) });
};

/**
 * The extensions. CA is false: who trusts this certificate trusts this server, and nobody else that its key might vouch for.
 * There is no key usage: OpenSSL 1.0.2, which old clients carry, refuses a certificate that signs itself where its usage does not
 * allow signing certificates, and with CA false it must not allow that. Without the extension every use is allowed.
 */
const extensions = (names: readonly string[], spki: Buffer): Extension[] => {
  const alternatives = new AltName({ altNames: names.map(generalName) });
  const keyId = createHash("sha1").update(spki).digest();
  const parts: readonly (readonly [id: string, critical: boolean, der: ArrayBuffer])[] = [
    [OID.basicConstraints, true, new BasicConstraints({ cA: false }).toSchema().toBER()],
    [OID.extKeyUsage, false, new ExtKeyUsage({ keyPurposes: [OID.serverAuth] }).toSchema().toBER()],
    [OID.subjectAltName, false, alternatives.toSchema().toBER()],
    [OID.subjectKeyIdentifier, false, new OctetString({ valueHex: keyId }).toBER()],
  ];
  return parts.map(
    ([extnID, critical, der]) => new Extension({ extnID, critical, extnValue: der }),
  );
};

/** RFC 5280, 4.1.2.5: up to 2049 the year has two digits, from 2050 on four. */
const timeOf = (at: Instant): Time => {
  const value = new Date(at);
  const type = value.getUTCFullYear() < 2050 ? TimeType.UTCTime : TimeType.GeneralizedTime;
  return new Time({ type, value });
};

const pemOf = (der: ArrayBuffer): string => {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
};

/** A certificate for a TLS server, signed by its own key, in PEM. Times are whole seconds. */
export const makeCertificate = async ({ keyPem, names, now }: CertificateWish): Promise<string> => {
  invariant(names.length > 0, "A certificate is for a name at least.");
  const key = createPrivateKey(keyPem);
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  const certificate = new Certificate({
    version: X509_V3,
    serialNumber: serialNumber(),
    subjectPublicKeyInfo: PublicKeyInfo.fromBER(spki),
    extensions: extensions(names, spki),
  });
  certificate.subject.typesAndValues.push(commonName(names));
  certificate.issuer.typesAndValues.push(commonName(names));
  const from = Math.floor(now / SECOND_MS) * SECOND_MS - CERTIFICATE_BACKDATED_MS;
  certificate.notBefore = timeOf(from);
  certificate.notAfter = timeOf(from + CERTIFICATE_LIFE_MS);
  await certificate.sign(await importKey(key), HASH, engine);
  return pemOf(certificate.toSchema(true).toBER());
};
