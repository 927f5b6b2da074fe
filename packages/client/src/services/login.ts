// Generated from packages/contract/src/operations by `npm run generate`.
import type { LoginInfo } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.cis.session` of the API. */
export class LoginService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Shows whose login this is, when it was made and when it was last used.
   * Changes nothing.
   * In the API: `get` of `com.vmware.cis.session`.
   */
  get(options?: CallOptions): Promise<LoginInfo> {
    return this.#call("login.get", {}, options);
  }

  /**
   * Ends the login at once; its sessions stay and another login of the same user carries on with them.
   * Repeating it is harmless.
   * In the API: `delete` of `com.vmware.cis.session`.
   */
  delete(options?: CallOptions): Promise<void> {
    return this.#call("login.delete", {}, options);
  }
}
