import { BINDINGS } from "../bindings/bindings.ts";
import type { DataValue } from "../bindings/rpc/data-value.ts";
import { DecoderCompiler } from "../bindings/rpc/decoder.ts";
import { type Encoder, EncoderCompiler } from "../bindings/rpc/encoder.ts";
import { createRpcFaultCodec } from "../bindings/rpc/rpc-fault.ts";
import { type Decoder, FAILED, Unwrapping } from "../bindings/rpc/unwrapping.ts";
import { message } from "../models/message.ts";
import type { Operation } from "../operations/operation.ts";
import { OPERATIONS } from "../operations/operations.ts";
import { faultOf, type FaultValue } from "../vocabulary/faults.ts";
import { OPERATION_IDS, type OperationId } from "../vocabulary/operation-ids.ts";
import type { ObjectShape } from "../vocabulary/shape.ts";
import { parametersOf, shapeOf } from "./shape.ts";

/** An operation as JSON-RPC has it: its codec in both directions. */
export interface RpcOperation {
  readonly operationId: OperationId;
  readonly service: string;
  readonly method: string;
  /** Unwraps the parameters of a call into what every wire hands to `readInput`. */
  decodeInput(value: unknown): Readonly<Record<string, unknown>> | FaultValue;
  /** Wraps a result. Throws a TypeError for one that the operation can not have. */
  encodeOutput(output: unknown): DataValue;
  /** Wraps parameters. Throws a TypeError for ones that the operation can not have. */
  encodeInput(input: object): DataValue;
  /** Unwraps a result, or says why it is none; members that nobody knows are left out. */
  decodeOutput(value: unknown): { readonly output: unknown } | { readonly malformed: FaultValue };
}

/**
 * Parameters that the API requires: those the operation can not do without, and those that only a lenient server does without,
 * which the bindings name.
 */
const requiredParameters = (id: OperationId, parameters: ObjectShape): ReadonlySet<string> => {
  const needed = [...parameters.members].flatMap(([name, { required }]) =>
    required ? [name] : [],
  );
  const body = BINDINGS.api[id]?.body;
  return new Set([...needed, ...(body?.kind === "members" ? (body.required ?? []) : [])]);
};

/** The parameters of an operation as JSON-RPC takes them. */
export const rpcParametersOf = (id: OperationId): ObjectShape => {
  const parameters = parametersOf(OPERATIONS[id].input);
  return { ...parameters, apiRequired: requiredParameters(id, parameters) };
};

const encoders = new EncoderCompiler();
const decoders = new DecoderCompiler();

interface Compiled {
  readonly decodeInput: Decoder;
  readonly encodeOutput: Encoder;
  readonly encodeInput: Encoder;
  readonly decodeOutput: Decoder;
}

const compile = (id: OperationId): Compiled => {
  const parameters = rpcParametersOf(id);
  const output = shapeOf(OPERATIONS[id].output);
  return {
    decodeInput: decoders.decoderOf(parameters),
    encodeOutput: encoders.encoderOf(output),
    encodeInput: encoders.encoderOf(parameters),
    decodeOutput: decoders.decoderOf(output),
  };
};

const NOT_FITTING = faultOf("request.malformed", "it does not fit the operation");

const rpcOperation = (id: OperationId): RpcOperation => {
  const { service, method }: Operation = OPERATIONS[id];
  const compiled = compile(id);
  return {
    operationId: id,
    service,
    method,
    encodeInput: compiled.encodeInput,
    encodeOutput: compiled.encodeOutput,
    decodeInput: (value) => {
      const unwrapping = new Unwrapping(false);
      const input = compiled.decodeInput(value, "", unwrapping);
      return input === FAILED
        ? (unwrapping.fault ?? NOT_FITTING)
        : (input as Readonly<Record<string, unknown>>);
    },
    decodeOutput: (value) => {
      const unwrapping = new Unwrapping(true);
      const output = compiled.decodeOutput(value, "", unwrapping);
      return output === FAILED ? { malformed: unwrapping.fault ?? NOT_FITTING } : { output };
    },
  };
};

/** Every operation of the API itself: what this server adds has no JSON-RPC form. */
export const RPC_OPERATIONS: readonly RpcOperation[] = OPERATION_IDS.filter((id) => {
  const { origin }: Operation = OPERATIONS[id];
  return origin !== "ours";
}).map(rpcOperation);

const byService: ReadonlyMap<string, ReadonlyMap<string, RpcOperation>> = new Map(
  [...Map.groupBy(RPC_OPERATIONS, ({ service }) => service)].map(([service, operations]) => [
    service,
    new Map(operations.map((operation) => [operation.method, operation])),
  ]),
);

/** The operation of these names; null where the service has none of the second, `undefined` where there is no such service. */
export const findRpcOperation = (
  service: string,
  method: string,
): RpcOperation | null | undefined => {
  const operations = byService.get(service);
  return operations === undefined ? undefined : (operations.get(method) ?? null);
};

/** Both directions of errors. */
export const RPC_FAULTS = createRpcFaultCodec(shapeOf(message));
