import { message } from "../../models/message.ts";
import { OPERATIONS } from "../../operations/operations.ts";
import type { Operation } from "../../operations/operation.ts";
import type { OperationId } from "../../vocabulary/operation-ids.ts";
import type { ObjectShape, Shape, UnionShape } from "../../vocabulary/shape.ts";
import { RPC_OPERATIONS, rpcParametersOf } from "../rpc-operations.ts";
import { shapeOf } from "../shape.ts";
import {
  type ApiAuthentication,
  type ApiCatalog,
  type ApiEnumeration,
  type ApiField,
  type ApiOperation,
  type ApiService,
  type ApiStructure,
  type ApiType,
  type ApiUnion,
  builtin,
  enumerationOf,
  listOfType,
  mapOfType,
  optionalOf,
  setOfType,
  structureOf,
} from "./api-type.ts";
import { enumerationName } from "./enumeration-names.ts";
import { isIdentifier } from "./identifiers.ts";
import { serviceSentence } from "./service-sentence.ts";
import { ERROR_TYPES, errorName, STANDARD_ERRORS } from "./standard-errors.ts";

/** The service whose `create` makes a login from a name and a password. */
export const SESSION_SERVICE = "com.vmware.cis.session";

/** The place of a value: the structure or operation that declares it, and its name there. */
interface Place {
  readonly owner: string;
  readonly member: string;
}

const stringTypeOf = (format: string | undefined, place: Place): ApiType => {
  switch (format) {
    case "date-time":
      return builtin("DATE_TIME");
    case "uri":
      return builtin("URI");
    case "password":
      return builtin("SECRET");
    default:
      return builtin(isIdentifier(place.owner, place.member) ? "ID" : "STRING");
  }
};

/** Collects the structures and enumerations that shapes are made of. */
class Collector {
  readonly enumerations = new Map<string, ApiEnumeration>();
  /** Each structure in all the forms the contract has of it, in the order they were met. */
  readonly forms = new Map<string, ObjectShape[]>();

  typeOf(shape: Shape, place: Place): ApiType {
    switch (shape.kind) {
      case "string":
        return stringTypeOf(shape.format, place);
      case "integer":
        return builtin("LONG");
      case "number":
        return builtin("DOUBLE");
      case "boolean":
        return builtin("BOOLEAN");
      case "anything":
        return builtin("OPAQUE");
      case "nothing":
        return builtin("VOID");
      case "enumeration":
        return this.#enumeration(shape.values, place);
      case "list":
        return (shape.isSet ? setOfType : listOfType)(this.typeOf(shape.element, place));
      case "map":
        return mapOfType(builtin("STRING"), this.typeOf(shape.value, place));
      case "object":
        return this.#structure(shape);
    }
  }

  #enumeration(values: readonly string[], place: Place): ApiType {
    const name = enumerationName(place.owner, place.member, values);
    this.enumerations.set(name, { name, values });
    return enumerationOf(name);
  }

  #structure(shape: ObjectShape): ApiType {
    const forms = this.forms.get(shape.canonical) ?? [];
    if (forms.includes(shape)) return structureOf(shape.canonical);
    this.forms.set(shape.canonical, [...forms, shape]);
    // Walked for what it is made of; the types are put together once all forms are known.
    for (const [member, { shape: inner }] of shape.members)
      this.typeOf(inner, { owner: shape.canonical, member });
    return structureOf(shape.canonical);
  }
}

/** Whether a member is an addition of this server's to a structure of the API, which clients that compare the two do not expect. */
const isOurs = (member: string): boolean => member.startsWith("contentlib_");

/** A form that says what a member is goes before one that takes anything. */
const findMember = (forms: readonly ObjectShape[], name: string) => {
  const members = forms.flatMap((form) => form.members.get(name) ?? []);
  return members.find(({ shape }) => shape.kind !== "anything") ?? members[0];
};

const apiUnionOf = (union: UnionShape): ApiUnion => {
  const cases = new Map<string, string[]>();
  for (const [value, { required = [], allowed = [] }] of Object.entries(union.cases))
    for (const member of [...required, ...allowed])
      cases.set(member, [...(cases.get(member) ?? []), value]);
  return { tag: union.tag, cases };
};

/** One structure of the API from all its forms: what is shown, what creates and what changes share one name there. */
const structureOfForms = (
  collector: Collector,
  name: string,
  forms: readonly ObjectShape[],
): ApiStructure => {
  const widest = forms.toSorted((a, b) => b.members.size - a.members.size);
  const required = new Set(forms.flatMap((form) => [...form.apiRequired]));
  const fields: ApiField[] = [];
  const members = widest.flatMap((form) => [...form.members.keys()]);
  for (const member of new Set(members.filter((name) => !isOurs(name)))) {
    const found = findMember(widest, member);
    if (found === undefined) continue;
    const type = collector.typeOf(found.shape, { owner: name, member });
    fields.push({
      name: member,
      type: required.has(member) ? type : optionalOf(type),
      about: found.sentence,
    });
  }
  return {
    name,
    about: widest[0]?.about ?? "",
    isError: false,
    fields,
    unions: (forms.find((form) => form.unions.length > 0)?.unions ?? []).map(apiUnionOf),
  };
};

const authenticationOf = (operation: Operation): ApiAuthentication =>
  operation.service === SESSION_SERVICE && operation.method === "create" ? "password" : "session";

/** Operations that answer one string or a list of them answer identifiers: of what they made, or of what they found. */
const outputTypeOf = (collector: Collector, operation: Operation): ApiType => {
  const shape = shapeOf(operation.output);
  const inner = shape.kind === "list" ? shape.element : shape;
  const member = inner.kind === "string" ? "id" : "";
  return collector.typeOf(shape, { owner: `${operation.service}.${operation.method}`, member });
};

const apiOperationOf = (collector: Collector, id: OperationId): ApiOperation => {
  const operation: Operation = OPERATIONS[id];
  const owner = `${operation.service}.${operation.method}`;
  const { members, apiRequired } = rpcParametersOf(id);
  const params: ApiField[] = [];
  for (const [member, { shape, sentence }] of members) {
    // Enumerations of parameters belong to the service; its operations are no place for them.
    const isNested = shape.kind === "enumeration";
    const type = collector.typeOf(shape, { owner: isNested ? operation.service : owner, member });
    params.push({
      name: member,
      type: apiRequired.has(member) ? type : optionalOf(type),
      about: sentence,
    });
  }
  return {
    name: operation.method,
    about: operation.summary,
    params,
    output: outputTypeOf(collector, operation),
    errors: operation.faults.map(errorName),
    authentication: authenticationOf(operation),
  };
};

/** The API of a set of operations, in its own type system, with the structures and enumerations they are made of. */
export const catalogOf = (ids: readonly OperationId[]): ApiCatalog => {
  const collector = new Collector();
  collector.typeOf(shapeOf(message), { owner: "", member: "" });
  const byService = Map.groupBy(ids, (id) => OPERATIONS[id].service);
  const services = [...byService].map(([name, members]): ApiService => {
    const operations = members.map((id) => apiOperationOf(collector, id));
    return {
      name,
      about: serviceSentence(name),
      operations: new Map(operations.map((each) => [each.name, each])),
    };
  });
  const structures = [...collector.forms].map(([name, forms]) =>
    structureOfForms(collector, name, forms),
  );
  return {
    services: new Map(services.map((each) => [each.name, each])),
    structures: new Map([...structures, ...STANDARD_ERRORS].map((each) => [each.name, each])),
    enumerations: new Map([...collector.enumerations, [ERROR_TYPES.name, ERROR_TYPES]]),
  };
};

/** The contract as the remote calls show it: without what is ours, which has no such form. */
export const contractCatalog = (): ApiCatalog =>
  catalogOf(
    RPC_OPERATIONS.map(({ operationId }) => operationId).filter(
      (id) => (OPERATIONS[id] as Operation).origin !== "undescribed",
    ),
  );
