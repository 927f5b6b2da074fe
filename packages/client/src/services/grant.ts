// Generated from packages/contract/src/operations by `npm run generate`.
import type { GrantCreateSpec, GrantInfo } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `contentlib.grants`, an addition to the API: other servers do not have it. */
export class GrantService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Gives a role on everything or on one library to a user or a group, or cuts a token down to it, and answers the id.
   * Refused with `already_exists`, `not_found` or `resource_busy`.
   * It is never repeated by itself.
   * An addition to the API: `create` of `contentlib.grants`.
   */
  create(
    input: {
      /** What is granted. */
      readonly create_spec: GrantCreateSpec;
    },
    options?: CallOptions,
  ): Promise<string> {
    return this.#call("grant.create", input, options);
  }

  /**
   * Lists the grants that fit everything given: the caller's own, and those on what the caller is administrator of.
   * Refused with `not_found`.
   * Changes nothing.
   * An addition to the API: `list` of `contentlib.grants`.
   */
  list(
    input: {
      /** Id or name of the user they are for. */
      readonly user?: string;
      /** Id or name of the group they are for. */
      readonly group?: string;
      /** Id of the token that they cut down. */
      readonly token_id?: string;
      /** Id of the library they are on. */
      readonly library_id?: string;
    } = {},
    options?: CallOptions,
  ): Promise<readonly GrantInfo[]> {
    return this.#call("grant.list", input, options);
  }

  /**
   * Takes a grant away; active sessions that need it, and their transfers, end before this answers.
   * Refused with `not_allowed_in_current_state`, `not_found` or `resource_busy`.
   * Repeating it is harmless.
   * An addition to the API: `delete` of `contentlib.grants`.
   */
  delete(
    input: {
      /** Id of the grant. */
      readonly grant_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("grant.delete", input, options);
  }
}
