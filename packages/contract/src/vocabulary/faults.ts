import { ACCESS_FAULTS } from "./access-faults.ts";
import type { FaultEntry } from "./fault-entry.ts";
import { ITEM_FAULTS } from "./item-faults.ts";
import { LIBRARY_FAULTS } from "./library-faults.ts";
import { PACKAGE_FAULTS } from "./package-faults.ts";
import { REMOTE_FAULTS } from "./remote-faults.ts";
import { SECRET_FAULTS } from "./secret-faults.ts";
import { SESSION_FAULTS } from "./session-faults.ts";
import { TRANSFER_FAULTS } from "./transfer-faults.ts";

export type { FaultEntry } from "./fault-entry.ts";

/**
 * Every expected error of the product. The key is the fault's identity; message ids seen of real servers are used as they are
 * (`com.vmware...`), all others begin with `contentlib.`.
 */
export const FAULTS = {
  "request.malformed": {
    class: "invalid_argument",
    id: "contentlib.request.malformed",
    text: "The request body can not be read: {0}.",
    retry: "never",
  },
  "request.plain_http": {
    class: "invalid_argument",
    id: "contentlib.request.plain_http",
    text: "This port speaks TLS: use https:// instead of http://.",
    retry: "never",
  },
  "request.invalid_member": {
    class: "invalid_argument",
    id: "contentlib.request.invalid_member",
    text: "The value of {0} is not valid: {1}.",
    retry: "never",
  },
  "request.missing_member": {
    class: "invalid_argument",
    id: "contentlib.request.missing_member",
    text: "The required member {0} is missing.",
    retry: "never",
  },
  "request.conflicting_values": {
    class: "invalid_argument",
    id: "contentlib.request.conflicting_values",
    text: "The request gives {0} twice, with different values.",
    retry: "never",
  },
  "request.tolerance_refused": {
    class: "invalid_argument",
    id: "contentlib.request.tolerance_refused",
    text: "This server is strict: {0}.",
    retry: "never",
  },
  "request.too_large": {
    class: "invalid_argument",
    id: "contentlib.request.too_large",
    text: "The request body is longer than the {0} bytes a command may have.",
    retry: "never",
  },
  "request.unsupported_property": {
    class: "unexpected_input",
    id: "com.vmware.vapi.rest.unsupported_property",
    text: "Unsupported property with name: {0}.",
    retry: "never",
  },
  "request.no_such_operation": {
    class: "operation_not_found",
    id: "contentlib.request.no_such_operation",
    text: "There is no operation {0}.",
    retry: "never",
  },
  "request.no_such_service": {
    class: "operation_not_found",
    id: "vapi.method.input.invalid.interface",
    text: "Cannot find service '{0}'.",
    retry: "never",
  },
  "server.internal": {
    class: "internal_server_error",
    id: "contentlib.server.internal",
    text: "The server failed to answer request {0}; its log says more under that id.",
    retry: "never",
  },
  "server.unavailable": {
    class: "service_unavailable",
    id: "contentlib.server.unavailable",
    text: "The server can not answer now: {0}. Try again in {1} s.",
    retry: "later",
  },
  "server.storage_full": {
    class: "unable_to_allocate_resource",
    id: "contentlib.server.storage_full",
    text: "The storage has no room left for {0}. Free some space, then send it again.",
    retry: "later",
  },
  "login.required": {
    class: "unauthenticated",
    id: "com.vmware.vapi.endpoint.method.authentication.required",
    text: "Authentication required.",
    retry: "never",
  },
  "login.first": {
    class: "unauthenticated",
    id: "contentlib.login.first",
    text: "The header Authorization is for logging in only: send it to POST {0} first, then make the call with what that answers in the header vmware-api-session-id.",
    retry: "never",
  },
  "login.refused": {
    class: "unauthenticated",
    id: "contentlib.login.refused",
    text: "The login was refused.",
    retry: "never",
  },
  "login.conflicting": {
    class: "unauthenticated",
    id: "contentlib.login.conflicting",
    text: "The header vmware-api-session-id and the security context of the call name different logins.",
    retry: "never",
  },
  "login.unknown_scheme": {
    class: "unauthenticated",
    id: "contentlib.login.unknown_scheme",
    text: "This call can not be made with the security scheme {0}: log in with com.vmware.vapi.std.security.user_pass, then call with com.vmware.vapi.std.security.session_id.",
    retry: "never",
  },
  "login.cross_site": {
    class: "unauthorized",
    id: "contentlib.login.cross_site",
    text: "A request that changes something or opens a stream, and logs in by cookie, was sent from another site ({0}), and is refused. Send the header vmware-api-session-id instead.",
    retry: "never",
  },
  "login.busy": {
    class: "service_unavailable",
    id: "contentlib.login.busy",
    text: "Too many logins wait to be checked. Try again in {0} s.",
    retry: "later",
  },
  ...ACCESS_FAULTS,
  "metadata.not_found": {
    class: "not_found",
    id: "contentlib.metadata.not_found",
    text: "The description of the services holds no {0}.",
    retry: "never",
  },
  ...LIBRARY_FAULTS,
  ...ITEM_FAULTS,
  ...REMOTE_FAULTS,
  ...SECRET_FAULTS,
  ...PACKAGE_FAULTS,
  "security_policy.not_found": {
    class: "not_found",
    id: "contentlib.security_policy.not_found",
    text: "There is no security policy {0}.",
    retry: "never",
  },
  "security_policy.content_refused": {
    class: "not_allowed_in_current_state",
    id: "contentlib.security_policy.content_refused",
    text: "The security policy {0} ({1}) of library {2} takes items of type {3} only with content that was verified: {4}. Sign the package with a certificate that is trusted, take the policy from the library, or use another library.",
    retry: "never",
  },
  "trusted_certificate.not_found": {
    class: "not_found",
    id: "contentlib.trusted_certificate.not_found",
    text: "There is no trusted certificate {0}.",
    retry: "never",
  },
  "trusted_certificate.invalid": {
    class: "invalid_argument",
    id: "contentlib.trusted_certificate.invalid",
    text: "The cert_text must be one PEM block that holds an X.509 certificate: {0}.",
    retry: "never",
  },
  "configuration.invalid_property": {
    class: "invalid_argument",
    id: "contentlib.configuration.invalid_property",
    text: "The {0} of the configuration is not valid: {1}.",
    retry: "never",
  },
  "find.no_criterion": {
    class: "invalid_argument",
    id: "contentlib.find.no_criterion",
    text: "Find needs at least one of {0}.",
    retry: "never",
  },
  "client_token.invalid": {
    class: "invalid_argument",
    id: "contentlib.client_token.invalid",
    text: "The client_token {0} is not a UUID.",
    retry: "never",
  },
  ...SESSION_FAULTS,
  ...TRANSFER_FAULTS,
} as const satisfies Readonly<Record<string, FaultEntry>>;

/** The identity of a fault. */
export type FaultCode = keyof typeof FAULTS;

/** A fault as a value: its code and the positional arguments of its text. Domain functions return it. */
export interface FaultValue {
  /** Its name in the catalogue. */
  readonly fault: FaultCode;
  /** What fills the text of its message, in order. */
  readonly args: readonly string[];
}

/** A fault value of the given code. */
export const faultOf = (code: FaultCode, ...args: readonly string[]): FaultValue => ({
  fault: code,
  args,
});

/** Tells a fault from any other outcome of a domain function. */
export const isFault = (outcome: unknown): outcome is FaultValue =>
  typeof outcome === "object" && outcome !== null && "fault" in outcome;

/** One entry of an error's message stack, as it stands on every wire (structure `LocalizableMessage`). */
export interface Message {
  /** Tells this message from all others; stable over releases. */
  readonly id: string;
  /** The text, in English. */
  readonly default_message: string;
  /** What fills a translation of the text, in order. */
  readonly args: readonly string[];
}

/** The text of a fault with its arguments filled in. */
export const messageOf = (value: FaultValue): Message => {
  const entry: FaultEntry = FAULTS[value.fault];
  const text = entry.text.replace(
    /\{(\d+)\}/g,
    (hole, index: string) => value.args[Number(index)] ?? hole,
  );
  return { id: entry.id, default_message: text, args: value.args };
};
