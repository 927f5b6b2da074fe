import { generateKeyPairSync, sign } from "node:crypto";
import {
  CERTIFICATE_BYTES_MAX,
  type FindingCode,
  PEM_BLOCK_BYTES_MAX,
  PEM_BLOCKS_MAX,
} from "@contentlib/ovf";
import type { PackageRecipe, RecipePair } from "./package-recipe.ts";
import {
  aSignerCertificate,
  certificateFileOf,
  ecKeys,
  pemOf,
  type SignerCertificate,
  type SignerWish,
} from "./signer-certificate.ts";
import { MIDDLE, NOW, ROOT, SIGNER } from "./signer-rig.ts";
import {
  archive,
  archiveWith,
  type Contents,
  coveredContents,
  descriptorText,
  DISK,
  manifestText,
} from "./sound-package.ts";

const CONTENTS = coveredContents();
const MANIFEST = Buffer.from(CONTENTS["x.mf"]!);
const TRUSTED = [ROOT.der];
const DAY_MS = 86_400_000;
const dayFrom = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);

const signedBy = (
  signer: SignerCertificate,
  chain: readonly SignerCertificate[] = [MIDDLE],
  manifest = { name: "x.mf", bytes: MANIFEST },
): string => certificateFileOf(manifest, [signer, ...chain]);

const SOUND = signedBy(SIGNER);
const [SIGNATURE_LINE = ""] = SOUND.split("\n");
const PEMS = SOUND.slice(SIGNATURE_LINE.length + 1);

const signed = (certificate: string, contents: Contents = CONTENTS) =>
  archiveWith({ ...contents, "x.cert": certificate });

/** A package whose manifest has lines for these files alone, and is signed. */
const signedOver = (covered: Contents) => {
  const manifest = manifestText(covered);
  const certificate = signedBy(SIGNER, [MIDDLE], {
    name: "x.mf",
    bytes: Buffer.from(manifest),
  });
  return signed(certificate, { ...CONTENTS, "x.mf": manifest });
};

/** A pair of certificate files behind the same manifest. */
const texts = (code: FindingCode, crooked: string, inside = SOUND): RecipePair => ({
  code,
  crooked: signed(crooked),
  inside: signed(inside),
  trusted: TRUSTED,
});

/** A pair of signers below the same authority. */
const signers = (code: FindingCode, crooked: SignerWish, inside: SignerWish = {}): RecipePair =>
  texts(
    code,
    signedBy(aSignerCertificate({ issuer: MIDDLE, ...crooked })),
    signedBy(aSignerCertificate({ issuer: MIDDLE, ...inside })),
  );

const lineOf = (word: string, hash: string): string =>
  `${word}(x.mf)= ${sign(hash, MANIFEST, SIGNER.keys.privateKey).toString("hex")}\n${PEMS}`;

/** A file of so many bytes, most of them text that is passed over. */
const filled = (bytes: number): string => {
  const line = `${"x".repeat(99)}\n`;
  const room = bytes - SOUND.length;
  return SOUND + line.repeat(room / line.length) + "\n".repeat(room % line.length);
};

const blocks = (count: number): string =>
  `${SIGNATURE_LINE}\n${SIGNER.pem}${MIDDLE.pem.repeat(count - 1)}`;

/** A block of some other kind, with so many characters of Base64. */
const largeBlock = (characters: number): string =>
  `${SOUND}-----BEGIN OTHER-----\n${"A".repeat(characters)}\n-----END OTHER-----\n`;

const rsa = (modulusLength: number) => generateKeyPairSync("rsa", { modulusLength });

/** What cannot be read, at the end of a chain and at its beginning. */
const textPairs = (): readonly RecipePair[] => [
  texts("certificate.too_large", filled(CERTIFICATE_BYTES_MAX + 1), filled(CERTIFICATE_BYTES_MAX)),
  texts("certificate.too_many_blocks", blocks(PEM_BLOCKS_MAX + 1), blocks(PEM_BLOCKS_MAX)),
  texts(
    "certificate.block_too_large",
    largeBlock(PEM_BLOCK_BYTES_MAX + 4),
    largeBlock(PEM_BLOCK_BYTES_MAX - 4),
  ),
  texts("certificate.no_signature", PEMS, `${PEMS}${SIGNATURE_LINE}\n`),
  texts("certificate.no_certificate", `${SIGNATURE_LINE}\n${pemOf(SIGNER.der, "PKCS7")}`),
  texts("certificate.unreadable", `${SIGNATURE_LINE}\n${pemOf(Buffer.from("no DER"))}`),
  texts("certificate.algorithm_unknown", lineOf("MD4", "sha256"), lineOf("SHA2-256", "sha256")),
];

/** Each code of signatures, and the one that is just inside. */
export const signaturePairs = (): readonly RecipePair[] => [
  ...textPairs(),
  {
    code: "certificate.several",
    crooked: archiveWith({ ...CONTENTS, "x.cert": SOUND, "y.cert": "" }),
    inside: archiveWith({ ...CONTENTS, "x.cert": SOUND, "y.crt": "" }),
    insideRaises: ["file.surplus"],
    trusted: TRUSTED,
  },
  {
    code: "certificate.without_manifest",
    crooked: archiveWith({ "x.cert": SOUND }),
    inside: signed(SOUND),
    trusted: TRUSTED,
  },
  {
    code: "certificate.named_otherwise",
    crooked: archiveWith({ ...CONTENTS, "signer.cert": SOUND }),
    inside: archiveWith({ ...CONTENTS, "x.CERT": SOUND }),
    trusted: TRUSTED,
  },
  texts("certificate.names_another", signedBy(SIGNER, [MIDDLE], { name: "y.mf", bytes: MANIFEST })),
  signers("certificate.key_refused", { keys: ecKeys("secp256k1") }, { keys: ecKeys("P-521") }),
  texts(
    "certificate.signature_differs",
    signedBy(SIGNER, [MIDDLE], { name: "x.mf", bytes: Buffer.concat([MANIFEST, MANIFEST]) }),
  ),
  {
    code: "certificate.covers_too_little",
    crooked: signedOver({ "x.ovf": CONTENTS["x.ovf"]! }),
    inside: signedOver({ "x.ovf": CONTENTS["x.ovf"]!, "disk.vmdk": DISK }),
    trusted: TRUSTED,
  },
  {
    ...texts("certificate.self_signed", signedBy(aSignerCertificate(), [])),
    also: ["certificate.untrusted"],
  },
  signers("certificate.expired", { validUntil: dayFrom(-1) }, { validUntil: dayFrom(1) }),
  signers("certificate.not_yet_valid", { validFrom: dayFrom(1) }, { validFrom: dayFrom(-1) }),
  texts("certificate.untrusted", signedBy(SIGNER, []), SOUND),
  signers("certificate.weak", { keys: rsa(1024) }, { keys: rsa(2048) }),
];

const trustedBy = (
  name: string,
  raises: readonly FindingCode[],
  certificate: string,
): PackageRecipe => ({ name, raises, files: signed(certificate), trusted: TRUSTED });

const stranger = aSignerCertificate({ commonName: "stranger" });

/** Signatures as forgers make them, and as old tools did. */
export const oddSignatures = (): readonly PackageRecipe[] => [
  trustedBy(
    "a signature by another key than that of the certificate",
    ["certificate.signature_differs"],
    `${signedBy(stranger, []).split("\n")[0]}\n${PEMS}`,
  ),
  trustedBy(
    "a chain whose authority is not among the trusted",
    ["certificate.untrusted"],
    signedBy(aSignerCertificate({ issuer: stranger }), [stranger]),
  ),
  trustedBy(
    "a signer that names an authority which did not sign it",
    ["certificate.untrusted"],
    signedBy(aSignerCertificate({ issuer: MIDDLE, isForged: true })),
  ),
  trustedBy(
    "an authority that expired",
    ["certificate.expired"],
    (() => {
      const old = aSignerCertificate({
        commonName: "old",
        authority: true,
        issuer: ROOT,
        validUntil: dayFrom(-1),
      });
      return signedBy(aSignerCertificate({ issuer: old }), [old]);
    })(),
  ),
  trustedBy(
    "a signature for the manifest with ./ before its name",
    [],
    signedBy(SIGNER, [MIDDLE], { name: "./x.mf", bytes: MANIFEST }),
  ),
  trustedBy("a signature with SHA-1", ["certificate.weak"], lineOf("SHA1", "sha1")),
  trustedBy(
    "a certificate that is cut",
    ["certificate.unreadable"],
    SOUND.slice(0, SIGNATURE_LINE.length + 200),
  ),
  {
    name: "a signed manifest of another package",
    raises: [
      "certificate.covers_too_little",
      "certificate.named_otherwise",
      "manifest.file_unknown",
      "manifest.named_otherwise",
    ],
    files: archive({
      "y.ovf": descriptorText({ files: [{ id: "f", href: "z.vmdk" }] }),
      "x.mf": MANIFEST,
      "x.cert": SOUND,
      "z.vmdk": "another",
    }),
    trusted: TRUSTED,
  },
  {
    name: "a signed manifest of nothing",
    raises: ["certificate.covers_too_little", "manifest.empty"],
    files: signedOver({}),
    trusted: TRUSTED,
  },
  {
    name: "a manifest that was changed after it was signed",
    raises: ["certificate.signature_differs"],
    files: signed(SOUND, { ...CONTENTS, "x.mf": Buffer.concat([MANIFEST, Buffer.from("\n")]) }),
    trusted: TRUSTED,
  },
];
