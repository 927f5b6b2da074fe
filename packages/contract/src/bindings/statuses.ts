import type { FaultClass } from "../vocabulary/fault-class.ts";
import type { Wire } from "./binding.ts";

/** The status of every error class on each wire; a class without a row does not compile. */
export const FAULT_STATUSES: Readonly<Record<FaultClass, Readonly<Record<Wire, number>>>> = {
  already_exists: { rest: 400, api: 400 },
  already_in_desired_state: { rest: 400, api: 400 },
  canceled: { rest: 400, api: 500 },
  concurrent_change: { rest: 400, api: 409 },
  error: { rest: 400, api: 500 },
  feature_in_use: { rest: 400, api: 400 },
  internal_server_error: { rest: 500, api: 500 },
  invalid_argument: { rest: 400, api: 400 },
  invalid_element_configuration: { rest: 400, api: 400 },
  invalid_element_type: { rest: 400, api: 400 },
  invalid_request: { rest: 400, api: 400 },
  not_allowed_in_current_state: { rest: 400, api: 400 },
  not_found: { rest: 404, api: 404 },
  operation_not_found: { rest: 404, api: 404 },
  resource_busy: { rest: 400, api: 500 },
  resource_in_use: { rest: 400, api: 400 },
  resource_inaccessible: { rest: 400, api: 500 },
  service_unavailable: { rest: 503, api: 503 },
  timed_out: { rest: 504, api: 504 },
  unable_to_allocate_resource: { rest: 400, api: 400 },
  unauthenticated: { rest: 401, api: 401 },
  unauthorized: { rest: 403, api: 403 },
  unexpected_input: { rest: 400, api: 400 },
  unsupported: { rest: 400, api: 400 },
  unverified_peer: { rest: 400, api: 500 },
};
