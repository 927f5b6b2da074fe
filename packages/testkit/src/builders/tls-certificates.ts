import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";

/** A key, and a certificate for it: what a TLS server shows. */
export interface TlsIdentity {
  readonly certPem: string;
  readonly keyPem: string;
}

/** What is to be special about a certificate; the rest is that of a self-signed one for loopback that is valid now. */
export interface TlsCertificateWish {
  readonly commonName?: string;
  /** DNS names, IPv4 addresses, and IPv6 addresses with all their 32 digits. */
  readonly names?: readonly string[];
  readonly validFrom?: Date;
  readonly validUntil?: Date;
  /** The key of an earlier certificate; default a fresh one. */
  readonly keyPem?: string;
  /** Who signs it, by `commonName`; default itself. */
  readonly issuer?: TlsIdentity & { readonly commonName: string };
  /** Whether it may sign others. */
  readonly isAuthority?: boolean;
}

/**
 * Makes a certificate (X.509 version 3, ECDSA over P-256) straight in DER, for tests of clients: it owes nothing to the code
 * that makes the server's own.
 */
export function aTlsIdentity(wish: TlsCertificateWish = {}): TlsIdentity {
  const keyPem = wish.keyPem ?? freshKey();
  const commonName = wish.commonName ?? "contentlib test";
  const issuer = wish.issuer ?? { keyPem, commonName };
  const content = sequence(
    tlv(0xa0, Buffer.from("020102", "hex")),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    nameOf(issuer.commonName),
    sequence(
      timeOf(wish.validFrom ?? new Date("2024-01-01T00:00:00Z")),
      timeOf(wish.validUntil ?? new Date("2124-01-01T00:00:00Z")),
    ),
    nameOf(commonName),
    createPublicKey(createPrivateKey(keyPem)).export({ type: "spki", format: "der" }),
    tlv(0xa3, sequence(...extensionsOf(wish))),
  );
  const signature = sign("sha256", content, issuer.keyPem);
  const der = sequence(content, ECDSA_WITH_SHA256, tlv(0x03, Buffer.from([0]), signature));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  const certPem = `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
  return { certPem, keyPem };
}

const freshKey = (): string =>
  generateKeyPairSync("ec", { namedCurve: "P-256" })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();

function extensionsOf({ names = ["localhost", "127.0.0.1"], isAuthority }: TlsCertificateWish) {
  const entries = names.map(alternativeName);
  const alternative = sequence(SUBJECT_ALT_NAME, tlv(0x04, sequence(...entries)));
  const constraints = sequence(BASIC_CONSTRAINTS, TRUE, tlv(0x04, sequence(TRUE)));
  return isAuthority ? [alternative, constraints] : [alternative];
}

function alternativeName(name: string): Buffer {
  if (isIPv4(name)) return tlv(0x87, Buffer.from(name.split(".").map(Number)));
  if (isIPv6(name)) return tlv(0x87, Buffer.from(name.replaceAll(":", ""), "hex"));
  return tlv(0x82, Buffer.from(name));
}

/** A tag, the length of the content in as many bytes as it takes, and the content. */
function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.byteLength;
  const length =
    size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tlv(0x30, ...parts);
const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, "hex"));

const ECDSA_WITH_SHA256 = sequence(oid("2a8648ce3d040302"));
const COMMON_NAME = oid("550403");
const SUBJECT_ALT_NAME = oid("551d11");
const BASIC_CONSTRAINTS = oid("551d13");
const TRUE = tlv(0x01, Buffer.from([0xff]));

const nameOf = (commonName: string): Buffer =>
  sequence(tlv(0x31, sequence(COMMON_NAME, tlv(0x0c, Buffer.from(commonName)))));

const timeOf = (at: Date): Buffer =>
  tlv(0x18, Buffer.from(`${at.toISOString().replaceAll(/\D/g, "").slice(0, 14)}Z`));
