import type { MemberShape, ObjectShape, Shape } from "./shape.ts";

/** A piece of JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** How a map from names to values is spelt: as an object, or as a list of pairs. */
export type MapSpelling = "object" | "pairs";

/** Turns shapes into JSON Schema and collects the structures they name. */
export class SchemaWriter {
  readonly #maps: MapSpelling;
  readonly #references: string;
  readonly #structures = new Map<string, JsonSchema>();

  /** `references` is where structures will stand in the document, e.g. `#/components/schemas/`. */
  constructor(maps: MapSpelling, references: string) {
    this.#maps = maps;
    this.#references = references;
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
        return { type: "integer", format: "int64" };
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
    };
  }
}

const descriptionOf = ({ about, ignored }: ObjectShape): string =>
  ignored.size === 0 ? about : `${about} Taken and ignored: ${[...ignored].join(", ")}.`;
