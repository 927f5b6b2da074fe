// Generated from packages/contract/src/operations by `npm run generate`.
import type { NewToken, TokenCreateSpec, TokenInfo } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `contentlib.tokens`, an addition to the API: other servers do not have it. */
export class TokenService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Makes a token, which logs in as its user wherever a password does; told only once.
   * Refused with `already_exists` or `not_found`.
   * It is never repeated by itself.
   * An addition to the API: `create` of `contentlib.tokens`.
   */
  create(
    input: {
      /** What the token is made of. */
      readonly create_spec: TokenCreateSpec;
    },
    options?: CallOptions,
  ): Promise<NewToken> {
    return this.#call("token.create", input, options);
  }

  /**
   * Lists the tokens of a user, without their secrets.
   * Refused with `not_found`.
   * Changes nothing.
   * An addition to the API: `list` of `contentlib.tokens`.
   */
  list(
    input: {
      /** Id or name of the user; the caller when absent. */
      readonly user?: string;
    } = {},
    options?: CallOptions,
  ): Promise<readonly TokenInfo[]> {
    return this.#call("token.list", input, options);
  }

  /**
   * Revokes a token; the logins and active sessions made with it, and their transfers, end before this answers.
   * Refused with `not_found` or `resource_busy`.
   * Repeating it is harmless.
   * An addition to the API: `delete` of `contentlib.tokens`.
   */
  delete(
    input: {
      /** Id of the token. */
      readonly token_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("token.delete", input, options);
  }
}
