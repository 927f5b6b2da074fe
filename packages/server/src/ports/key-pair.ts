/** A certificate for TLS and its private key. */
export interface KeyPair {
  /** The certificate in PEM, with those behind it that clients need to check it. */
  readonly certPem: string;
  /** The private key in PEM, without a passphrase. Never in a log, an error or an answer. */
  readonly keyPem: string;
}
