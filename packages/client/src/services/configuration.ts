// Generated from packages/contract/src/operations by `npm run generate`.
import type { ConfigurationModel, ConfigurationUpdateSpec } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `com.vmware.content.configuration` of the API. */
export class ConfigurationService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Shows the settings that hold for every library of this server.
   * Changes nothing.
   * In the API: `get` of `com.vmware.content.configuration`.
   */
  get(options?: CallOptions): Promise<ConfigurationModel> {
    return this.#call("configuration.get", {}, options);
  }

  /**
   * Changes the settings of this server, all at once; absent members stay as they are.
   * Repeating it is harmless.
   * In the API: `update` of `com.vmware.content.configuration`.
   */
  update(
    input: {
      /** The changes. */
      readonly model: ConfigurationUpdateSpec;
    },
    options?: CallOptions,
  ): Promise<void> {
    return this.#call("configuration.update", input, options);
  }
}
