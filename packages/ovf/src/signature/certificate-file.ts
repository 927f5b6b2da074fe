/** The file beside a manifest that says who vouches for it (DSP0243 7.4). */
export interface CertificateFile {
  readonly fileName: string;
  /** Name of the manifest in the line of the signature. */
  readonly signedName: string;
  readonly algorithm: "SHA1" | "SHA256" | "SHA384" | "SHA512";
  /** The signature's bytes. */
  readonly signature: Uint8Array;
  /** Line of the signature, from 1. */
  readonly line: number;
  /** Certificates in DER, the signer's first, then those of its chain as the file has them. */
  readonly certificates: readonly Uint8Array[];
}

/** What is told of a certificate. */
export interface CertificateFacts {
  /** As `/C=US/O=Example/CN=signer`, the form the API's `certificate_info` shows. */
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly selfSigned: boolean;
  readonly der: Uint8Array;
}

/** How far a signer can be trusted. */
export interface SignerVerdict {
  /** The signer's certificate. */
  readonly signer: CertificateFacts;
  /** The certificates of the file in order, the signer's first. */
  readonly chain: readonly CertificateFacts[];
  /** Whether the signature fits the manifest's very bytes. */
  readonly fits: boolean;
  /** The trusted certificate at the end of the path; null where there is none. */
  readonly anchor: CertificateFacts | null;
}
