import { OPERATIONS } from "@contentlib/contract";
import type { Operation } from "@contentlib/contract";
import type { z } from "zod";

/** A generated file: its path from the root of the repository, and its text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

const folder = "packages/client/src/services";
const banner = "// Generated from packages/contract/src/operations by `npm run generate`.\n";
/** The structure on the wire and its type in TypeScript, where the two differ. */
const typeNames: Readonly<Record<string, string>> = { Message: "MessageModel" };

/** The services of the client: one file per noun of the contract, the effects of all operations, and a door. */
export function generateClient(): readonly GeneratedFile[] {
  const called = Object.values<Operation>(OPERATIONS).filter(({ stream }) => stream !== true);
  const nouns = Map.groupBy(called, ({ id }) => nounOf(id));
  return [
    ...[...nouns].map(([noun, operations]) =>
      file(`${kebab(noun)}.ts`, serviceText(noun, operations)),
    ),
    file("effects.ts", effectsText(Object.values<Operation>(OPERATIONS))),
    file("services.ts", servicesText(nouns)),
  ];
}

const file = (name: string, text: string): GeneratedFile => ({
  path: `${folder}/${name}`,
  text: `${banner}${text}`,
});

const nounOf = (id: string): string => id.slice(0, id.indexOf("."));
const verbOf = (id: string): string => id.slice(id.indexOf(".") + 1);
const className = (noun: string): string => `${noun[0]?.toUpperCase()}${noun.slice(1)}Service`;
const kebab = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function serviceText(noun: string, operations: readonly Operation[]): string {
  const shown = operations.filter(({ id }) => id !== "login.create");
  const imported = new Set<string>();
  const methods = shown.map((operation) => methodText(operation, imported));
  const types = [...imported].sort();
  const contract = types.length === 0 ? "" : importText(types);
  return `${contract}import type { Call } from "../call.ts";
import type { CallOptions } from "../client-options.ts";

/** ${serviceSentence(operations)} */
export class ${className(noun)} {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

${methods.join("\n\n")}
}
`;
}

function importText(types: readonly string[]): string {
  const line = `import type { ${types.join(", ")} } from "@contentlib/contract";\n`;
  if (line.length <= 101) return line;
  return `import type {\n${types.map((type) => `  ${type},\n`).join("")}} from "@contentlib/contract";\n`;
}

function methodText(operation: Operation, imported: Set<string>): string {
  const verb = verbOf(operation.id);
  const shape = Object.entries(operation.input.shape) as readonly (readonly [string, z.ZodType])[];
  const parameters = shape.map(([name, schema]) => parameterText(name, schema, imported));
  const isAllOptional = shape.every(([, schema]) => isOptional(schema));
  const input =
    parameters.length === 0
      ? ""
      : `\n    input: {\n${parameters.join("")}    }${isAllOptional ? " = {}" : ""},`;
  const output = typeText(operation.output, imported);
  const passed = parameters.length === 0 ? "{}" : "input";
  const body = `return this.#call("${operation.id}", ${passed}, options);`;
  if (input === "")
    return `${docText(operation)}  ${verb}(options?: CallOptions): Promise<${output}> {\n    ${body}\n  }`;
  return `${docText(operation)}  ${verb}(${input}
    options?: CallOptions,
  ): Promise<${output}> {
    ${body}
  }`;
}

function parameterText(name: string, schema: z.ZodType, imported: Set<string>): string {
  const sentence = schema.meta()?.description ?? inner(schema).meta()?.description ?? "";
  const mark = isOptional(schema) ? "?" : "";
  return `      /** ${sentence} */\n      readonly ${name}${mark}: ${typeText(inner(schema), imported)};\n`;
}

/** Where the API describes a service, or that only servers of ours have it. */
function serviceSentence(operations: readonly Operation[]): string {
  const name = `\`${operations[0]?.service}\``;
  return operations.every(({ origin }) => origin === "ours")
    ? `The service ${name}, an addition to the API: other servers do not have it.`
    : `The service ${name} of the API.`;
}

/** The page of the API that describes an operation. */
function pageText({ service, method, origin }: Operation): string {
  const name = `\`${method}\` of \`${service}\``;
  return origin === "ours" ? `An addition to the API: ${name}.` : `In the API: ${name}.`;
}

function docText(operation: Operation): string {
  const faults = operation.faults.map((name) => `\`${name}\``);
  const effects = {
    safe: "Changes nothing.",
    idempotent: "Repeating it is harmless.",
    once: "It is never repeated by itself.",
  };
  const declared = faults.length === 0 ? "" : `\n   * Refused with ${listText(faults)}.`;
  return `  /**\n   * ${operation.summary}${declared}\n   * ${effects[operation.effect]}\n   * ${pageText(operation)}\n   */\n`;
}

const listText = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;

const isOptional = (schema: z.ZodType): boolean => schema.def.type === "optional";

const inner = (schema: z.ZodType): z.ZodType =>
  isOptional(schema) ? (schema as z.ZodOptional<z.ZodType>).unwrap() : schema;

/** The TypeScript spelling of a schema; named structures are the contract's own types. */
function typeText(schema: z.ZodType, imported: Set<string>): string {
  const structure = schema.meta()?.["structure"];
  if (typeof structure === "string") {
    const name = typeNames[structure] ?? structure;
    imported.add(name);
    return name;
  }
  switch (schema.def.type) {
    case "string":
      return "string";
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "void":
      return "void";
    case "enum":
      return (schema as z.ZodEnum).options.map((word) => JSON.stringify(word)).join(" | ");
    case "record":
      return `Readonly<Record<string, ${typeText((schema as z.ZodRecord<z.ZodString, z.ZodType>).valueType, imported)}>>`;
    case "array":
      return `readonly ${typeText((schema as z.ZodArray<z.ZodType>).element, imported)}[]`;
    default:
      throw new Error(`the client can not spell a ${schema.def.type} of the contract`);
  }
}

function effectsText(operations: readonly Operation[]): string {
  const once = operations.filter(({ effect }) => effect === "once");
  const rows = once.map(({ id }) => `  "${id}",\n`);
  return `import type { OperationId } from "@contentlib/contract";

/** The operations that are not harmless to repeat: none of them is tried again by itself. */
export const ONCE_OPERATIONS: ReadonlySet<OperationId> = new Set<OperationId>([
${rows.join("")}]);
`;
}

function servicesText(services: ReadonlyMap<string, readonly Operation[]>): string {
  const nouns = [...services.keys()];
  const imports = nouns.map(
    (noun) => `import { ${className(noun)} } from "./${kebab(noun)}.ts";\n`,
  );
  const members = [...services].map(
    ([noun, operations]) =>
      `  /** ${serviceSentence(operations)} */\n  readonly ${noun}: ${className(noun)};\n`,
  );
  const values = nouns.map((noun) => `  ${noun}: new ${className(noun)}(call),\n`);
  return `import type { Call } from "../call.ts";
${imports.sort().join("")}
/** Every service of the API, under its own name there. */
export interface Services {
${members.join("")}}

/** The services over one way of calling. */
export const makeServices = (call: Call): Services => ({
${values.join("")}});

export {
${nouns
  .map((noun) => `  ${className(noun)},\n`)
  .sort()
  .join("")}};
`;
}
