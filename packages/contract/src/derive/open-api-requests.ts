import type { Binding } from "../bindings/binding.ts";
import type { MemberShape, ObjectShape } from "../vocabulary/shape.ts";
import type { JsonSchema, SchemaWriter } from "./json-schema.ts";

/** The member of that name; throws where a binding names a parameter its operation does not have. */
const memberNamed = (input: ObjectShape, name: string): MemberShape => {
  const member = input.members.get(name);
  if (member === undefined)
    throw new Error(`A binding names a parameter ${name} that its operation does not have.`);
  return member;
};

const parameter = (
  place: "path" | "query",
  name: string,
  member: MemberShape,
  writer: SchemaWriter,
): JsonSchema => ({
  name,
  in: place,
  required: place === "path" || member.required,
  description: member.sentence,
  schema: writer.write(member.shape),
});

/** The parameters that travel in the address. */
export const parametersIn = (
  binding: Binding,
  input: ObjectShape,
  writer: SchemaWriter,
): readonly JsonSchema[] => {
  const inPath = [...binding.path.matchAll(/\{([a-z_]+)\}/g)].map(([, name = ""]) => name);
  return [
    ...inPath.map((name) => parameter("path", name, memberNamed(input, name), writer)),
    ...(binding.query ?? []).map((name) =>
      parameter("query", name, memberNamed(input, name), writer),
    ),
  ];
};

/** Whether the structure of a body must be there: one that needs no member counts as empty where it is absent. */
const mustBeSent = ({ required, shape }: MemberShape): boolean =>
  required &&
  (shape.kind !== "object" || [...shape.members.values()].some((member) => member.required));

/** Members of a body whose presence is another affair than their parameters say. */
interface Presence {
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
}

/** A body: its form, and whether it must be sent. */
export interface BodyDescription {
  readonly schema: JsonSchema;
  readonly required: boolean;
}

const objectOf = (
  names: readonly string[],
  input: ObjectShape,
  writer: SchemaWriter,
  { required: also = [], optional = [] }: Presence,
): BodyDescription => {
  const required = names.filter(
    (name) =>
      !optional.includes(name) && (memberNamed(input, name).required || also.includes(name)),
  );
  const properties = Object.fromEntries(
    names.map((name) => [name, writer.writeMember(memberNamed(input, name))]),
  );
  const schema = {
    type: "object",
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
  return { schema, required: required.length > 0 };
};

/** The body of a request; undefined where the operation has none. */
export const bodySchemaOf = (
  { body }: Binding,
  input: ObjectShape,
  writer: SchemaWriter,
): BodyDescription | undefined => {
  switch (body.kind) {
    case "none":
      return undefined;
    case "members":
      return body.names.length === 0
        ? undefined
        : objectOf(body.names, input, writer, { required: body.required ?? [] });
    case "wrapped":
      return objectOf([...body.beside, body.name], input, writer, {
        optional: mustBeSent(memberNamed(input, body.name)) ? [] : [body.name],
      });
    case "bare": {
      const member = memberNamed(input, body.name);
      return { schema: writer.write(member.shape), required: mustBeSent(member) };
    }
  }
};
