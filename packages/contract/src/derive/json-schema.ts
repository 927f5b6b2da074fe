import type { MemberShape, ObjectShape, Shape } from "../vocabulary/shape.ts";

/** A piece of JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** How a map from names to values is spelt: as an object, or as a list of pairs. */
export type MapSpelling = "object" | "pairs";

/** Turns shapes into JSON Schema and collects the structures they name. */
export class SchemaWriter {
  readonly #maps: MapSpelling;
  readonly #references: string;
  readonly #closed: ReadonlySet<string>;
  readonly #structures = new Map<string, JsonSchema>();

  /**
   * `references` is where structures will stand in the document, e.g. `#/components/schemas/`; `closed` names those that have no
   * members but their own.
   */
  constructor(maps: MapSpelling, references: string, closed: ReadonlySet<string> = new Set()) {
    this.#maps = maps;
    this.#references = references;
    this.#closed = closed;
  }

  /** The structures met so far, by name and in the order of the alphabet. */
  get structures(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries(
      [...this.#structures].toSorted(([left], [right]) => (left < right ? -1 : 1)),
    );
  }

  /** Adds a structure that no shape describes. */
  define(name: string, schema: JsonSchema): JsonSchema {
    this.#structures.set(name, schema);
    return { $ref: `${this.#references}${name}` };
  }

  /** A shape as JSON Schema; structures become references. */
  write(shape: Shape): JsonSchema {
    switch (shape.kind) {
      case "string":
        return { type: "string", ...(shape.format === undefined ? {} : { format: shape.format }) };
      case "integer":
        return {
          type: "integer",
          format: "int64",
          minimum: Number.MIN_SAFE_INTEGER,
          maximum: Number.MAX_SAFE_INTEGER,
        };
      case "number":
      case "boolean":
        return { type: shape.kind };
      case "anything":
        return {};
      case "nothing":
        return { type: "null" };
      case "enumeration":
        return { type: "string", enum: shape.values };
      case "list":
        return { type: "array", items: this.write(shape.element) };
      case "map":
        return this.#writeMap(this.write(shape.value));
      case "object":
        return shape.name === "" ? this.#writeObject(shape) : this.#reference(shape);
    }
  }

  /** A member with its sentence. */
  writeMember({ shape, sentence }: MemberShape): JsonSchema {
    return { description: sentence, ...this.write(shape) };
  }

  #writeMap(value: JsonSchema): JsonSchema {
    if (this.#maps === "object") return { type: "object", additionalProperties: value };
    const properties = { key: { type: "string", description: "The name." }, value };
    return { type: "array", items: { type: "object", properties, required: ["key", "value"] } };
  }

  #reference(shape: ObjectShape): JsonSchema {
    const reference = { $ref: `${this.#references}${shape.name}` };
    if (this.#structures.has(shape.name)) return reference;
    // Taken before it is written: structures may hold themselves.
    this.#structures.set(shape.name, {});
    this.#structures.set(shape.name, this.#writeObject(shape));
    return reference;
  }

  #writeObject(shape: ObjectShape): JsonSchema {
    const members = [...shape.members];
    const required = members.flatMap(([name, member]) => (member.required ? [name] : []));
    const description = descriptionOf(shape);
    return {
      type: "object",
      ...(description === "" ? {} : { description }),
      properties: Object.fromEntries(
        members.map(([name, member]) => [name, this.writeMember(member)]),
      ),
      ...(required.length === 0 ? {} : { required }),
      ...(this.#closed.has(shape.name) ? closing(shape) : {}),
    };
  }
}

/** No other members, save those that are taken in any form and do nothing. */
const closing = ({ ignored }: ObjectShape): JsonSchema => ({
  ...(ignored.size === 0 ? {} : { patternProperties: { [`^(${[...ignored].join("|")})$`]: {} } }),
  additionalProperties: false,
});

/** Adds the names of all structures in the shape. */
export const collectStructures = (shape: Shape, names: Set<string>): void => {
  if (shape.kind === "list") collectStructures(shape.element, names);
  if (shape.kind === "map") collectStructures(shape.value, names);
  if (shape.kind !== "object" || names.has(shape.name)) return;
  if (shape.name !== "") names.add(shape.name);
  for (const member of shape.members.values()) collectStructures(member.shape, names);
};

const descriptionOf = ({ about, ignored }: ObjectShape): string =>
  ignored.size === 0 ? about : `${about} Taken and ignored: ${[...ignored].join(", ")}.`;
