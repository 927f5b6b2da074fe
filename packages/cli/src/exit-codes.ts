import type { FaultClass } from "@contentlib/contract/vocabulary";

/** What the command's exit status says. The table in docs/guides/cli.md lists the same. */
export const EXIT_CODES = {
  ok: 0,
  error: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  login: 5,
  connection: 6,
  interrupted: 130,
} as const;

/** One of the exit statuses. */
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** The exit status of each class of refusal; a class without one does not compile. */
export const EXIT_CODE_OF_CLASS: Readonly<Record<FaultClass, ExitCode>> = {
  already_exists: EXIT_CODES.refused,
  already_in_desired_state: EXIT_CODES.refused,
  canceled: EXIT_CODES.refused,
  concurrent_change: EXIT_CODES.refused,
  error: EXIT_CODES.error,
  feature_in_use: EXIT_CODES.refused,
  internal_server_error: EXIT_CODES.error,
  invalid_argument: EXIT_CODES.refused,
  invalid_element_configuration: EXIT_CODES.refused,
  invalid_element_type: EXIT_CODES.refused,
  invalid_request: EXIT_CODES.refused,
  not_allowed_in_current_state: EXIT_CODES.refused,
  not_found: EXIT_CODES.notFound,
  operation_not_found: EXIT_CODES.error,
  resource_busy: EXIT_CODES.refused,
  resource_in_use: EXIT_CODES.refused,
  resource_inaccessible: EXIT_CODES.refused,
  service_unavailable: EXIT_CODES.connection,
  timed_out: EXIT_CODES.connection,
  unable_to_allocate_resource: EXIT_CODES.refused,
  unauthenticated: EXIT_CODES.login,
  unauthorized: EXIT_CODES.login,
  unexpected_input: EXIT_CODES.error,
  unsupported: EXIT_CODES.refused,
  unverified_peer: EXIT_CODES.refused,
};
