import { createHash } from "node:crypto";
import { envelopeText } from "./envelope-text.ts";
import { certificateFileOf, type SignerCertificate } from "./signer-certificate.ts";

/** What a small package is to be; everything can be said wrongly too. */
export interface PackageWish {
  /** What descriptor, manifest and certificate have in common; `vm` where it is left out. */
  readonly base?: string;
  /** Contents of its disks by their names; one of a few bytes where it is left out. */
  readonly disks?: Readonly<Record<string, string>>;
  /** Algorithm of the manifest, as it is written there; null leaves the manifest out. */
  readonly algorithm?: "SHA1" | "SHA256" | "SHA512" | null;
  /** Who signs the manifest, with certificates of the chain behind; unsigned where it is left out. */
  readonly signers?: readonly [SignerCertificate, ...SignerCertificate[]];
  /** Sections of the descriptor besides, and its systems, as text. */
  readonly sections?: string;
  readonly systems?: string;
}

const NODE_NAMES = { SHA1: "sha1", SHA256: "sha256", SHA512: "sha512" } as const;

/** A line of a manifest. */
export const manifestLine = (
  algorithm: keyof typeof NODE_NAMES,
  name: string,
  content: string,
): string =>
  `${algorithm}(${name})= ${createHash(NODE_NAMES[algorithm]).update(content).digest("hex")}\n`;

/** The files of a small package by their names, in the order in which a server wants them: first what proves, then what describes. */
export const packageFiles = (wish: PackageWish = {}): Record<string, string> => {
  const { base = "vm", algorithm = "SHA256", signers } = wish;
  const disks = wish.disks ?? { [`${base}-disk1.vmdk`]: "bytes of a disk" };
  const named = Object.entries(disks);
  const descriptor = envelopeText({
    files: named.map(([href, content], at) => ({
      id: `file${at}`,
      href,
      size: Buffer.byteLength(content),
    })),
    disks: named.map((_, at) => ({ diskId: `disk${at}`, fileRef: `file${at}`, capacity: 1024 })),
    ...(wish.sections === undefined ? {} : { sections: wish.sections }),
    ...(wish.systems === undefined ? {} : { systems: wish.systems }),
  });
  const described = { [`${base}.ovf`]: descriptor, ...disks };
  if (algorithm === null) return described;
  const manifest = Object.entries(described)
    .map(([name, content]) => manifestLine(algorithm, name, content))
    .join("");
  const name = `${base}.mf`;
  if (signers === undefined) return { [name]: manifest, ...described };
  const certificate = certificateFileOf({ name, bytes: Buffer.from(manifest) }, signers);
  return { [name]: manifest, [`${base}.cert`]: certificate, ...described };
};
