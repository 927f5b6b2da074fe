import {
  CERTIFICATE_BYTES_MAX,
  type CertificateFile,
  CertificateReader,
  DESCRIPTOR_BYTES_MAX,
  type Descriptor,
  DescriptorReader,
  type Finding,
  FINDINGS,
  MANIFEST_BYTES_MAX,
  type Manifest,
  ManifestReader,
} from "@contentlib/ovf";

/** What a file says that tells of others; its value is null where it can not be read, and the findings, errors alone, say why. */
export type PackageMetadata = { readonly findings: readonly Finding[] } & (
  | { readonly role: "descriptor"; readonly value: Descriptor | null }
  | { readonly role: "manifest"; readonly value: Manifest | null; readonly bytes: Uint8Array }
  | { readonly role: "certificate"; readonly value: CertificateFile | null }
);

export type MetadataRole = PackageMetadata["role"];

/** Most bytes of such a file that are looked at: one more than it may have, so that too many are noticed. */
export const METADATA_BYTES_MAX: Readonly<Record<MetadataRole, number>> = {
  descriptor: DESCRIPTOR_BYTES_MAX + 1,
  manifest: MANIFEST_BYTES_MAX + 1,
  certificate: CERTIFICATE_BYTES_MAX + 1,
};

/** Reads such a file while its bytes come. */
export interface MetadataReading {
  write(bytes: Uint8Array): void;
  end(): PackageMetadata;
}

/** How many errors of a file are kept: whoever sent it is told the first. */
const ERRORS_MAX = 10;

/** Keeps the first errors; warnings are for those who lint. */
const errorsInto =
  (findings: Finding[]) =>
  (finding: Finding): void => {
    const isError = FINDINGS[finding.code].severity === "error";
    if (isError && findings.length < ERRORS_MAX) findings.push(finding);
  };

const manifestReading = (name: string): MetadataReading => {
  const findings: Finding[] = [];
  const reader = new ManifestReader(name, errorsInto(findings));
  const pieces: Uint8Array[] = [];
  return {
    write: (bytes) => {
      pieces.push(Uint8Array.from(bytes));
      reader.write(bytes);
    },
    end: () => {
      const value = reader.end();
      return { role: "manifest", value, bytes: Buffer.concat(pieces), findings };
    },
  };
};

/** Begins to read a file of that role; `name` is what findings call it. */
export const readingOf = (role: MetadataRole, name: string): MetadataReading => {
  if (role === "manifest") return manifestReading(name);
  const findings: Finding[] = [];
  const report = errorsInto(findings);
  if (role === "descriptor") {
    const reader = new DescriptorReader(name, report);
    return {
      write: (bytes) => reader.write(bytes),
      end: () => ({ role, value: reader.end(), findings }),
    };
  }
  const reader = new CertificateReader(name, report);
  return {
    write: (bytes) => reader.write(bytes),
    end: () => ({ role, value: reader.end(), findings }),
  };
};
