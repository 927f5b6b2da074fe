/** The API's own words for the kinds of values that need no name. */
export type BuiltinName =
  | "VOID"
  | "BOOLEAN"
  | "LONG"
  | "DOUBLE"
  | "STRING"
  | "SECRET"
  | "DATE_TIME"
  | "ID"
  | "URI"
  | "DYNAMIC_STRUCTURE"
  | "OPAQUE";

/** A type as the API's type system has it; `name` of the last two kinds is the dotted name of the structure or enumeration. */
export type ApiType =
  | { readonly kind: "builtin"; readonly name: BuiltinName }
  | { readonly kind: "optional" | "list" | "set"; readonly element: ApiType }
  | { readonly kind: "map"; readonly key: ApiType; readonly value: ApiType }
  | { readonly kind: "structure" | "enumeration"; readonly name: string };

/** A member of a structure, or a parameter of an operation. */
export interface ApiField {
  readonly name: string;
  readonly type: ApiType;
  readonly about: string;
}

/** Members of a structure that go with some values of another one only. */
export interface ApiUnion {
  readonly tag: string;
  /** For each member of the union the values of the tag it goes with. */
  readonly cases: ReadonlyMap<string, readonly string[]>;
}

/** A structure, or an error. */
export interface ApiStructure {
  readonly name: string;
  readonly about: string;
  readonly isError: boolean;
  readonly fields: readonly ApiField[];
  readonly unions: readonly ApiUnion[];
}

/** An enumeration. */
export interface ApiEnumeration {
  readonly name: string;
  readonly values: readonly string[];
}

/** How a caller proves who it is: by name and password, by the id of a login, or not at all. */
export type ApiAuthentication = "password" | "session" | "none";

/** An operation of a service. */
export interface ApiOperation {
  readonly name: string;
  readonly about: string;
  readonly params: readonly ApiField[];
  readonly output: ApiType;
  /** Dotted names of the errors it declares; every operation may fail in the ways all share beside them. */
  readonly errors: readonly string[];
  readonly authentication: ApiAuthentication;
}

/** A service, by its dotted name. */
export interface ApiService {
  readonly name: string;
  readonly about: string;
  readonly operations: ReadonlyMap<string, ApiOperation>;
}

/** Everything that can be asked about, each by its dotted name. */
export interface ApiCatalog {
  readonly services: ReadonlyMap<string, ApiService>;
  readonly structures: ReadonlyMap<string, ApiStructure>;
  readonly enumerations: ReadonlyMap<string, ApiEnumeration>;
}

export const builtin = (name: BuiltinName): ApiType => ({ kind: "builtin", name });
export const optionalOf = (element: ApiType): ApiType => ({ kind: "optional", element });
export const listOfType = (element: ApiType): ApiType => ({ kind: "list", element });
export const setOfType = (element: ApiType): ApiType => ({ kind: "set", element });
export const mapOfType = (key: ApiType, value: ApiType): ApiType => ({ kind: "map", key, value });
export const structureOf = (name: string): ApiType => ({ kind: "structure", name });
export const enumerationOf = (name: string): ApiType => ({ kind: "enumeration", name });

/** Where a dotted name is declared: all of it but the last segment. */
export const parentOf = (name: string): string => name.slice(0, Math.max(name.lastIndexOf("."), 0));

/** The last segment of a dotted name. */
export const lastOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1);
