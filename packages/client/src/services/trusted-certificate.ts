// Generated from packages/contract/src/operations by `npm run generate`.
import type {
  TrustedCertificateCreateSpec,
  TrustedCertificateInfo,
  TrustedCertificateList,
} from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.trusted_certificates` of the API. */
export class TrustedCertificateService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Trusts a certificate and answers its id; one that is trusted already stays so.
   * Refused with `error`.
   * Repeating it is harmless.
   * In the API: `create` of `com.vmware.content.trusted_certificates`.
   */
  create(
    input: {
      /** The certificate. */
      readonly spec: TrustedCertificateCreateSpec;
    },
    options?: CallOptions,
  ): Promise<string> {
    return this.#call("trustedCertificate.create", input, options);
  }

  /**
   * Lists the trusted certificates.
   * Refused with `error`.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.trusted_certificates`.
   */
  list(options?: CallOptions): Promise<TrustedCertificateList> {
    return this.#call("trustedCertificate.list", {}, options);
  }

  /**
   * Shows a trusted certificate.
   * Refused with `error` or `not_found`.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.trusted_certificates`.
   */
  get(
    input: {
      /** Id of the certificate: the SHA-256 print of its DER bytes, hexadecimal. */
      readonly certificate: string;
    },
    options?: CallOptions,
  ): Promise<TrustedCertificateInfo> {
    return this.#call("trustedCertificate.get", input, options);
  }

  /**
   * Trusts a certificate no longer; what was checked by it before stays as it is.
   * Refused with `error` or `not_found`.
   * Repeating it is harmless.
   * In the API: `delete` of `com.vmware.content.trusted_certificates`.
   */
  delete(
    input: {
      /** Id of the certificate: the SHA-256 print of its DER bytes, hexadecimal. */
      readonly certificate: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("trustedCertificate.delete", input, options);
  }
}
