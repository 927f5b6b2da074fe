import type { z } from "zod";
import { OPERATIONS, type OperationInput } from "../operations/operations.ts";
import { faultOf, type FaultValue } from "../vocabulary/faults.ts";
import { OPERATION_IDS, type OperationId } from "../vocabulary/operation-ids.ts";
import { FAILED, Reading, readerOf, type Reader } from "./readers.ts";
import { parametersOf } from "./shape.ts";

/** The parameters of an operation, checked, and what was sent beside them to no effect. */
export interface ReadInput<Id extends OperationId> {
  /** What was read, as the operation takes it. */
  readonly input: OperationInput<Id>;
  /** Members that are known and changed nothing, by their path inside the structure that held them. */
  readonly ignored: readonly string[];
}

interface InputReader {
  readonly read: Reader;
  readonly schema: z.ZodObject;
}

const READERS: ReadonlyMap<OperationId, InputReader> = new Map(
  OPERATION_IDS.map((id) => [
    id,
    { read: readerOf(parametersOf(OPERATIONS[id].input)), schema: OPERATIONS[id].input },
  ]),
);

const readerFor = (operationId: OperationId): InputReader => {
  const reader = READERS.get(operationId);
  if (reader === undefined) throw new Error(`There is no operation ${operationId}.`);
  return reader;
};

const faultOfIssue = (issue: z.core.$ZodIssue | undefined): FaultValue =>
  faultOf(
    "request.invalid_member",
    issue?.path.map(String).join(".") || "the request",
    issue?.message ?? "it does not fit",
  );

/**
 * Checks the gathered parameters of a request against the operation: JSON types, required members and enumerations. `null`
 * counts as absent, known members that the operation does not use are left out, unknown ones are refused by name. Ranges,
 * lengths and the meaning of ids are the domain's to judge. Total: whatever JSON can hold gives an input or a fault.
 */
export const readInput = <Id extends OperationId>(
  operationId: Id,
  raw: Readonly<Record<string, unknown>>,
  { strict }: { readonly strict: boolean },
): ReadInput<Id> | FaultValue => {
  const { read, schema } = readerFor(operationId);
  const reading = new Reading(strict);
  const value = read(raw, "", reading);
  if (value === FAILED)
    return reading.fault ?? faultOf("request.malformed", "it does not fit the operation");
  const parsed = schema.safeParse(value);
  if (!parsed.success) return faultOfIssue(parsed.error.issues[0]);
  return { input: parsed.data as OperationInput<Id>, ignored: reading.ignored };
};
