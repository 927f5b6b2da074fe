import {
  type ApiCatalog,
  type ApiEnumeration,
  type ApiService,
  type ApiStructure,
  type ApiType,
  parentOf,
} from "./api-type.ts";

/** A package: what is declared in it and nowhere deeper. */
export interface ApiPackage {
  readonly name: string;
  readonly services: readonly ApiService[];
  readonly structures: readonly ApiStructure[];
  readonly enumerations: readonly ApiEnumeration[];
}

/** A component: the packages that are delivered together. */
export interface ApiComponent {
  readonly name: string;
  readonly packages: readonly ApiPackage[];
}

/** A catalog, with what is declared where. */
export interface DescribedApi extends ApiCatalog {
  readonly packages: ReadonlyMap<string, ApiPackage>;
  readonly components: ReadonlyMap<string, ApiComponent>;
  /** Structures that a service declares. */
  structuresIn(service: string): readonly ApiStructure[];
  /** Enumerations that a service or a structure declares. */
  enumerationsIn(owner: string): readonly ApiEnumeration[];
}

/** A component is named by the first segments of its packages, e.g. `com.vmware.content`. */
const COMPONENT_SEGMENTS = 3;

const componentNameOf = (name: string): string =>
  name.split(".").slice(0, COMPONENT_SEGMENTS).join(".");

/** Names in a type outside of the structures it names. */
const namesIn = (type: ApiType): readonly string[] => {
  switch (type.kind) {
    case "builtin":
      return [];
    case "map":
      return [...namesIn(type.key), ...namesIn(type.value)];
    case "optional":
    case "list":
    case "set":
      return namesIn(type.element);
    case "structure":
    case "enumeration":
      return [type.name];
  }
};

const namesOfService = (service: ApiService): ReadonlySet<string> =>
  new Set(
    [...service.operations.values()].flatMap(({ params, output }) => [
      ...params.flatMap(({ type }) => namesIn(type)),
      ...namesIn(output),
    ]),
  );

/**
 * Says where names are declared. A dotted name alone leaves it open where a service and a package have the same name: there a
 * structure belongs to the service if one of its operations takes or answers it, and to the package otherwise.
 */
const createOwnership = (catalog: ApiCatalog) => {
  const packageNames = new Set([...catalog.services.keys()].map(parentOf));
  const isInService = (name: string): boolean => {
    const service = catalog.services.get(parentOf(name));
    if (service === undefined) return false;
    return !packageNames.has(service.name) || namesOfService(service).has(name);
  };
  return {
    ofStructure: (name: string) => (isInService(name) ? "service" : "package"),
    ofEnumeration: (name: string) =>
      catalog.structures.has(parentOf(name)) || isInService(name) ? "member" : "package",
  } as const;
};

const grouped = <Entry extends { readonly name: string }>(
  entries: Iterable<Entry>,
): ReadonlyMap<string, readonly Entry[]> => Map.groupBy(entries, (entry) => parentOf(entry.name));

/** Finds out what of a catalog is declared where. */
export const describeApi = (catalog: ApiCatalog): DescribedApi => {
  const ownership = createOwnership(catalog);
  const structures = [...catalog.structures.values()];
  const enumerations = [...catalog.enumerations.values()];
  const isPackaged = ({ name }: ApiStructure) => ownership.ofStructure(name) === "package";
  const isLoose = ({ name }: ApiEnumeration) => ownership.ofEnumeration(name) === "package";

  const nestedStructures = grouped(structures.filter((each) => !isPackaged(each)));
  const nestedEnumerations = grouped(enumerations.filter((each) => !isLoose(each)));
  const packagedStructures = grouped(structures.filter(isPackaged));
  const packagedEnumerations = grouped(enumerations.filter(isLoose));
  const packagedServices = grouped(catalog.services.values());

  const packageNames = new Set([
    ...packagedServices.keys(),
    ...packagedStructures.keys(),
    ...packagedEnumerations.keys(),
  ]);
  const packages = [...packageNames].map((name): ApiPackage => ({
    name,
    services: packagedServices.get(name) ?? [],
    structures: packagedStructures.get(name) ?? [],
    enumerations: packagedEnumerations.get(name) ?? [],
  }));
  const components = Map.groupBy(packages, ({ name }) => componentNameOf(name));
  return {
    ...catalog,
    packages: new Map(packages.map((each) => [each.name, each])),
    components: new Map(
      [...components].map(([name, members]) => [name, { name, packages: members }]),
    ),
    structuresIn: (service) => nestedStructures.get(service) ?? [],
    enumerationsIn: (owner) => nestedEnumerations.get(owner) ?? [],
  };
};
