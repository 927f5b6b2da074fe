// Generated from packages/contract/src/operations by `npm run generate`.
import type {
  SubscriptionCreateSpec,
  SubscriptionModel,
  SubscriptionSummary,
  SubscriptionUpdateSpec,
} from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.library.subscriptions` of the API. */
export class SubscriptionService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Lets a subscribed library, new or there already, follow a published one, and answers the id of the subscription.
   * Refused with `already_exists`, `error`, `invalid_element_type`, `not_allowed_in_current_state`, `not_found`, `resource_inaccessible` or `unsupported`.
   * It is never repeated by itself.
   * In the API: `create` of `com.vmware.content.library.subscriptions`.
   */
  create(
    input: {
      /** A UUID of your own; the same one again answers the same subscription. */
      readonly client_token?: string;
      /** Id of the published library. */
      readonly library: string;
      /** What the subscription is made of. */
      readonly spec: SubscriptionCreateSpec;
    },
    options?: CallOptions,
  ): Promise<string> {
    return this.#call("subscription.create", input, options);
  }

  /**
   * Lists the subscriptions of a published library.
   * Refused with `error`, `invalid_element_type`, `not_allowed_in_current_state` or `not_found`.
   * Changes nothing.
   * In the API: `list` of `com.vmware.content.library.subscriptions`.
   */
  list(
    input: {
      /** Id of the published library. */
      readonly library: string;
    },
    options?: CallOptions,
  ): Promise<readonly SubscriptionSummary[]> {
    return this.#call("subscription.list", input, options);
  }

  /**
   * Shows a subscription of a published library.
   * Refused with `error`, `invalid_element_type`, `not_allowed_in_current_state` or `not_found`.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.library.subscriptions`.
   */
  get(
    input: {
      /** Id of the published library. */
      readonly library: string;
      /** Id of the subscription. */
      readonly subscription: string;
    },
    options?: CallOptions,
  ): Promise<SubscriptionModel> {
    return this.#call("subscription.get", input, options);
  }

  /**
   * Changes a subscription of a published library; absent members stay as they are.
   * Refused with `error`, `invalid_element_type`, `not_allowed_in_current_state`, `not_found`, `resource_inaccessible` or `unsupported`.
   * Repeating it is harmless.
   * In the API: `update` of `com.vmware.content.library.subscriptions`.
   */
  update(
    input: {
      /** Id of the published library. */
      readonly library: string;
      /** Id of the subscription. */
      readonly subscription: string;
      /** The changes. */
      readonly spec: SubscriptionUpdateSpec;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("subscription.update", input, options);
  }

  /**
   * Ends a subscription; the subscribed library stays with what it has.
   * Refused with `error`, `invalid_element_type`, `not_allowed_in_current_state` or `not_found`.
   * Repeating it is harmless.
   * In the API: `delete` of `com.vmware.content.library.subscriptions`.
   */
  delete(
    input: {
      /** Id of the published library. */
      readonly library: string;
      /** Id of the subscription. */
      readonly subscription: string;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("subscription.delete", input, options);
  }
}
