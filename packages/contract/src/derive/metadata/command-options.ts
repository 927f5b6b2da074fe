import type { ApiCatalog, ApiField, ApiOperation, ApiType } from "./api-type.ts";
import type { PlainValue } from "./plain-value.ts";

/** Where a flattened member stands: the names around it, whether any of those may be left out, and the structures it is in. */
interface Branch {
  readonly path: readonly string[];
  readonly isOptional: boolean;
  readonly structures: readonly string[];
}

interface Option {
  readonly path: readonly string[];
  readonly description: string;
  readonly type: string;
  readonly generic: "NONE" | "OPTIONAL" | "LIST" | "OPTIONAL_LIST";
}

/** What is given as JSON, because a flag can not say it. */
const COMPLEX = "complex";

const scalarWord = (type: ApiType): string | undefined => {
  if (type.kind === "builtin") return type.name.toLowerCase().replaceAll("_", "");
  return type.kind === "enumeration" ? type.name : undefined;
};

/** The options that stand for a member: one, or those of the members of the structure it holds. */
const optionsOf = (api: ApiCatalog, field: ApiField, branch: Branch): readonly Option[] => {
  const { type } = field;
  const path = [...branch.path, field.name];
  const option = (word: string, generic: Option["generic"]): readonly Option[] => [
    { path, description: field.about, type: word, generic },
  ];
  switch (type.kind) {
    case "optional":
      return optionsOf(api, { ...field, type: type.element }, { ...branch, isOptional: true });
    case "structure":
      if (branch.structures.includes(type.name)) return [];
      return (api.structures.get(type.name)?.fields ?? []).flatMap((member) =>
        optionsOf(api, member, {
          path,
          isOptional: branch.isOptional,
          structures: [...branch.structures, type.name],
        }),
      );
    case "list":
    case "set":
      if (type.element.kind === "builtin")
        return option(
          scalarWord(type.element) ?? COMPLEX,
          branch.isOptional ? "OPTIONAL_LIST" : "LIST",
        );
      return option(COMPLEX, branch.isOptional ? "OPTIONAL" : "NONE");
    case "builtin":
    case "enumeration":
    case "map":
      return option(scalarWord(type) ?? COMPLEX, branch.isOptional ? "OPTIONAL" : "NONE");
  }
};

/** The name of an option leaves out the parameter a member is in; a name that is taken gets a number. */
const longName = (path: readonly string[], taken: Set<string>): string => {
  const inner = path.length > 1 ? path.slice(1) : path;
  const name = inner.join("-").replaceAll("_", "-").toLowerCase();
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
  taken.add(free);
  return free;
};

/** The options of the command for an operation: one for each value that its parameters are made of. */
export const commandOptions = (api: ApiCatalog, operation: ApiOperation): PlainValue => {
  const taken = new Set<string>();
  const options = operation.params.flatMap((field) =>
    optionsOf(api, field, { path: [], isOptional: false, structures: [] }),
  );
  return options.map(({ path, description, type, generic }) => ({
    long_option: longName(path, taken),
    field_name: path.join("."),
    description,
    type,
    generic,
  }));
};

const displayName = (name: string): string =>
  name
    .split("_")
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join("");

/** The structures that a type is made of, each once. */
const structuresIn = (api: ApiCatalog, type: ApiType, known: Set<string>): void => {
  if (type.kind === "map") structuresIn(api, type.value, known);
  if (type.kind === "optional" || type.kind === "list" || type.kind === "set")
    structuresIn(api, type.element, known);
  if (type.kind !== "structure" || known.has(type.name)) return;
  known.add(type.name);
  for (const field of api.structures.get(type.name)?.fields ?? [])
    structuresIn(api, field.type, known);
};

/** How the members of what an operation answers are headed. */
export const outputFields = (api: ApiCatalog, operation: ApiOperation): PlainValue => {
  const names = new Set<string>();
  structuresIn(api, operation.output, names);
  return [...names].map((name) => ({
    structure_id: name,
    output_fields: (api.structures.get(name)?.fields ?? []).map((field) => ({
      field_name: field.name,
      display_name: displayName(field.name),
    })),
  }));
};
