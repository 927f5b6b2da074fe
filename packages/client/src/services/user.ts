// Generated from packages/contract/src/operations by `npm run generate`.
import type { UserCreateSpec, UserInfo, UserUpdateSpec } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `contentlib.users`, an addition to the API: other servers do not have it. */
export class UserService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Makes a user, who may do nothing until something is granted, and answers the id.
   * Refused with `already_exists`.
   * It is never repeated by itself.
   * An addition to the API: `create` of `contentlib.users`.
   */
  create(
    input: {
      /** What the user is made of. */
      readonly create_spec: UserCreateSpec;
    },
    options?: CallOptions,
  ): Promise<string> {
    return this.#call("user.create", input, options);
  }

  /**
   * Lists the users.
   * Changes nothing.
   * An addition to the API: `list` of `contentlib.users`.
   */
  list(options?: CallOptions): Promise<readonly UserInfo[]> {
    return this.#call("user.list", {}, options);
  }

  /**
   * Shows a user.
   * Refused with `not_found`.
   * Changes nothing.
   * An addition to the API: `get` of `contentlib.users`.
   */
  get(
    input: {
      /** Id of the user, or the name. */
      readonly user: string;
    },
    options?: CallOptions,
  ): Promise<UserInfo> {
    return this.#call("user.get", input, options);
  }

  /**
   * Changes a user; one who is disabled loses every login, session and transfer before this answers. Users may change their own password and description.
   * Refused with `not_allowed_in_current_state`, `not_found` or `resource_busy`.
   * Repeating it is harmless.
   * An addition to the API: `update` of `contentlib.users`.
   */
  update(
    input: {
      /** Id of the user, or the name. */
      readonly user: string;
      /** The changes. */
      readonly update_spec: UserUpdateSpec;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("user.update", input, options);
  }

  /**
   * Deletes a user with all tokens and grants; logins, active sessions and transfers end before this answers.
   * Refused with `not_allowed_in_current_state`, `not_found` or `resource_busy`.
   * Repeating it is harmless.
   * An addition to the API: `delete` of `contentlib.users`.
   */
  delete(
    input: {
      /** Id of the user, or the name. */
      readonly user: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("user.delete", input, options);
  }
}
