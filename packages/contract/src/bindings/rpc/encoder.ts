import type { ObjectShape, Shape } from "../../vocabulary/shape.ts";
import { type DataValue, isMembers, MAP_ENTRY, OPERATION_INPUT } from "./data-value.ts";
import { unionChecker } from "./unions.ts";
import { wrapAnything } from "./unwrap-anything.ts";

/** Wraps a value of one shape. Throws a TypeError for a value that is not of the shape, which is a bug of whoever made it. */
export type Encoder = (value: unknown) => DataValue;

/** What every value of the shape was checked for where it was made; TypeScript can not see it here. */
const asItIs: Encoder = (value) => value as DataValue;

const encodeSecret: Encoder = (value) => ({ SECRET: value as DataValue });

const listEncoder =
  (encode: Encoder): Encoder =>
  (value) => {
    if (!Array.isArray(value)) throw new TypeError("A list is expected.");
    return encode === asItIs ? (value as readonly DataValue[]) : value.map(encode);
  };

const mapEncoder =
  (encode: Encoder): Encoder =>
  (value) => {
    if (!isMembers(value)) throw new TypeError("A map is expected.");
    return Object.entries(value).map(([key, member]) => ({
      STRUCTURE: { [MAP_ENTRY]: { key, value: encode(member) } },
    }));
  };

interface MemberEncoder {
  readonly name: string;
  readonly encode: Encoder;
  readonly isOptional: boolean;
}

const structureEncoder = (
  shape: ObjectShape,
  wrapper: "STRUCTURE" | "ERROR",
  members: readonly MemberEncoder[],
): Encoder => {
  const structureName = shape.canonical === "" ? OPERATION_INPUT : shape.canonical;
  const brokenUnion = unionChecker(shape.unions);
  return (value) => {
    if (!isMembers(value)) throw new TypeError(`A structure ${structureName} is expected.`);
    const broken = brokenUnion?.(value);
    if (broken !== undefined)
      throw new TypeError(`${structureName}.${broken.member} breaks a union: ${broken.reason}.`);
    const encoded: Record<string, DataValue> = {};
    for (const { name, encode, isOptional } of members) {
      const member = value[name];
      if (member !== undefined)
        encoded[name] = isOptional ? { OPTIONAL: encode(member) } : encode(member);
      else if (!isOptional) throw new TypeError(`${structureName}.${name} is required.`);
    }
    return { [wrapper]: { [structureName]: encoded } };
  };
};

/** Encoders of one set of shapes, each compiled once: structures may hold themselves. */
export class EncoderCompiler {
  readonly #encoders = new Map<ObjectShape, Encoder>();

  /** Builds, once, the encoder of a shape. */
  encoderOf(shape: Shape): Encoder {
    switch (shape.kind) {
      case "string":
        return shape.format === "password" ? encodeSecret : asItIs;
      case "integer":
      case "number":
      case "boolean":
      case "enumeration":
        return asItIs;
      case "list":
        return listEncoder(this.encoderOf(shape.element));
      case "map":
        return mapEncoder(this.encoderOf(shape.value));
      case "anything":
        return wrapAnything;
      case "nothing":
        return () => null;
      case "object":
        return this.structureEncoderOf(shape, "STRUCTURE");
    }
  }

  /** The encoder of a structure, or of an error, which is one under another word. */
  structureEncoderOf(shape: ObjectShape, wrapper: "STRUCTURE" | "ERROR"): Encoder {
    const known = this.#encoders.get(shape);
    if (known !== undefined) return known;
    const members: MemberEncoder[] = [];
    const encoder = structureEncoder(shape, wrapper, members);
    this.#encoders.set(shape, encoder);
    for (const [name, member] of shape.members) {
      members.push({
        name,
        encode: this.encoderOf(member.shape),
        isOptional: !shape.apiRequired.has(name),
      });
    }
    return encoder;
  }
}
