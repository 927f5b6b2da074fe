import type { Descriptor } from "../descriptor/descriptor.ts";
import { DescriptorReader } from "../descriptor/descriptor-reader.ts";
import type { Report } from "../finding.ts";
import { rolesOf } from "../judge/package-roles.ts";
import { CERTIFICATE_BYTES_MAX, DESCRIPTOR_BYTES_MAX, MANIFEST_BYTES_MAX } from "../limits.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { ManifestReader } from "../manifest/manifest-reader.ts";
import type { CertificateFile } from "../signature/certificate-file.ts";
import { CertificateReader } from "../signature/certificate-reader.ts";

/** The files of a package that say something of the others. */
export type TextRole = "descriptor" | "manifest" | "certificate";

/** How many bytes of each are read at most: one more than it may have, so that what is too large is seen. */
export const TEXT_BYTES_READ: Readonly<Record<TextRole, number>> = {
  descriptor: DESCRIPTOR_BYTES_MAX + 1,
  manifest: MANIFEST_BYTES_MAX + 1,
  certificate: CERTIFICATE_BYTES_MAX + 1,
};

/** What a file is by the end of its name; null where it is one of the others. */
export const textRoleOf = (name: string): TextRole | null => {
  const { descriptors, manifests, certificates } = rolesOf([name]);
  if (descriptors.length > 0) return "descriptor";
  if (manifests.length > 0) return "manifest";
  return certificates.length > 0 ? "certificate" : null;
};

/** A text that is being read. */
export interface TextReading {
  write(bytes: Uint8Array): void;
  end(): void;
}

/** What was read of the texts of a package: the first of each role, since more than one is an error in any case. */
export class PackageTexts {
  readonly #report: Report;
  readonly #names = new Map<TextRole, string>();
  #descriptor: Descriptor | null = null;
  #manifest: Manifest | null = null;
  #manifestBytes: Uint8Array | null = null;
  #certificate: CertificateFile | null = null;

  constructor(report: Report) {
    this.#report = report;
  }

  get descriptor(): Descriptor | null {
    return this.#descriptor;
  }

  get manifest(): Manifest | null {
    return this.#manifest;
  }

  /** The very bytes of the manifest, which the signature is over; null where they are too many, or not here. */
  get manifestBytes(): Uint8Array | null {
    return this.#manifestBytes;
  }

  get certificate(): CertificateFile | null {
    return this.#certificate;
  }

  /** Whether there was a manifest, read or not. */
  get hasManifest(): boolean {
    return this.#names.has("manifest");
  }

  /** Begins to read a file of this name; null where it is none of the three, or not the first of its role. */
  begin(name: string): TextReading | null {
    const role = textRoleOf(name);
    if (role === null || this.#names.has(role)) return null;
    this.#names.set(role, name);
    switch (role) {
      case "descriptor":
        return this.#beginDescriptor(name);
      case "manifest":
        return this.#beginManifest(name);
      case "certificate":
        return this.#beginCertificate(name);
    }
  }

  #beginDescriptor(name: string): TextReading {
    const reader = new DescriptorReader(name, this.#report);
    return {
      write: (bytes) => reader.write(bytes),
      end: () => void (this.#descriptor = reader.end()),
    };
  }

  #beginManifest(name: string): TextReading {
    const reader = new ManifestReader(name, this.#report);
    const kept: Uint8Array[] = [];
    let bytes = 0;
    return {
      write: (piece) => {
        reader.write(piece);
        bytes += piece.length;
        if (bytes > MANIFEST_BYTES_MAX) kept.length = 0;
        else kept.push(Uint8Array.from(piece));
      },
      end: () => {
        this.#manifest = reader.end();
        if (bytes <= MANIFEST_BYTES_MAX) this.#manifestBytes = Buffer.concat(kept);
      },
    };
  }

  #beginCertificate(name: string): TextReading {
    const reader = new CertificateReader(name, this.#report);
    return {
      write: (bytes) => reader.write(bytes),
      end: () => void (this.#certificate = reader.end()),
    };
  }
}
