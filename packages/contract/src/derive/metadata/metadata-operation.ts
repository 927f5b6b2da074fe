import type {
  ApiEnumeration,
  ApiField,
  ApiOperation,
  ApiStructure,
  ApiType,
  ApiUnion,
} from "./api-type.ts";
import { builtin } from "./api-type.ts";
import type { PlainValue } from "./plain-value.ts";
import type { DescribedApi } from "./described-api.ts";
import { errorName } from "./standard-errors.ts";

/** What an operation on metadata comes to: a value, or the id that names nothing. */
export type Found = { readonly found: PlainValue } | { readonly missing: string };

/** The decoded parameters of an operation on metadata, by name. */
export type MetadataInput = Readonly<Record<string, PlainValue>>;

/** An operation on metadata: how it is described, and how it answers about an API. */
export interface MetadataOperation {
  readonly definition: ApiOperation;
  answer(api: DescribedApi, input: MetadataInput): Found;
}

/** A service that tells about the API. */
export interface MetadataService {
  readonly name: string;
  readonly about: string;
  readonly operations: readonly MetadataOperation[];
}

/** Services that tell about one side of the API, with what they are made of. */
export interface MetadataFamily {
  readonly services: readonly MetadataService[];
  readonly structures: readonly ApiStructure[];
  readonly enumerations: readonly ApiEnumeration[];
}

/** An operation on metadata; those with parameters declare that these may name nothing. */
export const metadataOperation = (
  name: string,
  definition: Pick<ApiOperation, "about" | "output"> & { readonly params?: readonly ApiField[] },
  answer: MetadataOperation["answer"],
): MetadataOperation => ({
  definition: {
    name,
    about: definition.about,
    params: definition.params ?? [],
    output: definition.output,
    errors: definition.params === undefined ? [] : [errorName("not_found")],
    authentication: "none",
  },
  answer,
});

/** A structure of the metadata. */
export const metadataStructure = (
  name: string,
  about: string,
  fields: readonly (readonly [name: string, type: ApiType, about: string])[],
  unions: readonly ApiUnion[] = [],
): ApiStructure => ({
  name,
  about,
  isError: false,
  fields: fields.map(([field, type, sentence]) => ({ name: field, type, about: sentence })),
  unions,
});

/** A union by what each of its members goes with. */
export const unionOf = (
  tag: string,
  cases: Readonly<Record<string, readonly string[]>>,
): ApiUnion => ({ tag, cases: new Map(Object.entries(cases)) });

/** A parameter that names something. */
export const idParameter = (name: string, about: string): ApiField => ({
  name,
  type: builtin("ID"),
  about,
});

/** A string among decoded parameters; the decoder has seen to it that it is there. */
export const textOf = (input: MetadataInput, name: string): string => {
  const value = input[name];
  return typeof value === "string" ? value : "";
};

/** The entry of a map, as an answer. */
export const findIn = <Entry>(
  entries: ReadonlyMap<string, Entry>,
  id: string,
  plainOf: (entry: Entry) => PlainValue,
): Found => {
  const entry = entries.get(id);
  return entry === undefined ? { missing: id } : { found: plainOf(entry) };
};

/** The names in a map, as an answer. */
export const listNames = (entries: ReadonlyMap<string, unknown>): Found => ({
  found: [...entries.keys()],
});

/** Entries by their names, each as a plain value. */
export const mapBy = <Entry extends { readonly name: string }>(
  entries: Iterable<Entry>,
  plainOf: (entry: Entry) => PlainValue,
): ReadonlyMap<string, PlainValue> =>
  new Map([...entries].map((entry) => [entry.name, plainOf(entry)] as const));
