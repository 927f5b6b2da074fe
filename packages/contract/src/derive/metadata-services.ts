import { AnswerTexts, type KnownText } from "./metadata/answer-texts.ts";
import type { ApiCatalog, ApiOperation, ApiService } from "./metadata/api-type.ts";
import { AUTHENTICATION_FAMILY } from "./metadata/authentication.ts";
import { COMMAND_LINE_FAMILY } from "./metadata/command-line.ts";
import { contractCatalog } from "./metadata/contract-catalog.ts";
import { createDecoder, createEncoder } from "./metadata/plain-value.ts";
import { describeApi } from "./metadata/described-api.ts";
import { INTROSPECTION_FAMILY } from "./metadata/introspection.ts";
import type { MetadataFamily, MetadataOperation } from "./metadata/metadata-operation.ts";
import { METAMODEL_FAMILY } from "./metadata/metamodel.ts";

export type { KnownText } from "./metadata/answer-texts.ts";

/** What a call of a metadata service comes to. */
export type MetadataAnswer =
  | KnownText
  /** The id that names nothing. */
  | { readonly notFound: string }
  /** What is wrong with the input. */
  | { readonly invalid: string };

const FAMILIES: readonly MetadataFamily[] = [
  INTROSPECTION_FAMILY,
  METAMODEL_FAMILY,
  AUTHENTICATION_FAMILY,
  COMMAND_LINE_FAMILY,
];

const operations: ReadonlyMap<string, ReadonlyMap<string, MetadataOperation>> = new Map(
  FAMILIES.flatMap(({ services }) => services).map((service) => [
    service.name,
    new Map(service.operations.map((each) => [each.definition.name, each])),
  ]),
);

const serviceOf = (
  name: string,
  about: string,
  definitions: readonly ApiOperation[],
): ApiService => ({
  name,
  about,
  operations: new Map(definitions.map((each) => [each.name, each])),
});

/** The contract and the services that tell about it, which tell about themselves as well. */
const wholeCatalog = (): ApiCatalog => {
  const contract = contractCatalog();
  const services = FAMILIES.flatMap((family) => family.services).map(({ name, about, ...rest }) =>
    serviceOf(
      name,
      about,
      rest.operations.map(({ definition }) => definition),
    ),
  );
  const structures = FAMILIES.flatMap((family) => family.structures);
  const enumerations = FAMILIES.flatMap((family) => family.enumerations);
  return {
    services: new Map([
      ...contract.services,
      ...services.map((each) => [each.name, each] as const),
    ]),
    structures: new Map([
      ...contract.structures,
      ...structures.map((each) => [each.name, each] as const),
    ]),
    enumerations: new Map([
      ...contract.enumerations,
      ...enumerations.map((each) => [each.name, each] as const),
    ]),
  };
};

const createAnswerer = () => {
  const api = describeApi(wholeCatalog());
  const encode = createEncoder(api);
  const decode = createDecoder(api);
  const texts = new AnswerTexts<MetadataOperation>({
    answer: (operation, input) => operation.answer(api, input),
    spell: ({ definition }, found) => JSON.stringify(encode(definition.output, found)),
  });
  return (
    operation: MetadataOperation,
    input: Readonly<Record<string, unknown>>,
  ): MetadataAnswer => {
    const decoded = decode(operation.definition.params, input);
    if ("invalid" in decoded) return decoded;
    const answer = texts.of(operation, decoded.value);
    return "missing" in answer ? { notFound: answer.missing } : answer;
  };
};

let answerer: ReturnType<typeof createAnswerer> | undefined;

/** Describes the contract, unless that is done: a server sees to it before the first caller has to wait for it. */
export const prepareMetadata = (): ReturnType<typeof createAnswerer> =>
  (answerer ??= createAnswerer());

/**
 * The services by which clients without bindings of their own learn what there is to call: introspection, and the metadata of
 * types, authentication and command lines. Anyone may call them, for what they tell is public.
 */
export const METADATA_SERVICES = {
  /** Whether there is such an operation. */
  has: (serviceId: string, operationId: string): boolean =>
    operations.get(serviceId)?.has(operationId) === true,

  /** The names of the services. */
  names: (): readonly string[] => [...operations.keys()],
} as const;

/**
 * Answers a call of a metadata service; `undefined` when there is no such operation. `input` is the data value of the call, a
 * structure named `operation-input`. The contract is described once and never changes.
 */
export const answerMetadata = (
  serviceId: string,
  operationId: string,
  input: Readonly<Record<string, unknown>>,
): MetadataAnswer | undefined => {
  const operation = operations.get(serviceId)?.get(operationId);
  if (operation === undefined) return undefined;
  return prepareMetadata()(operation, input);
};
