// Generated from packages/contract/src/operations by `npm run generate`.
import type { SourceSecretInfo, SourceSecretSetSpec } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `contentlib.secrets`, an addition to the API: other servers do not have it. */
export class SecretService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Keeps a login under a name, in place of one of that name, to be presented to one server and to no other.
   * Repeating it is harmless.
   * An addition to the API: `set` of `contentlib.secrets`.
   */
  set(
    input: {
      /** The login. */
      readonly set_spec: SourceSecretSetSpec;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("secret.set", input, options);
  }

  /**
   * Lists the secrets, without their passwords.
   * Changes nothing.
   * An addition to the API: `list` of `contentlib.secrets`.
   */
  list(options?: CallOptions): Promise<readonly SourceSecretInfo[]> {
    return this.#call("secret.list", {}, options);
  }

  /**
   * Forgets a secret; fetches that begin later and name it fail.
   * Refused with `not_found`.
   * Repeating it is harmless.
   * An addition to the API: `delete` of `contentlib.secrets`.
   */
  delete(
    input: {
      /** Name of the secret. */
      readonly name: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("secret.delete", input, options);
  }
}
