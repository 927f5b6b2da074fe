import { DESCRIPTOR_FINDINGS } from "./descriptor-findings.ts";
import type { Severity } from "./finding.ts";

/** What stands in the catalogue of findings under a code. */
export interface FindingKind {
  readonly severity: Severity;
  /**
   * What was found, in one sentence. `{file}`, `{subject}`, `{expected}` and `{actual}` stand for the members of the finding.
   * Its place is written before it by whoever shows it.
   */
  readonly says: string;
  /** One suggestion how to mend it. */
  readonly mend: string;
}

/** Every kind of finding, by its code. Codes are forever: users filter by them. */
export const FINDINGS = {
  ...DESCRIPTOR_FINDINGS,
  "file.missing": {
    severity: "error",
    says: "The file {subject} is missing.",
    mend: "Add the file, or take it out of the References.",
  },
  "file.case_differs": {
    severity: "error",
    says: "The file {subject} is missing; {actual} is there, whose name differs in case.",
    mend: "Name the file exactly as the descriptor does.",
  },
  "file.size_differs": {
    severity: "error",
    says: "{file} has {actual} bytes, the descriptor says {expected}.",
    mend: "Write the size of the file as it is stored into ovf:size, or send the right file.",
  },
  "file.chunk_gap": {
    severity: "error",
    says: "The chunk {subject} is missing, but a later one is there.",
    mend: "Add the missing chunk.",
  },
  "file.chunk_size_differs": {
    severity: "error",
    says: "The chunk {file} has {actual} bytes; {expected} are expected.",
    mend: "Cut the file again: each chunk but the last has exactly chunkSize bytes.",
  },
  "file.empty_disk": {
    severity: "error",
    says: "The disk {file} has no bytes.",
    mend: "Export the appliance again.",
  },
  "file.not_as_compressed": {
    severity: "warning",
    says: "{file} is no gzip stream, the descriptor says gzip.",
    mend: "Compress the file, or remove ovf:compression.",
  },
  "file.not_plain": {
    severity: "error",
    says: "{file} is {actual}; it is not read.",
    mend: "Put the file itself beside the descriptor.",
  },
  "file.surplus": {
    severity: "note",
    says: "{file} is named nowhere in the descriptor.",
    mend: "Nothing needs to be done; leave it out if it is not wanted.",
  },
  "manifest.several": {
    severity: "error",
    says: "There is more than one manifest: {actual}.",
    mend: "Keep the one that belongs to the descriptor.",
  },
  "manifest.too_large": {
    severity: "error",
    says: "The manifest is larger than {expected} bytes.",
    mend: "A manifest has one short line for each file.",
  },
  "manifest.too_many_lines": {
    severity: "error",
    says: "The manifest has more than {expected} lines.",
    mend: "A manifest has one line for each file.",
  },
  "manifest.line_too_long": {
    severity: "error",
    says: "The line is longer than {expected} bytes.",
    mend: "A line is ALGORITHM(file)= digest.",
  },
  "manifest.line_unreadable": {
    severity: "error",
    says: "The line is not of the form ALGORITHM(file)= digest: {actual}",
    mend: "Write lines such as SHA256(disk.vmdk)= 0123...; openssl dgst -sha256 makes them.",
  },
  "manifest.plain_sums": {
    severity: "error",
    says: "The line is one of sha256sum, not of a manifest: {actual}",
    mend: "Make the manifest with openssl dgst -sha256, or with sha256sum --tag.",
  },
  "manifest.algorithm_unknown": {
    severity: "error",
    says: "The algorithm {actual} is not known.",
    mend: "Use SHA256, SHA512 or SHA1.",
  },
  "manifest.digest_length": {
    severity: "error",
    says: "The digest of {subject} has {actual} hexadecimal digits; {expected} are expected.",
    mend: "Make the manifest again.",
  },
  "manifest.file_twice": {
    severity: "error",
    says: "The manifest names {subject} more than once.",
    mend: "Keep one line for each file.",
  },
  "manifest.digest_differs": {
    severity: "error",
    says: "{subject} is not the file that the manifest tells of: {expected} is expected, {actual} was found.",
    mend: "Send the file again; if it was changed on purpose, make the manifest again.",
  },
  "manifest.empty": {
    severity: "warning",
    says: "The manifest {file} has no line that covers a file.",
    mend: "Make the manifest again over all files, or leave it out.",
  },
  "manifest.case_differs": {
    severity: "warning",
    says: "The manifest names {subject}; the file is {actual}, whose name differs in case.",
    mend: "Name the file in the manifest exactly as it is named.",
  },
  "manifest.file_unknown": {
    severity: "warning",
    says: "The manifest names {subject}, which the package does not have.",
    mend: "Add the file, or make the manifest again.",
  },
  "manifest.covers_itself": {
    severity: "warning",
    says: "The manifest names itself or the certificate.",
    mend: "Remove the line; it can not be checked.",
  },
  "manifest.file_uncovered": {
    severity: "note",
    says: "The manifest has no line for {subject}.",
    mend: "Make the manifest again over all files.",
  },
  "manifest.named_otherwise": {
    severity: "note",
    says: "The manifest {file} is not named as the descriptor {subject}.",
    mend: "Name it as the descriptor, with .mf at its end.",
  },
  "manifest.weak_algorithm": {
    severity: "note",
    says: "{subject} is protected by SHA-1 alone.",
    mend: "Make the manifest with SHA256.",
  },
  "certificate.several": {
    severity: "error",
    says: "There is more than one certificate file: {actual}.",
    mend: "Keep the one that belongs to the manifest.",
  },
  "certificate.without_manifest": {
    severity: "error",
    says: "There is a certificate, but no manifest that it could sign.",
    mend: "Add the manifest, or leave the certificate out.",
  },
  "certificate.named_otherwise": {
    severity: "note",
    says: "The certificate {file} is not named as the descriptor {subject}.",
    mend: "Name it as the descriptor, with .cert at its end.",
  },
  "certificate.too_large": {
    severity: "error",
    says: "The certificate file is larger than {expected} bytes.",
    mend: "It holds one line of signature and the signer's certificate.",
  },
  "certificate.too_many_blocks": {
    severity: "error",
    says: "The certificate file has more than {expected} certificates.",
    mend: "Keep the signer's certificate and its chain.",
  },
  "certificate.block_too_large": {
    severity: "error",
    says: "A certificate is larger than {expected} bytes.",
    mend: "Use a smaller certificate.",
  },
  "certificate.no_signature": {
    severity: "error",
    says: "The certificate file has no line of the form ALGORITHM(manifest)= signature.",
    mend: "Sign the package again; the first line holds the signature over the manifest.",
  },
  "certificate.no_certificate": {
    severity: "error",
    says: "The certificate file has no certificate in PEM form.",
    mend: "Append the signer's certificate.",
  },
  "certificate.unreadable": {
    severity: "error",
    says: "The certificate can not be read: {actual}",
    mend: "Append the signer's certificate as it was issued.",
  },
  "certificate.names_another": {
    severity: "error",
    says: "The signature is for {actual}, the manifest is {expected}.",
    mend: "Sign the manifest of this package.",
  },
  "certificate.algorithm_unknown": {
    severity: "error",
    says: "The algorithm {actual} of the signature is not known.",
    mend: "Sign with SHA256 or SHA512.",
  },
  "certificate.key_refused": {
    severity: "error",
    says: "The signer's key is not one that is checked here: {actual}.",
    mend: "Sign with RSA of 2048 to 16384 bits and the exponent 65537, or with ECDSA on P-256, P-384 or P-521.",
  },
  "certificate.signature_differs": {
    severity: "error",
    says: "The signature does not fit the manifest: the manifest was changed, or another key signed it.",
    mend: "Sign the manifest again with the key of this certificate.",
  },
  "certificate.covers_too_little": {
    severity: "error",
    says: "The signature does not cover {subject}: the manifest has no line for it.",
    mend: "Make the manifest again over all files, and sign it again.",
  },
  "certificate.self_signed": {
    severity: "warning",
    says: "The signer's certificate is signed by itself.",
    mend: "Sign with a certificate of an authority, add this one to the trusted certificates, or accept the warning.",
  },
  "certificate.expired": {
    severity: "warning",
    says: "The certificate of {subject} is valid until {expected}; it is {actual}.",
    mend: "Sign again with a valid certificate, or accept the warning.",
  },
  "certificate.not_yet_valid": {
    severity: "warning",
    says: "The certificate of {subject} is valid from {expected}; it is {actual}.",
    mend: "Check the clock, or accept the warning.",
  },
  "certificate.untrusted": {
    severity: "warning",
    says: "No trusted certificate vouches for {subject}: {actual}.",
    mend: "Add its authority to the trusted certificates, or accept the warning.",
  },
  "certificate.weak": {
    severity: "note",
    says: "The signature is weak: {subject} has {actual}.",
    mend: "Sign with SHA256 and RSA of at least 2048 bits.",
  },
  "archive.not_tar": {
    severity: "error",
    says: "{file} is no tar archive.",
    mend: "An OVA is a tar of the package's files, not compressed.",
  },
  "archive.compressed": {
    severity: "error",
    says: "{file} is compressed as a whole, with {actual}.",
    mend: "Unpack it first; an OVA is not compressed.",
  },
  "archive.header_refused": {
    severity: "error",
    says: "The header is damaged: {actual}.",
    mend: "Make or download the archive again.",
  },
  "archive.truncated": {
    severity: "error",
    says: "The archive ends within {subject}: {actual} of {expected} bytes are there.",
    mend: "Send the archive again.",
  },
  "archive.no_end": {
    severity: "note",
    says: "The archive has no mark of its end.",
    mend: "Nothing needs to be done; tar writes two blocks of zeros.",
  },
  "archive.trailing": {
    severity: "warning",
    says: "{actual} bytes follow the end of the archive, and not all of them are zero.",
    mend: "Make the archive again; nothing after its end is read.",
  },
  "archive.link": {
    severity: "error",
    says: "{subject} is a link.",
    mend: "Put the file itself into the archive.",
  },
  "archive.device": {
    severity: "error",
    says: "{subject} is a device or a pipe.",
    mend: "Only plain files belong into an OVA.",
  },
  "archive.sparse": {
    severity: "error",
    says: "{subject} is stored as a sparse file.",
    mend: "Make the archive without --sparse.",
  },
  "archive.directory": {
    severity: "error",
    says: "{subject} is a directory.",
    mend: "Put the files into the archive without a directory.",
  },
  "archive.kind_unknown": {
    severity: "error",
    says: "{subject} is of the kind {actual}, which is not known.",
    mend: "Only plain files belong into an OVA.",
  },
  "archive.member_twice": {
    severity: "error",
    says: "The archive has two members of the name {subject}.",
    mend: "Make the archive again with each file once.",
  },
  "archive.too_many_headers": {
    severity: "error",
    says: "The archive has more than {expected} headers.",
    mend: "An OVA has one for each file.",
  },
  "archive.extension_too_long": {
    severity: "error",
    says: "An extension header has {actual} bytes; {expected} are allowed.",
    mend: "Make the archive with --format=ustar or --format=gnu.",
  },
  "archive.too_many_extensions": {
    severity: "error",
    says: "More than {expected} extension headers stand before one member.",
    mend: "Make the archive again.",
  },
  "archive.apple_double": {
    severity: "note",
    says: "{subject} holds attributes of macOS; it is passed over.",
    mend: "Nothing needs to be done; COPYFILE_DISABLE=1 keeps tar of macOS from adding such members.",
  },
  "archive.size_refused": {
    severity: "error",
    says: "The size of {subject} is {actual}, which can not be.",
    mend: "Make the archive again.",
  },
  "archive.descriptor_not_first": {
    severity: "warning",
    says: "The first member is {actual}, not the descriptor {subject}.",
    mend: "Put the descriptor first: other products ask for it.",
  },
  "iso.no_volume": {
    severity: "warning",
    says: "{file} has no volume of ISO 9660 or UDF.",
    mend: "Check that this is the image that was meant, and that it is not compressed.",
  },
  "iso.shorter_than_volume": {
    severity: "warning",
    says: "{file} has {actual} bytes, its volume says {expected}.",
    mend: "Download the image again: its end is missing.",
  },
} as const satisfies Readonly<Record<string, FindingKind>>;

export type FindingCode = keyof typeof FINDINGS;
