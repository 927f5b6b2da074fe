/**
 * Why a platform does not trust a certificate, in words that follow the name of the server; undefined for a code that
 * is about something else. The codes are those of OpenSSL's chain check and of Node.
 */
export const certificateProblem = (code: string): string | undefined =>
  PROBLEMS[code] ??
  (/^(CERT|CRL|ERR_TLS_CERT)_/.test(code) ? `its certificate was refused (${code})` : undefined);

const UNKNOWN_ISSUER = "this machine does not know who issued its certificate";

const PROBLEMS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate leads to a root that this machine does not know",
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_ISSUER,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_ISSUER,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_ISSUER,
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
  CERT_REVOKED: "its certificate was revoked",
  CERT_SIGNATURE_FAILURE: "the signature of its certificate is wrong",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for other names",
  INVALID_PURPOSE: "its certificate is not for servers",
};
