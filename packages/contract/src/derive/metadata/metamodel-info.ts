import type {
  ApiEnumeration,
  ApiField,
  ApiOperation,
  ApiService,
  ApiStructure,
  ApiType,
  ApiUnion,
} from "./api-type.ts";
import type { ApiComponent, ApiPackage, DescribedApi } from "./described-api.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { mapBy } from "./metadata-operation.ts";
import type { PlainValue } from "./plain-value.ts";
import { errorsOf } from "./standard-errors.ts";

/*
 * What the services of the metamodel answer, before it is wrapped: each function shows one thing of the API as the structure of
 * that name has it.
 */

type Elements = readonly (readonly [name: string, value: string | readonly string[]])[];

const elementMap = (elements: Elements): PlainValue => ({
  elements: new Map(
    elements.map(([name, value]): readonly [string, PlainValue] => [
      name,
      typeof value === "string"
        ? { type: "STRING", string_value: value }
        : { type: "STRING_LIST", list_value: value },
    ]),
  ),
});

const typeInfo = (type: ApiType): PlainValue => {
  switch (type.kind) {
    case "builtin":
      return { category: "BUILTIN", builtin_type: type.name };
    case "structure":
    case "enumeration":
      return {
        category: "USER_DEFINED",
        user_defined_type: {
          resource_type: `com.vmware.vapi.${type.kind}`,
          resource_id: type.name,
        },
      };
    case "map":
      return {
        category: "GENERIC",
        generic_instantiation: {
          generic_type: "MAP",
          map_key_type: typeInfo(type.key),
          map_value_type: typeInfo(type.value),
        },
      };
    case "optional":
    case "list":
    case "set":
      return {
        category: "GENERIC",
        generic_instantiation: {
          generic_type: type.kind.toUpperCase(),
          element_type: typeInfo(type.element),
        },
      };
  }
};

/** What unions say of a member: that it is the tag of one, or which values of the tag it goes with. */
const unionMetadata = (name: string, unions: readonly ApiUnion[]): PlainValue => {
  const metadata = new Map<string, PlainValue>();
  for (const { tag, cases } of unions) {
    const values = cases.get(name);
    if (tag === name) metadata.set("UnionTag", elementMap([["value", tag]]));
    else if (values !== undefined)
      metadata.set(
        "UnionCase",
        elementMap([
          ["tag", tag],
          ["value", values],
        ]),
      );
  }
  return metadata;
};

const fieldInfo = (field: ApiField, unions: readonly ApiUnion[]): PlainValue => ({
  name: field.name,
  type: typeInfo(field.type),
  metadata: unionMetadata(field.name, unions),
  documentation: field.about,
});

const nothing: PlainValue = new Map<string, PlainValue>();

/** An enumeration. */
export const enumerationInfo = (enumeration: ApiEnumeration): PlainValue => ({
  name: enumeration.name,
  values: enumeration.values.map((value) => ({ value, metadata: nothing, documentation: "" })),
  metadata: nothing,
  documentation: "",
});

/** A structure or an error, with the enumerations declared in it. */
export const structureInfo = (api: DescribedApi, structure: ApiStructure): PlainValue => ({
  name: structure.name,
  type: structure.isError ? "ERROR" : "STRUCTURE",
  enumerations: mapBy(api.enumerationsIn(structure.name), enumerationInfo),
  constants: nothing,
  fields: structure.fields.map((field) => fieldInfo(field, structure.unions)),
  metadata: nothing,
  documentation: structure.about,
});

/** An operation. */
export const operationInfo = (api: DescribedApi, operation: ApiOperation): PlainValue => ({
  name: operation.name,
  params: operation.params.map((field) => fieldInfo(field, [])),
  output: { type: typeInfo(operation.output), metadata: nothing, documentation: "" },
  errors: [...errorsOf(operation)].map((name) => ({
    structure_id: name,
    documentation: api.structures.get(name)?.about ?? "",
  })),
  metadata: nothing,
  documentation: operation.about,
});

/** A service, with the types declared in it. */
export const serviceInfo = (api: DescribedApi, service: ApiService): PlainValue => ({
  name: service.name,
  operations: mapBy(service.operations.values(), (operation) => operationInfo(api, operation)),
  structures: mapBy(api.structuresIn(service.name), (each) => structureInfo(api, each)),
  enumerations: mapBy(api.enumerationsIn(service.name), enumerationInfo),
  constants: nothing,
  metadata: nothing,
  documentation: service.about,
});

/** A package, with all that is declared in it. */
export const packageInfo = (api: DescribedApi, each: ApiPackage): PlainValue => ({
  name: each.name,
  structures: mapBy(each.structures, (structure) => structureInfo(api, structure)),
  enumerations: mapBy(each.enumerations, enumerationInfo),
  services: mapBy(each.services, (service) => serviceInfo(api, service)),
  metadata: nothing,
  documentation: `The package ${each.name}.`,
});

/** A component, with all its packages. */
export const componentInfo = (api: DescribedApi, component: ApiComponent): PlainValue => ({
  name: component.name,
  packages: mapBy(component.packages, (each) => packageInfo(api, each)),
  metadata: nothing,
  documentation: `The component ${component.name}.`,
});

/** The print of a component: of all that is shown of it. */
export const fingerprintOfComponent = (api: DescribedApi, component: ApiComponent): string =>
  fingerprintOf(
    JSON.stringify(componentInfo(api, component), (_name, value: unknown) =>
      value instanceof Map ? [...value] : value,
    ),
  );
