/** What a schema says, in the few words this contract is written in. */
export type Shape =
  | { readonly kind: "string"; readonly format?: string }
  | { readonly kind: "integer" | "number" | "boolean" | "anything" | "nothing" }
  | { readonly kind: "enumeration"; readonly values: readonly string[] }
  | { readonly kind: "list"; readonly element: Shape; readonly isSet: boolean }
  | { readonly kind: "map"; readonly value: Shape }
  | ObjectShape;

/** A structure, or the parameters of an operation. */
export interface ObjectShape {
  readonly kind: "object";
  /** Name of the structure; empty for parameters. */
  readonly name: string;
  /** The API's own dotted name of the structure, which JSON-RPC spells out; empty for parameters. */
  readonly canonical: string;
  /** Members that the API itself declares required; JSON-RPC marks all others as optional. */
  readonly apiRequired: ReadonlySet<string>;
  /** Members that go with some values of another one only. */
  readonly unions: readonly UnionShape[];
  /** What the structure is, whatever member holds it. */
  readonly about: string;
  readonly members: ReadonlyMap<string, MemberShape>;
  /** Members that are known here and not used. */
  readonly ignored: ReadonlySet<string>;
  /** Members that are handed on and change nothing. */
  readonly compared: ReadonlySet<string>;
}

/** Which members go with which value of the tag; a member that a case does not name is refused with it. */
export interface UnionShape {
  readonly tag: string;
  readonly cases: Readonly<Record<string, UnionCase>>;
}

/** What goes with one value of a union's tag. */
export interface UnionCase {
  readonly required?: readonly string[];
  readonly allowed?: readonly string[];
}

/** A member of a structure. */
export interface MemberShape {
  readonly shape: Shape;
  readonly required: boolean;
  readonly sentence: string;
}
