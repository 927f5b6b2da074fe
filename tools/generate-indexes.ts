// The files that only list what stands elsewhere: written by looking at the sources, because nothing can import a list that is
// not there yet.
import { globSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./command.ts";

/** A generated file: its path from the root of the repository, and its text. */
interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** The one table that a file of operations or of bindings exports. */
interface Table {
  readonly file: string;
  readonly exportName: string;
  readonly ids: readonly string[];
}

const contract = "packages/contract/src";
const app = "packages/server/src/app";
const bannerOf = (sources: string): string =>
  `// Generated from ${sources} by \`npm run generate\`.\n`;

/** The lists of operations, bindings and handlers. Throws where an operation lacks its bindings. */
export async function generateIndexes(): Promise<readonly GeneratedFile[]> {
  const operations = await tablesIn("operations", "_OPERATIONS");
  const bindings = await tablesIn("bindings/services", "_BINDINGS");
  const ids = operations.flatMap((table) => table.ids);
  const bound = new Set(bindings.flatMap((table) => table.ids));
  const unbound = ids.filter((id) => !bound.has(id));
  if (unbound.length > 0)
    throw new Error(`These operations have no bindings: ${unbound.join(", ")}.`);
  return [
    { path: `${contract}/vocabulary/operation-ids.ts`, text: idsText(ids) },
    { path: `${contract}/operations/operations.ts`, text: operationsText(operations) },
    { path: `${contract}/bindings/bindings.ts`, text: bindingsText(bindings) },
    { path: `${app}/handlers.ts`, text: handlersText(ids) },
  ];
}

/** Tables in the order of their files' names, so that the same sources always give the same lists. */
async function tablesIn(folder: string, ending: string): Promise<readonly Table[]> {
  const files = globSync(`${contract}/${folder}/*.ts`, { cwd: root })
    .filter((path) => !/(\.test|\.test-d)\.ts$/.test(path))
    .toSorted();
  const tables = await Promise.all(files.map(async (path) => await tableIn(path, ending)));
  return tables.filter((table) => table !== undefined);
}

async function tableIn(path: string, ending: string): Promise<Table | undefined> {
  if (
    !new RegExp(`^export const \\w+${ending} =`, "m").test(readFileSync(join(root, path), "utf8"))
  )
    return undefined;
  const module = (await import(pathToFileURL(join(root, path)).href)) as Record<string, object>;
  const found = Object.entries(module).find(([name]) => name.endsWith(ending));
  if (found === undefined) throw new Error(`${path} exports no table that ends in ${ending}.`);
  return { file: basename(path), exportName: found[0], ids: Object.keys(found[1]) };
}

const importOf = ({ exportName, file }: Table, folder: string): string =>
  `import { ${exportName} } from "${folder}/${file}";\n`;

const spreadOf = ({ exportName }: Table): string => `  ...${exportName},\n`;

const idsText = (ids: readonly string[]): string =>
  `${bannerOf(`${contract}/operations`)}
/** Every operation of the contract, by its id for ever, in the order of the generated documents. */
export const OPERATION_IDS = [
${ids.map((id) => `  "${id}",\n`).join("")}] as const;

/** The id of an operation. */
export type OperationId = (typeof OPERATION_IDS)[number];
`;

const operationsText = (tables: readonly Table[]): string =>
  `${bannerOf(`${contract}/operations`)}import type { z } from "zod";
import type { Immutable } from "../vocabulary/immutable.ts";
import type { OperationId } from "../vocabulary/operation-ids.ts";
import type { Operation } from "./operation.ts";
${tables.map((table) => importOf(table, ".")).join("")}
/** Every operation of the contract by its id. */
export const OPERATIONS = {
${tables.map(spreadOf).join("")}} as const satisfies Readonly<Record<OperationId, Operation>>;

/** What an operation takes: an object of the API's own parameter names. */
export type OperationInput<Id extends OperationId> = Immutable<
  z.output<(typeof OPERATIONS)[Id]["input"]>
>;

/** What an operation answers; \`void\` where it answers nothing. */
export type OperationOutput<Id extends OperationId> = Immutable<
  z.output<(typeof OPERATIONS)[Id]["output"]>
>;

/** The classes an operation declares beside the implicit ones. */
export type OperationFaults<Id extends OperationId> = (typeof OPERATIONS)[Id]["faults"][number];
`;

const bindingsText = (tables: readonly Table[]): string =>
  `${bannerOf(`${contract}/bindings/services`)}import type { OperationId } from "../vocabulary/operation-ids.ts";
import type { Binding, OperationBindings, Wire } from "./binding.ts";
${tables.map((table) => importOf(table, "./services")).join("")}
const SERVICES: Readonly<Record<OperationId, OperationBindings>> = {
${tables.map(spreadOf).join("")}};

const onWire = (wire: Wire): Readonly<Partial<Record<OperationId, Binding>>> =>
  Object.fromEntries(
    Object.entries(SERVICES).flatMap(([id, { [wire]: binding }]) =>
      binding === undefined ? [] : [[id, binding]],
    ),
  );

/** How every operation travels on each wire; an operation that a wire does not have is absent there. */
export const BINDINGS: Readonly<Record<Wire, Readonly<Partial<Record<OperationId, Binding>>>>> = {
  rest: onWire("rest"),
  api: onWire("api"),
};
`;

/** A handler as its file declares it: \`export const copyItem = ... Handler<"item.copy">\`. */
interface DeclaredHandler {
  readonly id: string;
  readonly exportName: string;
  readonly file: string;
}

function handlersIn(path: string): readonly DeclaredHandler[] {
  const source = readFileSync(join(root, path), "utf8");
  return source.split(/^(?=export const )/m).flatMap((part) => {
    const exportName = /^export const (\w+)/.exec(part)?.[1];
    const id = /\bHandler<"([\w.]+)">/.exec(part)?.[1];
    return exportName === undefined || id === undefined
      ? []
      : [{ id, exportName, file: `./${relative(app, path)}` }];
  });
}

function handlersText(ids: readonly string[]): string {
  const files = globSync(`${app}/*/*.ts`, { cwd: root })
    .filter((path) => !path.endsWith(".test.ts"))
    .toSorted();
  const byId = new Map(files.flatMap(handlersIn).map((handler) => [handler.id, handler]));
  const handled = ids.filter((id) => !/^(?:login|event)\./.test(id));
  // An operation without one is left out here, and then the total type of the list does not compile.
  const handlers = handled.flatMap((id) => byId.get(id) ?? []);
  const imports = Map.groupBy(handlers, ({ file }) => file);
  return `${bannerOf(app)}import type { HandlerMakers } from "./core.ts";
${[...imports]
  .toSorted(([one], [other]) => (one < other ? -1 : 1))
  .map(
    ([file, names]) =>
      `import { ${names.map(({ exportName }) => exportName).join(", ")} } from "${file}";\n`,
  )
  .join("")}
/** What makes each operation over its ports. */
export const HANDLER_MAKERS: HandlerMakers = {
${handlers.map(({ id, exportName }) => `  "${id}": ${exportName},\n`).join("")}};
`;
}
