export {
  TOLERANCES,
  WIRES,
  type Address,
  type Alias,
  type Binding,
  type Body,
  type Tolerance,
  type Verb,
  type Wire,
} from "./binding.ts";
export { BINDINGS } from "./bindings.ts";
export { decodeInput, type RawInput, type RequestRest } from "./decode-input.ts";
export { encodeRequest, type EncodedRequest } from "./encode-request.ts";
export {
  matchRoute,
  toleranceRefused,
  type RouteMatch,
  type RouteOutcome,
  type Strictness,
} from "./match-route.ts";
export { decodeMessage, encodeMessage, type MessageValue } from "./messages.ts";
export {
  decodeReply,
  encodeFault,
  encodeReply,
  type DecodedReply,
  type EncodedFault,
  type EncodedReply,
  type ReplyFault,
} from "./replies.ts";
export { checkRoutes, type Route } from "./routes.ts";
export { FAULT_STATUSES } from "./statuses.ts";
