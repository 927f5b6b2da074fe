import type { Operation } from "../operations/operation.ts";
import { OPERATIONS } from "../operations/operations.ts";
import { OPERATION_IDS } from "../vocabulary/operation-ids.ts";

/** The API's full name of an operation: its service and its method. */
const methodNameOf = ({ service, method }: Operation): string => `${service}.${method}`;

/** The file that knows operations by the API's own names, without asking anything of the operations themselves. */
export const methodNameFile = (): { readonly path: string; readonly text: string } => ({
  path: "packages/contract/src/vocabulary/operation-methods.ts",
  text: `// Generated from packages/contract/src/operations by \`npm run generate\`.
import type { OperationId } from "./operation-ids.ts";

/** The API's full name of each operation: its service and its method. */
export const OPERATION_METHODS: Readonly<Record<OperationId, string>> = {
${OPERATION_IDS.map((id) => `  "${id}": "${methodNameOf(OPERATIONS[id])}",\n`).join("")}};
`,
});
