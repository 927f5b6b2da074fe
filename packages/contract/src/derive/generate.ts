import { TOLERANCES, WIRES, type Binding } from "../bindings/binding.ts";
import { BINDINGS } from "../bindings/bindings.ts";
import { FAULT_STATUSES } from "../bindings/statuses.ts";
import { OPERATIONS } from "../operations/operations.ts";
import { FAULTS } from "../vocabulary/faults.ts";
import { OPERATION_IDS } from "../vocabulary/operation-ids.ts";
import { SchemaWriter, type JsonSchema } from "./json-schema.ts";
import { openApi } from "./open-api.ts";
import { parametersOf, shapeOf } from "./shape.ts";

/** The version of the contract, which is the version of its package. */
export const CONTRACT_VERSION = "0.1.0";

/** A file made from the contract; `path` is relative to the root of the repository. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

const FOLDER = "packages/contract/generated";

const withoutAliases = ({ aliases: _, ...documented }: Binding): JsonSchema => ({ ...documented });

/** The whole contract as one document that no language has to run TypeScript for. */
const contractDocument = (): JsonSchema => {
  const writer = new SchemaWriter("object", "#/structures/");
  const operations = OPERATION_IDS.map((id) => {
    const operation = OPERATIONS[id];
    const bindings = WIRES.flatMap((wire) => {
      const binding = BINDINGS[wire][id];
      return binding === undefined ? [] : [[wire, withoutAliases(binding)] as const];
    });
    return {
      ...operation,
      input: writer.write(parametersOf(operation.input)),
      output: writer.write(shapeOf(operation.output)),
      bindings: Object.fromEntries(bindings),
    };
  });
  return {
    version: CONTRACT_VERSION,
    operations,
    structures: writer.structures,
    faults: FAULTS,
    statuses: FAULT_STATUSES,
    tolerances: TOLERANCES,
  };
};

const textOf = (document: JsonSchema): string => `${JSON.stringify(document, undefined, 2)}\n`;

/** Everything that is made from the contract; the same contract always gives the same bytes. */
export const generatedFiles = (): readonly GeneratedFile[] => [
  ...WIRES.map((wire) => ({
    path: `${FOLDER}/openapi-${wire}.json`,
    text: textOf(openApi(wire, CONTRACT_VERSION)),
  })),
  { path: `${FOLDER}/contract.json`, text: textOf(contractDocument()) },
];
