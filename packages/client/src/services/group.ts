// Generated from packages/contract/src/operations by `npm run generate`.
import type { GroupCreateSpec, GroupInfo, GroupUpdateSpec } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `contentlib.groups`, an addition to the API: other servers do not have it. */
export class GroupService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Makes a group and answers its id.
   * Refused with `already_exists` or `not_found`.
   * It is never repeated by itself.
   * An addition to the API: `create` of `contentlib.groups`.
   */
  create(
    input: {
      /** What the group is made of. */
      readonly create_spec: GroupCreateSpec;
    },
    options?: CallOptions,
  ): Promise<string> {
    return this.#call("group.create", input, options);
  }

  /**
   * Lists the groups.
   * Changes nothing.
   * An addition to the API: `list` of `contentlib.groups`.
   */
  list(options?: CallOptions): Promise<readonly GroupInfo[]> {
    return this.#call("group.list", {}, options);
  }

  /**
   * Shows a group.
   * Refused with `not_found`.
   * Changes nothing.
   * An addition to the API: `get` of `contentlib.groups`.
   */
  get(
    input: {
      /** Id of the group, or the name. */
      readonly group: string;
    },
    options?: CallOptions,
  ): Promise<GroupInfo> {
    return this.#call("group.get", input, options);
  }

  /**
   * Changes a group; active sessions of those who lose a right by it, and their transfers, end before this answers.
   * Refused with `already_exists`, `not_allowed_in_current_state`, `not_found` or `resource_busy`.
   * Repeating it is harmless.
   * An addition to the API: `update` of `contentlib.groups`.
   */
  update(
    input: {
      /** Id of the group, or the name. */
      readonly group: string;
      /** The changes. */
      readonly update_spec: GroupUpdateSpec;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("group.update", input, options);
  }

  /**
   * Deletes a group with its grants; active sessions of those who lose a right by it, and their transfers, end before this answers.
   * Refused with `not_allowed_in_current_state`, `not_found` or `resource_busy`.
   * Repeating it is harmless.
   * An addition to the API: `delete` of `contentlib.groups`.
   */
  delete(
    input: {
      /** Id of the group, or the name. */
      readonly group: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("group.delete", input, options);
  }
}
