// Generated from packages/contract/src/operations by `npm run generate`.
import type { RemoteProbe } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `contentlib.probe`, an addition to the API: other servers do not have it. */
export class ProbeService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Tries whether files can be fetched from an address, shows the certificates of its server, and changes nothing.
   * Refused with `not_found`.
   * Changes nothing.
   * An addition to the API: `get` of `contentlib.probe`.
   */
  get(
    input: {
      /** The address to try: http or https, or a file of this server where it has opened directories. */
      readonly uri: string;
      /** SHA-1 or SHA-256 print of the certificate to expect, in place of a chain check. */
      readonly thumbprint?: string;
      /** SHA-256 of the public key to expect, as sha256// and Base64 or in hexadecimal digits, in place of a chain check. */
      readonly key_pin?: string;
      /** SHA-256 of the public key of an authority that the chain must lead to, written as key_pin is. */
      readonly ca_pin?: string;
      /** Name of a secret of this server, whose login is presented to the origin it was set for; no print may stand beside it. */
      readonly secret?: string;
    },
    options?: CallOptions,
  ): Promise<RemoteProbe> {
    return this.#call("probe.get", input, options);
  }
}
