import { OPERATIONS } from "../operations/operations.ts";
import type { Operation } from "../operations/operation.ts";
import { OPERATION_IDS } from "../vocabulary/operation-ids.ts";
import { ROLES, type OperationRight, type Right, type RightObject } from "../vocabulary/right.ts";

/** What each operation needs, as a module that asks nothing of the operations themselves; a right that several need stands once. */
const rightsModuleText = (): string => {
  const shared = Map.groupBy(OPERATION_IDS, (id) => JSON.stringify(OPERATIONS[id].right));
  const rows = [...shared].map(([right, ids]) => `  [${right}, ${JSON.stringify(ids)}],\n`);
  return `// Generated from packages/contract/src/operations by \`npm run generate\`.
import { OPERATION_IDS, type OperationId } from "./operation-ids.ts";
import type { OperationRight } from "./right.ts";

/** Each right with the operations that need it; a test holds that every operation stands here once. */
const NEEDED: readonly (readonly [OperationRight, readonly OperationId[]])[] = [
${rows.join("")}];

const RIGHT_OF = new Map(NEEDED.flatMap(([right, ids]) => ids.map((id) => [id, right] as const)));

/** What a caller needs to have each operation done. */
export const OPERATION_RIGHTS: Readonly<Record<OperationId, OperationRight>> = Object.fromEntries(
  OPERATION_IDS.map((id) => [id, RIGHT_OF.get(id)]),
) as Record<OperationId, OperationRight>;
`;
};

const INTRO = `# Rights

<!-- Generated from packages/contract/src/operations by \`npm run generate\`. -->

What a caller needs for each operation: the privilege by its name in the API (ours begin with \`contentlib.\`), the lowest
role that has it, and what the role is needed on. The roles are ${ROLES.join(", ")}, each including those before it, granted
on everything or on one library with its items. \`any login\` needs no role. What is listed is cut down to what the caller sees;
what the caller does not see is not found; what the caller sees but may not do is refused as unauthorized.

A session belongs to whoever made it: by password a user has all sessions of that user, by a token only those made with that
token. Where two roles stand, the first is the creator's, the second what all others need; \`nobody else\` means that only the
creator can do it. A call that repeats a \`client_token\` is answered only where the caller could make the object again.

The name of a subscribed library that the caller does not see is empty in subscriptions, which must have one.
`;

const OBJECTS: Readonly<Record<RightObject["kind"], string>> = {
  everything: "everything",
  anything: "what the caller sees",
  anywhere: "any library",
  library: "the library",
  item: "the item",
  "update-session": "the item of the update session",
  "download-session": "the item of the download session",
  grant: "what the grant is on",
  self: "the caller's own user; of others: administrator on everything",
};

const ABSENT: Readonly<Record<"everything" | "anything" | "self", string>> = {
  everything: "everything where none is given",
  anything: "what the caller sees where none is given",
  self: "the caller's own user where none is given",
};

/** The object in words, with the parameter it is found by. */
const toldObject = (on: RightObject): string => {
  if (!("parameter" in on)) return OBJECTS[on.kind];
  const found = `${OBJECTS[on.kind]} (\`${on.parameter}\`)`;
  return on.whenAbsent === undefined || on.whenAbsent === on.kind
    ? found
    : `${found}, or ${ABSENT[on.whenAbsent]}`;
};

const toldRole = ({ role, others }: Right): string => {
  const own = role === "none" ? "any login" : role;
  if (others === undefined || others === role) return own;
  return `${own}; ${others === "nobody" ? "nobody else" : `others: ${others}`}`;
};

const lineOf = (first: string, right: Right): string =>
  `| ${first} | \`${right.privilege}\` | ${toldRole(right)} | ${toldObject(right.on)} |\n`;

const linesOf = ({ method, right }: Operation): string => {
  const { also = [] }: OperationRight = right;
  return [
    lineOf(`\`${method}\``, right),
    ...also.map((other) => lineOf(`\`${method}\`, also`, other)),
  ].join("");
};

const sectionOf = (service: string, operations: readonly Operation[]): string => `
## ${service}

| Operation | Privilege | Lowest role | On |
| --- | --- | --- | --- |
${operations.map(linesOf).join("")}`;

/** The table of rights for people, by service, before it is formatted. */
const rightsDocumentText = (): string => {
  const operations = OPERATION_IDS.map((id): Operation => OPERATIONS[id]);
  const services = Map.groupBy(operations, ({ service }) => service);
  return `${INTRO}${[...services]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([service, members]) => sectionOf(service, members))
    .join("")}`;
};

/** The files that tell of rights; the formatter has the last word on how they look. */
export const rightsFiles = (): readonly { readonly path: string; readonly text: string }[] => [
  { path: "packages/contract/src/vocabulary/operation-rights.ts", text: rightsModuleText() },
  { path: "docs/protocol/rights.md", text: rightsDocumentText() },
];
