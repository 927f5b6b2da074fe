// Generated from packages/contract/src/operations by `npm run generate`.
import type { AuditPage } from "@contentlib/contract";
import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** The service `contentlib.audit`, an addition to the API: other servers do not have it. */
export class AuditService {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /**
   * Lists who did what to what, newest first, in parts; of what is given all must hold.
   * Changes nothing.
   * An addition to the API: `list` of `contentlib.audit`.
   */
  list(
    input: {
      /** What the entries wanted tell. */
      readonly event?: "CHANGE" | "LOGIN" | "LOGIN_REFUSED" | "DENIED";
      /** Id of the operation, or what the server did. */
      readonly operation?: string;
      /** Name of the user, with or without its domain. */
      readonly user?: string;
      /** Id of the token. */
      readonly token_id?: string;
      /** Network address of the client. */
      readonly address?: string;
      /** Id of the request. */
      readonly request_id?: string;
      /** Id of what was changed or asked for, or of what that lies in. */
      readonly object_id?: string;
      /** Of entries that were done, the last time, at or after this time. */
      readonly since?: string;
      /** Of entries that were done, the first time, before this time. */
      readonly until?: string;
      /** Where the part before this one ended: what it told as next. */
      readonly before?: string;
      /** Most entries wanted, 1 to 1000; 100 when absent. */
      readonly limit?: number;
    } = {},
    options?: CallOptions,
  ): Promise<AuditPage> {
    return this.#call("audit.list", input, options);
  }
}
