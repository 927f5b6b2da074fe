import { OPERATIONS } from "../operations/operations.ts";
import { OPERATION_IDS } from "../vocabulary/operation-ids.ts";

/** The file that knows which operations change nothing, without asking anything of the operations themselves. */
export const safeOperationsFile = (): { readonly path: string; readonly text: string } => ({
  path: "packages/contract/src/vocabulary/safe-operations.ts",
  text: `// Generated from packages/contract/src/operations by \`npm run generate\`.
import type { OperationId } from "./operation-ids.ts";

/** The operations that change nothing. */
export const SAFE_OPERATIONS: ReadonlySet<OperationId> = new Set<OperationId>([
${OPERATION_IDS.filter((id) => OPERATIONS[id].effect === "safe")
  .map((id) => `  "${id}",\n`)
  .join("")}]);
`,
});
