// Generated from packages/contract/src/operations by `npm run generate`.
import type {
  UpdateSessionCreateSpec,
  UpdateSessionModel,
  UpdateSessionUpdateSpec,
} from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.library.item.update_session` of the API. */
export class UpdateSessionService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Opens an update session on an item and answers its id; an item has at most one that is ACTIVE.
   * Refused with `invalid_element_type`, `not_allowed_in_current_state`, `not_found` or `resource_busy`.
   * It is never repeated by itself.
   * In the API: `create` of `com.vmware.content.library.item.update_session`.
   */
  create(
    input: {
      /** A UUID of your own; the same one again answers the same session. */
      readonly client_token?: string;
      /** What the session is made of. */
      readonly create_spec: UpdateSessionCreateSpec;
    },
    options?: CallOptions,
  ): Promise<string> {
    return this.#call("updateSession.create", input, options);
  }

  /**
   * Lists the ids of the caller's own update sessions, of one item or of all.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.library.item.update_session`.
   */
  list(
    input: {
      /** Id of the item whose sessions are wanted. */
      readonly library_item_id?: string;
    } = {},
    options?: CallOptions,
  ): Promise<readonly string[]> {
    return this.#call("updateSession.list", input, options);
  }

  /**
   * Shows an update session as it stands now.
   * Refused with `not_found`.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.library.item.update_session`.
   */
  get(
    input: {
      /** Id of the update session. */
      readonly update_session_id: string;
    },
    options?: CallOptions,
  ): Promise<UpdateSessionModel> {
    return this.#call("updateSession.get", input, options);
  }

  /**
   * Changes which warnings complete is to ignore, and nothing else.
   * Refused with `not_allowed_in_current_state` or `not_found`.
   * Repeating it is harmless.
   * In the API: `update` of `com.vmware.content.library.item.update_session`.
   */
  update(
    input: {
      /** Id of the update session. */
      readonly update_session_id: string;
      /** The changes. */
      readonly update_spec: UpdateSessionUpdateSpec;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("updateSession.update", input, options);
  }

  /**
   * Removes an update session that has ended, with everything known of it.
   * Refused with `not_allowed_in_current_state` or `not_found`.
   * Repeating it is harmless.
   * In the API: `delete` of `com.vmware.content.library.item.update_session`.
   */
  delete(
    input: {
      /** Id of the update session. */
      readonly update_session_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("updateSession.delete", input, options);
  }

  /**
   * Gives the changes of an ACTIVE session up: transfers stop, received bytes go, the item is free at once.
   * Refused with `not_allowed_in_current_state` or `not_found`.
   * It is never repeated by itself.
   * In the API: `cancel` of `com.vmware.content.library.item.update_session`.
   */
  cancel(
    input: {
      /** Id of the update session. */
      readonly update_session_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("updateSession.cancel", input, options);
  }

  /**
   * Makes every change of an ACTIVE session visible at once, as one new content version of the item; while files are still being pulled, as soon as they have come.
   * Refused with `not_allowed_in_current_state` or `not_found`.
   * It is never repeated by itself.
   * In the API: `complete` of `com.vmware.content.library.item.update_session`.
   */
  complete(
    input: {
      /** Id of the update session. */
      readonly update_session_id: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("updateSession.complete", input, options);
  }

  /**
   * Ends an ACTIVE session in the state ERROR, with the client's own message.
   * Refused with `not_allowed_in_current_state` or `not_found`.
   * It is never repeated by itself.
   * In the API: `fail` of `com.vmware.content.library.item.update_session`.
   */
  fail(
    input: {
      /** Id of the update session. */
      readonly update_session_id: string;
      /** What went wrong at the client; a standard text when absent. */
      readonly client_error_message?: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("updateSession.fail", input, options);
  }

  /**
   * Extends the life of an ACTIVE session and, where given, moves its progress forward.
   * Refused with `not_allowed_in_current_state` or `not_found`.
   * Repeating it is harmless.
   * In the API: `keep_alive` of `com.vmware.content.library.item.update_session`.
   */
  keepAlive(
    input: {
      /** Id of the update session. */
      readonly update_session_id: string;
      /** How far the client is, in percent, 0 to 100; less than before changes nothing. */
      readonly client_progress?: number;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("updateSession.keepAlive", input, options);
  }
}
