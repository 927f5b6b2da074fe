import { z } from "zod";
import type { UnionShape } from "../vocabulary/shape.ts";

/**
 * The few kinds of schema the contract is made of. Each takes its sentence, so that none can be forgotten, and none checks more
 * than JSON Schema can say: ranges and lengths are the domain's to judge, after existence.
 */

/** A string. */
export const text = (sentence: string) => z.string().meta({ description: sentence });

/** A string that must not be shown or logged, such as a password. */
export const secret = (sentence: string) =>
  z.string().meta({ description: sentence, format: "password" });

/** An instant: RFC 3339 in UTC with three decimals of a second. */
export const instant = (sentence: string) =>
  z.string().meta({ description: sentence, format: "date-time" });

/** A UUID that the caller makes up. */
export const uuid = (sentence: string) =>
  z.string().meta({ description: sentence, format: "uuid" });

/** An absolute URI. */
export const uri = (sentence: string) => z.string().meta({ description: sentence, format: "uri" });

/** An integer that every JSON reader keeps exact. */
export const integer = (sentence: string) => z.int().meta({ description: sentence });

/** A number with a fraction. */
export const fraction = (sentence: string) => z.number().meta({ description: sentence });

/** True or false. */
export const flag = (sentence: string) => z.boolean().meta({ description: sentence });

/** Any JSON value: for members that are taken as they come and only compared. */
export const anything = (sentence: string) => z.unknown().meta({ description: sentence });

/** One of the words of an enumeration; those of the API itself are upper-case. */
export const oneOf = <const Values extends readonly [string, ...string[]]>(
  values: Values,
  sentence: string,
) => z.enum(values).meta({ description: sentence });

/** A list in a fixed order. */
export const listOf = <Element extends z.ZodType>(element: Element, sentence: string) =>
  z.array(element).meta({ description: sentence });

/** A list whose elements differ and whose order says nothing. */
export const setOf = <Element extends z.ZodType>(element: Element, sentence: string) =>
  z.array(element).meta({ description: sentence, set: true });

/** A map from names to values; how it is spelt is each wire's affair. */
export const mapOf = <Value extends z.ZodType>(value: Value, sentence: string) =>
  z.record(z.string(), value).meta({ description: sentence });

/** No result at all. */
export const nothing = z.void();

/** What a structure says beside its members. */
export interface StructureNotes<Member extends string = string> {
  /** The API's own dotted name, which JSON-RPC spells out. Input and output forms of one structure share it. */
  readonly canonical: string;
  /**
   * Members the API itself declares required. JSON-RPC marks all others as optional, whatever our shape says: an output form of
   * ours requires what is always sent, an input form what the operation can not do without.
   */
  readonly required?: readonly Member[];
  /** Members that go with some values of another one only. */
  readonly unions?: readonly UnionShape[];
  /** Members the API knows here but this structure does not use: taken in any form, left out, and reported as ignored. */
  readonly ignored?: readonly string[];
  /** Members that are handed on as they came but never change anything, so they are reported as ignored too. */
  readonly compared?: readonly string[];
}

/** A named structure, shared by every operation that uses it and by the components of the generated documents. */
export const structure = <Shape extends z.ZodRawShape>(
  name: string,
  sentence: string,
  shape: Shape,
  notes: StructureNotes<NoInfer<keyof Shape & string>>,
) => z.object(shape).meta({ structure: name, about: sentence, description: sentence, ...notes });

/** The same structure under the sentence of the member that holds it. */
export const of = <Schema extends z.ZodType>(schema: Schema, sentence: string): Schema =>
  schema.meta({ description: sentence });

/** A member that may be absent; `null` on a wire counts as absent. */
export const optional = z.exactOptional;

/** The parameters of an operation, by the API's own names. */
export const parameters = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape);
