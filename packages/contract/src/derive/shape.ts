import type { z } from "zod";
import type { MemberShape, ObjectShape, Shape, UnionShape } from "../vocabulary/shape.ts";

const shapes = new Map<z.core.$ZodType, Shape>();

const refuse = (schema: z.core.$ZodType, why: string): never => {
  throw new Error(
    `A schema of kind ${schema._zod.def.type} can not stand in the contract: ${why}.`,
  );
};

const metaOf = (schema: z.core.$ZodType): Readonly<Record<string, unknown>> =>
  (schema as z.ZodType).meta() ?? {};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const namesOf = (value: unknown): ReadonlySet<string> =>
  new Set(Array.isArray(value) ? value.map(String) : []);

const memberOf = (schema: z.core.$ZodType): MemberShape => {
  const definition = schema._zod.def;
  const isOptional = definition.type === "optional";
  const inner = isOptional ? (definition as z.core.$ZodOptionalDef).innerType : schema;
  return {
    shape: shapeOf(inner),
    required: !isOptional,
    sentence: textOf(metaOf(inner)["description"]),
  };
};

const objectShapeOf = (schema: z.core.$ZodType, definition: z.core.$ZodObjectDef): ObjectShape => {
  const meta = metaOf(schema);
  const members = new Map<string, MemberShape>();
  const shape: ObjectShape = {
    kind: "object",
    name: textOf(meta["structure"]),
    canonical: textOf(meta["canonical"]),
    apiRequired: namesOf(meta["required"]),
    unions: (meta["unions"] as readonly UnionShape[] | undefined) ?? [],
    about: textOf(meta["about"]),
    members,
    ignored: namesOf(meta["ignored"]),
    compared: namesOf(meta["compared"]),
  };
  // Remembered before its members are read: structures may hold themselves.
  shapes.set(schema, shape);
  for (const [name, member] of Object.entries(definition.shape))
    members.set(name, memberOf(member));
  return shape;
};

const numberShapeOf = (schema: z.core.$ZodType): Shape => {
  const { format } = schema._zod.def as { readonly format?: string };
  if (format !== undefined && format !== "safeint")
    return refuse(schema, `${format} is no format of this contract`);
  return { kind: format === undefined ? "number" : "integer" };
};

const stringShapeOf = (schema: z.core.$ZodType): Shape => {
  const { format } = metaOf(schema);
  return { kind: "string", ...(typeof format === "string" ? { format } : {}) };
};

const readShape = (schema: z.core.$ZodType): Shape => {
  const definition = schema._zod.def;
  if ((definition.checks ?? []).length > 0) return refuse(schema, "it has a check");
  switch (definition.type) {
    case "string":
      return stringShapeOf(schema);
    case "number":
      return numberShapeOf(schema);
    case "boolean":
      return { kind: "boolean" };
    case "unknown":
      return { kind: "anything" };
    case "void":
      return { kind: "nothing" };
    case "enum":
      return {
        kind: "enumeration",
        values: Object.values((definition as z.core.$ZodEnumDef).entries).map(String),
      };
    case "array":
      return {
        kind: "list",
        element: shapeOf((definition as z.core.$ZodArrayDef).element),
        isSet: metaOf(schema)["set"] === true,
      };
    case "record":
      return { kind: "map", value: shapeOf((definition as z.core.$ZodRecordDef).valueType) };
    case "object":
      return objectShapeOf(schema, definition as z.core.$ZodObjectDef);
    default:
      return refuse(schema, "JSON Schema can not say it, or nothing here needs it");
  }
};

/**
 * What a schema says. Walked once and remembered. Throws for a schema with a check, a transform, a default or a kind that the
 * contract does not use, so that the contract stays data.
 */
export const shapeOf = (schema: z.core.$ZodType): Shape => {
  const known = shapes.get(schema) ?? readShape(schema);
  shapes.set(schema, known);
  return known;
};

/** The parameters of an operation. */
export const parametersOf = (input: z.ZodObject): ObjectShape => {
  const shape = shapeOf(input);
  return shape.kind === "object" ? shape : refuse(input, "parameters are an object");
};
