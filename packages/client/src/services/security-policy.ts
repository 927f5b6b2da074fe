// Generated from packages/contract/src/operations by `npm run generate`.
import type { SecurityPolicyInfo } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.security_policies` of the API. */
export class SecurityPolicyService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Lists the security policies that a library can be given.
   * Refused with `error`.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.security_policies`.
   */
  list(options?: CallOptions): Promise<readonly SecurityPolicyInfo[]> {
    return this.#call("securityPolicy.list", {}, options);
  }
}
