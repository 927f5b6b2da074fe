import type { OperationId } from "../vocabulary/operation-ids.ts";
import type { Wire } from "./binding.ts";

/** A message of an error's stack as both ends hold it: its named arguments are an object, whatever the wire. */
export interface MessageValue {
  readonly id: string;
  readonly default_message: string;
  readonly args: readonly string[];
  readonly params?: Readonly<Record<string, unknown>>;
  readonly localized?: string;
}

type Members = Readonly<Record<string, unknown>>;

/** Rewrites the map `params` of one structure. */
type ParamsCodec = (params: unknown) => unknown;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The named arguments nested in a message argument (`l.params`) are spelt as the outer ones. */
const withNested = (param: unknown, codec: ParamsCodec): unknown => {
  if (!isMembers(param) || !isMembers(param["l"]) || param["l"]["params"] === undefined)
    return param;
  return { ...param, l: { ...param["l"], params: codec(param["l"]["params"]) } };
};

const toPairs: ParamsCodec = (params) =>
  isMembers(params)
    ? Object.entries(params).map(([key, value]) => ({ key, value: withNested(value, toPairs) }))
    : params;

const fromEither: ParamsCodec = (params) => {
  const entries = Array.isArray(params)
    ? params.flatMap((pair: unknown): [string, unknown][] =>
        isMembers(pair) && typeof pair["key"] === "string" ? [[pair["key"], pair["value"]]] : [],
      )
    : Object.entries(isMembers(params) ? params : {});
  return Object.fromEntries(entries.map(([key, value]) => [key, withNested(value, fromEither)]));
};

const withParams = (message: unknown, codec: ParamsCodec): unknown =>
  isMembers(message) && message["params"] !== undefined
    ? { ...message, params: codec(message["params"]) }
    : message;

/** A message as the wire spells it: named arguments are a list of pairs on /rest and an object on /api. */
export const encodeMessage = (wire: Wire, message: unknown): unknown =>
  wire === "rest" ? withParams(message, toPairs) : message;

/** A message as both ends hold it; either spelling of its named arguments is read. */
export const decodeMessage = (message: unknown): unknown => withParams(message, fromEither);

/** Where results hold messages; `*` stands for every element of a list. */
const MESSAGE_PATHS: Readonly<Partial<Record<OperationId, readonly (readonly string[])[]>>> = {
  "updateSession.get": [["error_message"], ["preview_info", "warnings", "*", "message"]],
  "updateSessionFile.add": [["error_message"]],
  "updateSessionFile.list": [["*", "error_message"]],
  "updateSessionFile.get": [["error_message"]],
  "updateSessionFile.validate": [["invalid_files", "*", "error_message"]],
  "downloadSession.get": [["error_message"]],
  "downloadSessionFile.list": [["*", "error_message"]],
  "downloadSessionFile.prepare": [["error_message"]],
  "downloadSessionFile.get": [["error_message"]],
  "updateSessionFile.probe": [["error_messages", "*"]],
  "subscribedLibrary.probe": [["error_messages", "*"]],
  "probe.get": [["error_messages", "*"]],
};

/** The value with what stands at the path replaced; the very same value where nothing is to be replaced. */
const replacedAt = (
  value: unknown,
  path: readonly string[],
  replace: (found: unknown) => unknown,
): unknown => {
  const [step, ...rest] = path;
  if (step === undefined) return replace(value);
  if (step === "*") {
    if (!Array.isArray(value)) return value;
    const elements: readonly unknown[] = value;
    const replaced = elements.map((element) => replacedAt(element, rest, replace));
    return replaced.some((element, index) => element !== elements[index]) ? replaced : elements;
  }
  if (!isMembers(value) || value[step] === undefined) return value;
  const member = replacedAt(value[step], rest, replace);
  return member === value[step] ? value : { ...value, [step]: member };
};

const withMessages = (
  operationId: OperationId,
  output: unknown,
  replace: (found: unknown) => unknown,
): unknown =>
  (MESSAGE_PATHS[operationId] ?? []).reduce<unknown>(
    (value, path) => replacedAt(value, path, replace),
    output,
  );

/** A result with its messages as the wire spells them. */
export const encodeMessages = (wire: Wire, operationId: OperationId, output: unknown): unknown =>
  wire === "api"
    ? output
    : withMessages(operationId, output, (found) => encodeMessage(wire, found));

/** A result with its messages as both ends hold them. */
export const decodeMessages = (operationId: OperationId, output: unknown): unknown =>
  withMessages(operationId, output, decodeMessage);
