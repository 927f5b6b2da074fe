/** The two HTTP forms of the API. */
export const WIRES = ["rest", "api"] as const;

/** One of the two HTTP forms of the API. */
export type Wire = (typeof WIRES)[number];

/** The verbs operations are bound to. */
export type Verb = "GET" | "POST" | "PATCH" | "DELETE";

/**
 * What a request body holds: nothing that counts; parameters by name (`required` ones may still be absent, save for a strict
 * server); one structure under its parameter's name, with other parameters beside it; or that structure itself.
 */
export type Body =
  | { readonly kind: "none" }
  | {
      readonly kind: "members";
      readonly names: readonly string[];
      readonly required?: readonly string[];
    }
  | { readonly kind: "wrapped"; readonly name: string; readonly beside: readonly string[] }
  | { readonly kind: "bare"; readonly name: string };

/** Where a request of an operation travels. Path parameters stand in braces; after `id:` where the wire says so. */
export interface Address {
  readonly verb: Verb;
  readonly path: string;
  /** Value of the query parameter `~action` or `action`. */
  readonly action?: string;
  /** Parameters that travel in the query. */
  readonly query?: readonly string[];
  /** Those of them that are integers. */
  readonly integers?: readonly string[];
  /** The query parameter whose presence tells this operation from another at the same address. */
  readonly marker?: string;
  readonly body: Body;
}

/** Another address under which an operation is served. A tolerance is refused by a strict server; other aliases are not. */
export interface Alias extends Address {
  readonly tolerance?: Tolerance;
}

/** How an operation travels on one wire. */
export interface Binding extends Address {
  /** The status of success. */
  readonly status: 200 | 201 | 204;
  readonly aliases?: readonly Alias[];
}

/** How one operation travels on each wire; a wire it is absent from does not have it. */
export type OperationBindings = Readonly<Partial<Record<Wire, Binding>>>;

/** A body of parameters by name. */
export const members = (...names: readonly string[]): Body => ({ kind: "members", names });

/** A body of parameters by name, some of which only a lenient server does without. */
export const membersRequired = (...names: readonly string[]): Body => ({
  kind: "members",
  names,
  required: names,
});

/** A body that holds nothing that counts. */
export const NO_BODY: Body = { kind: "none" };

/** Things that a lenient server takes and a strict one refuses, with the sentence it refuses them with. */
export const TOLERANCES = {
  idPrefix: "identifiers in the path stand after id: on /rest, and bare on /api",
  actionSpelling: "words in an action are joined by hyphens",
  doubledQueryName: "a query parameter is named once, without its own name before it",
  filePath: "the files of an update session have one documented address on each form",
  changesPath: "the changes of an item have one documented address on each form",
  fileNameMember: "the name of the file is given under another parameter name here",
  updateByPost: "update is sent with PATCH",
  wrapping: "the body is wrapped by its parameter name on /rest, and bare on /api",
  progressMember: "the progress is given under another parameter name here",
  integerText: "integers are numbers, not strings",
  enumerationSpelling: "values of enumerations are spelt in upper case, as they are documented",
  missingErrorMessage: "client_error_message is required",
} as const;

/** One thing that only a lenient server takes. */
export type Tolerance = keyof typeof TOLERANCES;
