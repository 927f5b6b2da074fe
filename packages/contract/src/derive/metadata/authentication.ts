import {
  type ApiAuthentication,
  type ApiOperation,
  type ApiService,
  type ApiType,
  builtin,
  enumerationOf,
  listOfType,
  mapOfType,
  optionalOf,
  structureOf,
} from "./api-type.ts";
import { SESSION_SERVICE } from "./contract-catalog.ts";
import type { PlainValue } from "./plain-value.ts";
import type { ApiComponent, ApiPackage, DescribedApi } from "./described-api.ts";
import { fingerprintOf } from "./fingerprint.ts";
import {
  findIn,
  idParameter,
  listNames,
  mapBy,
  type MetadataFamily,
  metadataOperation,
  metadataStructure,
  textOf,
  unionOf,
} from "./metadata-operation.ts";

const AUTHENTICATION = "com.vmware.vapi.metadata.authentication";
const SECURITY = "com.vmware.vapi.std.security";
const INFO = `${AUTHENTICATION}.authentication_info`;

const SCHEMES: Readonly<Record<ApiAuthentication, PlainValue>> = {
  password: { scheme_type: "SESSIONLESS", scheme: `${SECURITY}.user_pass` },
  session: {
    scheme_type: "SESSION_AWARE",
    session_manager: SESSION_SERVICE,
    scheme: `${SECURITY}.session_id`,
  },
  none: { scheme_type: "SESSIONLESS", scheme: `${SECURITY}.no_authentication` },
};

const operationInfo = (operation: ApiOperation): PlainValue => ({
  schemes: [SCHEMES[operation.authentication]],
});

/** What most operations of a service ask for holds for the service; each operation says so itself as well. */
const serviceAuthentication = (service: ApiService): ApiAuthentication =>
  service.operations.values().every(({ authentication }) => authentication === "none")
    ? "none"
    : "session";

const serviceInfo = (service: ApiService): PlainValue => ({
  schemes: [SCHEMES[serviceAuthentication(service)]],
  operations: mapBy(service.operations.values(), operationInfo),
});

/** A package without services asks for nothing: there is nothing in it to call. */
const packageInfo = ({ services }: ApiPackage): PlainValue => ({
  schemes: services.length === 0 ? [] : [SCHEMES[packageAuthentication(services)]],
  services: mapBy(services, serviceInfo),
});

const packageAuthentication = (services: readonly ApiService[]): ApiAuthentication =>
  services.every((service) => serviceAuthentication(service) === "none") ? "none" : "session";

const componentInfo = (component: ApiComponent): PlainValue => ({
  packages: mapBy(component.packages, packageInfo),
});

const fingerprintOfComponent = (component: ApiComponent): string =>
  fingerprintOf(
    JSON.stringify(componentInfo(component), (_name, value: unknown) =>
      value instanceof Map ? [...value] : value,
    ),
  );

const ids = listOfType(builtin("ID"));
const infoOf = (kind: string): ApiType => structureOf(`${AUTHENTICATION}.${kind}_info`);
const schemesField = [
  "schemes",
  listOfType(structureOf(INFO)),
  "The ways to prove who calls, any of which will do.",
] as const;

const STRUCTURES = [
  metadataStructure(
    INFO,
    "A way to prove who calls.",
    [
      [
        "scheme_type",
        enumerationOf(`${INFO}.scheme_type`),
        "Whether a login is made first, and its id proves who calls.",
      ],
      ["session_manager", optionalOf(builtin("STRING")), "The service that makes the login."],
      ["scheme", builtin("STRING"), "What a call carries."],
    ],
    [unionOf("scheme_type", { session_manager: ["SESSION_AWARE"] })],
  ),
  metadataStructure(`${AUTHENTICATION}.operation_info`, "What an operation asks for.", [
    schemesField,
  ]),
  metadataStructure(`${AUTHENTICATION}.service_info`, "What a service asks for.", [
    schemesField,
    ["operations", mapOfType(builtin("ID"), infoOf("operation")), "What its operations ask for."],
  ]),
  metadataStructure(`${AUTHENTICATION}.package_info`, "What a package asks for.", [
    schemesField,
    ["services", mapOfType(builtin("ID"), infoOf("service")), "What its services ask for."],
  ]),
  metadataStructure(`${AUTHENTICATION}.component_info`, "What a component asks for.", [
    ["packages", mapOfType(builtin("ID"), infoOf("package")), "What its packages ask for."],
  ]),
  metadataStructure(`${AUTHENTICATION}.component_data`, "A component and its print.", [
    ["info", infoOf("component"), "What it asks for."],
    ["fingerprint", builtin("STRING"), "Print of that; it changes when that does."],
  ]),
];

const componentParameter = idParameter("component_id", "Name of the component.");
const packageParameter = idParameter("package_id", "Name of the package.");
const serviceParameter = idParameter("service_id", "Name of the service.");

const COMPONENT_OPERATIONS = [
  metadataOperation("list", { about: "Lists the components.", output: ids }, (api) =>
    listNames(api.components),
  ),
  metadataOperation(
    "get",
    {
      about: "Shows what a component asks for.",
      params: [componentParameter],
      output: structureOf(`${AUTHENTICATION}.component_data`),
    },
    (api, input) =>
      findIn(api.components, textOf(input, "component_id"), (component) => ({
        info: componentInfo(component),
        fingerprint: fingerprintOfComponent(component),
      })),
  ),
  metadataOperation(
    "fingerprint",
    {
      about: "Shows the print of what a component asks for.",
      params: [componentParameter],
      output: builtin("STRING"),
    },
    (api, input) => findIn(api.components, textOf(input, "component_id"), fingerprintOfComponent),
  ),
];

const PACKAGE_OPERATIONS = [
  metadataOperation("list", { about: "Lists the packages.", output: ids }, (api) =>
    listNames(api.packages),
  ),
  metadataOperation(
    "get",
    {
      about: "Shows what a package asks for.",
      params: [packageParameter],
      output: infoOf("package"),
    },
    (api, input) => findIn(api.packages, textOf(input, "package_id"), packageInfo),
  ),
];

const SERVICE_OPERATIONS = [
  metadataOperation("list", { about: "Lists the services.", output: ids }, (api) =>
    listNames(api.services),
  ),
  metadataOperation(
    "get",
    {
      about: "Shows what a service asks for.",
      params: [serviceParameter],
      output: infoOf("service"),
    },
    (api, input) => findIn(api.services, textOf(input, "service_id"), serviceInfo),
  ),
];

const operationsIn = (api: DescribedApi, service: string) => api.services.get(service)?.operations;

const OPERATION_OPERATIONS = [
  metadataOperation(
    "list",
    { about: "Lists the operations of a service.", params: [serviceParameter], output: ids },
    (api, input) => {
      const id = textOf(input, "service_id");
      const operations = operationsIn(api, id);
      return operations === undefined ? { missing: id } : listNames(operations);
    },
  ),
  metadataOperation(
    "get",
    {
      about: "Shows what an operation asks for.",
      params: [serviceParameter, idParameter("operation_id", "Name of the operation.")],
      output: infoOf("operation"),
    },
    (api, input) => {
      const id = textOf(input, "service_id");
      const operations = operationsIn(api, id);
      if (operations === undefined) return { missing: id };
      return findIn(operations, textOf(input, "operation_id"), operationInfo);
    },
  ),
];

/** The services that tell how callers prove who they are. */
export const AUTHENTICATION_FAMILY: MetadataFamily = {
  structures: STRUCTURES,
  enumerations: [{ name: `${INFO}.scheme_type`, values: ["SESSIONLESS", "SESSION_AWARE"] }],
  services: [
    {
      name: `${AUTHENTICATION}.component`,
      about: "Tells how callers of components prove who they are.",
      operations: COMPONENT_OPERATIONS,
    },
    {
      name: `${AUTHENTICATION}.package`,
      about: "Tells how callers of packages prove who they are.",
      operations: PACKAGE_OPERATIONS,
    },
    {
      name: `${AUTHENTICATION}.service`,
      about: "Tells how callers of services prove who they are.",
      operations: SERVICE_OPERATIONS,
    },
    {
      name: `${AUTHENTICATION}.service.operation`,
      about: "Tells how callers of operations prove who they are.",
      operations: OPERATION_OPERATIONS,
    },
  ],
};
