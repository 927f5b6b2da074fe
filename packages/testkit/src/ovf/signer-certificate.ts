import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A pair of keys as `node:crypto` makes it. */
export interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A certificate with its keys: what signs a manifest, or another certificate. */
export interface SignerCertificate {
  readonly der: Buffer;
  readonly pem: string;
  readonly keys: Keys;
  readonly commonName: string;
}

/** What is to be special about a certificate; else it is one of a self-signed signer on P-256 without extensions. */
export interface SignerWish {
  readonly commonName?: string;
  readonly keys?: Keys;
  /** Who signs it; default itself. */
  readonly issuer?: Pick<SignerCertificate, "commonName" | "keys">;
  readonly validFrom?: Date;
  readonly validUntil?: Date;
  /** Whether it says that it is an authority, and how many there may be below it. */
  readonly authority?: boolean | { readonly pathLength: number };
  /** First byte of the bits of key usage: 0x80 signs texts, 0x04 certificates. */
  readonly keyUsage?: number;
  /** Purposes by their OIDs in hexadecimal. */
  readonly purposes?: readonly string[];
  /** Extensions besides, in DER. */
  readonly extensions?: readonly Buffer[];
  /** Whether its signature is made over something else. */
  readonly isForged?: boolean;
  /** `sha256` where it is left out. */
  readonly hash?: "sha1" | "sha256";
}

/** A tag, the length of the content in as many bytes as it takes, and the content. */
export const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const size = content.byteLength;
  const length =
    size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};

const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts);
const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, "hex"));
const TRUE = tlv(0x01, Buffer.from([0xff]));

const ALGORITHMS = {
  ec: {
    sha1: sequence(oid("2a8648ce3d0401")),
    sha256: sequence(oid("2a8648ce3d040302")),
  },
  rsa: {
    sha1: sequence(oid("2a864886f70d010105"), tlv(0x05)),
    sha256: sequence(oid("2a864886f70d01010b"), tlv(0x05)),
  },
};

/** An extension by its OID in hexadecimal. */
export const extension = (id: string, value: Uint8Array, isCritical = false): Buffer =>
  sequence(oid(id), ...(isCritical ? [TRUE] : []), tlv(0x04, value));

/** A name of one part. */
export const nameOf = (commonName: string): Buffer =>
  sequence(tlv(0x31, sequence(oid("550403"), tlv(0x0c, Buffer.from(commonName)))));

const timeOf = (at: Date): Buffer =>
  tlv(0x18, Buffer.from(`${at.toISOString().replaceAll(/\D/g, "").slice(0, 14)}Z`));

const constraintsOf = (authority: SignerWish["authority"] & {}): Buffer => {
  if (authority === false) return sequence();
  return authority === true
    ? sequence(TRUE)
    : sequence(TRUE, tlv(0x02, Buffer.from([authority.pathLength])));
};

const extensionsOf = ({ authority, keyUsage, purposes, extensions }: SignerWish): Buffer[] => [
  ...(authority === undefined ? [] : [extension("551d13", constraintsOf(authority), true)]),
  ...(keyUsage === undefined
    ? []
    : [extension("551d0f", tlv(0x03, Buffer.from([0, keyUsage])), true)]),
  ...(purposes === undefined ? [] : [extension("551d25", sequence(...purposes.map(oid)))]),
  ...(extensions ?? []),
];

/** Fresh keys on a curve. */
export const ecKeys = (namedCurve = "P-256"): Keys => generateKeyPairSync("ec", { namedCurve });

/** Makes a certificate straight in DER; it owes nothing to the code that reads it. */
export const aSignerCertificate = (wish: SignerWish = {}): SignerCertificate => {
  const { commonName = "signer", keys = ecKeys(), hash = "sha256" } = wish;
  const issuer = wish.issuer ?? { commonName, keys };
  const isRsa = issuer.keys.privateKey.asymmetricKeyType === "rsa";
  const algorithm = ALGORITHMS[isRsa ? "rsa" : "ec"][hash];
  const extensions = extensionsOf(wish);
  const content = sequence(
    tlv(0xa0, Buffer.from("020102", "hex")),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    nameOf(issuer.commonName),
    sequence(
      timeOf(wish.validFrom ?? new Date("2024-01-01T00:00:00Z")),
      timeOf(wish.validUntil ?? new Date("2034-01-01T00:00:00Z")),
    ),
    nameOf(commonName),
    keys.publicKey.export({ type: "spki", format: "der" }),
    ...(extensions.length === 0 ? [] : [tlv(0xa3, sequence(...extensions))]),
  );
  const signedText = wish.isForged === true ? randomBytes(20) : content;
  const signature = sign(hash, signedText, issuer.keys.privateKey);
  const der = sequence(content, algorithm, tlv(0x03, Buffer.from([0]), signature));
  return { der, pem: pemOf(der), keys, commonName };
};

/** DER in PEM. */
export const pemOf = (der: Uint8Array, label = "CERTIFICATE"): string => {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
};

/** The text of a `.cert` file: the signature over a manifest, and certificates. */
export const certificateFileOf = (
  manifest: { readonly name: string; readonly bytes: Uint8Array },
  [signer, ...chain]: readonly [SignerCertificate, ...Pick<SignerCertificate, "pem">[]],
): string => {
  const signature = sign("sha256", manifest.bytes, signer.keys.privateKey).toString("hex");
  const blocks = [signer, ...chain].map(({ pem }) => pem).join("");
  return `SHA256(${manifest.name})= ${signature}\n${blocks}`;
};
