import type { ProtocolError, RpcRequest } from "@contentlib/contract/bindings";
import {
  errorNameOf,
  protocolError,
  protocolErrorText,
  rpcErrorText,
  rpcOutputFrame,
} from "@contentlib/contract/bindings";
import type { KnownText } from "@contentlib/contract/derive/metadata-services";
import { answerMetadata, METADATA_SERVICES } from "@contentlib/contract/derive/metadata-services";
import { findRpcOperation, RPC_FAULTS } from "@contentlib/contract/derive/rpc-operations";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import { CHALLENGE, entryOf, retryAfterOf } from "./fault-reply.ts";
import type { Reply } from "./reply.ts";
import { isLong } from "./send-long.ts";

const OK = 200;

/** The header that names the class of an error, so that nobody has to read the body for it. */
export const ERROR_HEADER = "vapi-error";

/** The reply to what is no call by the protocol. */
export const protocolReply = (
  error: ProtocolError,
  { status = OK, headers = {} }: Pick<Partial<Reply>, "status" | "headers"> = {},
): Reply => ({ status, json: protocolErrorText(error), headers });

/** The reply to what is refused below the protocol: not even its id was read. */
export const refused = (
  sentence: string,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Reply => protocolReply(protocolError("request", null, sentence), { status, headers });

/** The reply of an error of the API: the first fault decides the class, each adds its message. */
export const faultReply = (id: RpcRequest["id"], faults: readonly FaultValue[]): Reply => {
  const first = faults[0] ?? faultOf("server.internal", "");
  const { class: faultClass } = entryOf(first);
  const challenge = faultClass === "unauthenticated" ? CHALLENGE : undefined;
  const error = RPC_FAULTS.encode(faultClass, faults.map(messageOf), challenge);
  const retryAfter = retryAfterOf(first);
  return {
    status: OK,
    json: rpcErrorText(id, error),
    headers: {
      [ERROR_HEADER]: errorNameOf(faultClass),
      ...(retryAfter === undefined ? {} : { "Retry-After": retryAfter }),
    },
  };
};

/** The fault of a call that names nothing there is. */
export const unknownOperation = ({ serviceId, operationId }: RpcRequest): FaultValue => {
  const isService =
    findRpcOperation(serviceId, operationId) === null ||
    METADATA_SERVICES.names().includes(serviceId);
  return isService
    ? faultOf("request.no_such_operation", shortenedName(`${serviceId}.${operationId}`))
    : faultOf("request.no_such_service", shortenedName(serviceId));
};

const NAME_UNITS_MAX = 200;
const shortenedName = (name: string): string => name.slice(0, NAME_UNITS_MAX);

/** The bytes of long texts that are told over and over: turning one into bytes takes far longer than copying them. */
const knownBytes = new WeakMap<KnownText, Buffer>();

/** The reply whose output is known as JSON. */
const knownReply = (id: RpcRequest["id"], known: KnownText): Reply => {
  const { before, after } = rpcOutputFrame(id);
  const short: Reply = { status: OK, json: before + known.outputText + after };
  if (!isLong(short)) return short;
  const output = knownBytes.get(known) ?? Buffer.from(known.outputText);
  knownBytes.set(known, output);
  const bytes = Buffer.concat([Buffer.from(before), output, Buffer.from(after)]);
  return { status: OK, content: { type: "application/json", bytes } };
};

/** The reply of a service that tells about the others; null where there is no such operation. */
export const metadataReply = ({ id, serviceId, operationId, input }: RpcRequest): Reply | null => {
  const told = answerMetadata(serviceId, operationId, input);
  if (told === undefined) return null;
  if ("outputText" in told) return knownReply(id, told);
  const fault =
    "invalid" in told
      ? faultOf("request.invalid_member", "the input", told.invalid)
      : faultOf("metadata.not_found", shortenedName(told.notFound));
  return faultReply(id, [fault]);
};
