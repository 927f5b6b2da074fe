const UNKNOWN_ISSUER = "is by an issuer that this server does not know";

/** Codes of OpenSSL's check of a chain, and of Node's check of names. */
const PROBLEMS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "leads to a root that this server does not know",
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_ISSUER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER,
  CERT_HAS_EXPIRED: "has expired",
  CERT_NOT_YET_VALID: "is not valid yet",
  CERT_REVOKED: "was revoked",
  CERT_SIGNATURE_FAILURE: "has a wrong signature",
  ERR_TLS_CERT_ALTNAME_INVALID: "is for other names",
  INVALID_PURPOSE: "is not for servers",
};

/** Why a certificate is not trusted, in words that follow "its certificate". */
export const certificateProblem = (code: string): string =>
  PROBLEMS[code] ?? `was refused (${code})`;
