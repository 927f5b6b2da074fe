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
export { bindingOf, operationIdsOn } from "./binding-of.ts";
export { BINDINGS } from "./bindings.ts";
export { decodeInput, type RawInput, type RequestRest } from "./decode-input.ts";
export { decodeExtValue, encodeExtValue, MESSAGE_HEADER } from "./ext-value.ts";
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
export { protocolError, type ProtocolError, type RpcId } from "./rpc/protocol-error.ts";
export { errorNameOf, type RpcFaultCodec } from "./rpc/rpc-fault.ts";
export {
  protocolErrorText,
  readRpcReply,
  rpcErrorText,
  rpcOutputFrame,
  rpcOutputText,
  type RpcReply,
} from "./rpc/rpc-reply.ts";
export {
  readRpcRequest,
  writeRpcRequest,
  type RpcCall,
  type RpcRequest,
  type RpcSecurity,
} from "./rpc/rpc-request.ts";
export { FAULT_STATUSES } from "./statuses.ts";
export { TRAIL_OPERATIONS } from "../vocabulary/trail-operations.ts";
export { checkChangeMessage, checkFileName } from "../vocabulary/text-rules.ts";
