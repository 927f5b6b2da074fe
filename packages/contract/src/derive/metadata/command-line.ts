import {
  type ApiOperation,
  type ApiService,
  type ApiType,
  builtin,
  enumerationOf,
  lastOf,
  listOfType,
  optionalOf,
  parentOf,
  structureOf,
} from "./api-type.ts";
import { commandOptions, outputFields } from "./command-options.ts";
import type { PlainValue } from "./plain-value.ts";
import type { DescribedApi } from "./described-api.ts";
import { fingerprintOf } from "./fingerprint.ts";
import {
  type Found,
  type MetadataFamily,
  type MetadataInput,
  metadataOperation,
  metadataStructure,
  textOf,
} from "./metadata-operation.ts";

const CLI = "com.vmware.vapi.metadata.cli";
const COMMAND = `${CLI}.command`;
const NAMESPACE = `${CLI}.namespace`;

/** A command: an operation under the name that is typed. */
interface Command {
  readonly path: string;
  readonly name: string;
  readonly service: ApiService;
  readonly operation: ApiOperation;
}

/** Names are typed without their underscores. */
const typed = (name: string): string => name.toLowerCase().replaceAll("_", "");

/** The commands: of the operations that need a login. What tells about the API is no use on a command line. */
const commandsOf = (api: DescribedApi): readonly Command[] =>
  [...api.services.values()].flatMap((service) =>
    [...service.operations.values()]
      .filter(({ authentication }) => authentication !== "none")
      .map((operation) => ({
        path: typed(service.name),
        name: typed(operation.name),
        service,
        operation,
      })),
  );

/** Every namespace that holds a command or another namespace; the outermost is empty. */
const namespacesOf = (commands: readonly Command[]): ReadonlySet<string> => {
  const paths = new Set<string>([""]);
  for (const { path } of commands)
    for (let inner = path; inner !== ""; inner = parentOf(inner)) paths.add(inner);
  return paths;
};

const identity = (fullName: string): PlainValue => ({
  path: parentOf(fullName),
  name: lastOf(fullName),
});

const commandIdentity = ({ path, name }: Command): PlainValue => ({ path, name });

const formatterOf = ({ output }: ApiOperation): string | undefined => {
  if (output.kind === "builtin" && output.name === "VOID") return undefined;
  return output.kind === "list" && output.element.kind === "structure" ? "TABLE" : "SIMPLE";
};

const commandInfo = (api: DescribedApi, command: Command): PlainValue => ({
  identity: commandIdentity(command),
  description: command.operation.about,
  service_id: command.service.name,
  operation_id: command.operation.name,
  options: commandOptions(api, command.operation),
  formatter: formatterOf(command.operation),
  output_field_list: outputFields(api, command.operation),
});

const namespaceInfo = (api: DescribedApi, fullName: string): PlainValue => {
  const commands = commandsOf(api);
  const children = [...namespacesOf(commands)].filter(
    (path) => path !== "" && parentOf(path) === fullName,
  );
  const service = commands.find(({ path }) => path === fullName)?.service;
  return {
    identity: identity(fullName),
    description: service?.about ?? `The namespace ${fullName}.`,
    children: children.map(identity),
  };
};

const fullNameOf = (input: MetadataInput): string => {
  const members = (input["identity"] ?? {}) as MetadataInput;
  return [textOf(members, "path"), textOf(members, "name")].filter((part) => part !== "").join(".");
};

const listCommands = (api: DescribedApi, input: MetadataInput): Found => {
  const commands = commandsOf(api);
  const { path } = input;
  if (path === undefined) return { found: commands.map(commandIdentity) };
  const namespace = textOf(input, "path");
  if (!namespacesOf(commands).has(namespace)) return { missing: namespace };
  return { found: commands.filter((each) => each.path === namespace).map(commandIdentity) };
};

const getCommand = (api: DescribedApi, input: MetadataInput): Found => {
  const fullName = fullNameOf(input);
  const command = commandsOf(api).find(({ path, name }) => `${path}.${name}` === fullName);
  return command === undefined ? { missing: fullName } : { found: commandInfo(api, command) };
};

const listNamespaces = (api: DescribedApi): Found => ({
  found: [...namespacesOf(commandsOf(api))].map(identity),
});

const getNamespace = (api: DescribedApi, input: MetadataInput): Found => {
  const fullName = fullNameOf(input);
  return namespacesOf(commandsOf(api)).has(fullName)
    ? { found: namespaceInfo(api, fullName) }
    : { missing: fullName };
};

const printOf = (values: readonly PlainValue[]): Found => ({
  found: fingerprintOf(JSON.stringify(values)),
});

const text = builtin("STRING");
const listOfStructures = (name: string): ApiType => listOfType(structureOf(name));
const identityFields = [
  ["path", text, "The namespaces around it, with dots between them."],
  ["name", text, "Its own name."],
] as const;

const STRUCTURES = [
  metadataStructure(`${COMMAND}.identity`, "The name of a command.", identityFields),
  metadataStructure(`${NAMESPACE}.identity`, "The name of a namespace.", identityFields),
  metadataStructure(`${COMMAND}.option_info`, "An option of a command.", [
    ["long_option", text, "Name of the option."],
    ["short_option", optionalOf(text), "Letter of the option."],
    ["field_name", text, "The member that the option sets, after the members around it."],
    ["description", text, "What it is for."],
    ["type", text, "What it takes."],
    ["generic", enumerationOf(`${COMMAND}.generic_type`), "How often it is given."],
  ]),
  metadataStructure(`${COMMAND}.output_field_info`, "How a member is headed.", [
    ["field_name", text, "Name of the member."],
    ["display_name", text, "The heading."],
  ]),
  metadataStructure(`${COMMAND}.output_info`, "How the members of a structure are headed.", [
    ["structure_id", builtin("ID"), "Name of the structure."],
    ["output_fields", listOfStructures(`${COMMAND}.output_field_info`), "Its members."],
  ]),
  metadataStructure(`${COMMAND}.info`, "A command.", [
    ["identity", structureOf(`${COMMAND}.identity`), "Name of the command."],
    ["description", text, "What it does."],
    ["service_id", builtin("ID"), "The service it calls."],
    ["operation_id", builtin("ID"), "The operation it calls."],
    ["options", listOfStructures(`${COMMAND}.option_info`), "Its options."],
    [
      "formatter",
      optionalOf(enumerationOf(`${COMMAND}.formatter_type`)),
      "How its answer is shown; absent when there is none.",
    ],
    ["output_field_list", listOfStructures(`${COMMAND}.output_info`), "What it answers."],
  ]),
  metadataStructure(`${NAMESPACE}.info`, "A namespace.", [
    ["identity", structureOf(`${NAMESPACE}.identity`), "Name of the namespace."],
    ["description", text, "What it is."],
    ["children", listOfStructures(`${NAMESPACE}.identity`), "The namespaces right below."],
  ]),
];

const COMMAND_OPERATIONS = [
  metadataOperation(
    "list",
    {
      about: "Lists the commands, of one namespace or of all.",
      params: [{ name: "path", type: optionalOf(text), about: "The namespace; all when unset." }],
      output: listOfStructures(`${COMMAND}.identity`),
    },
    listCommands,
  ),
  metadataOperation(
    "get",
    {
      about: "Shows a command.",
      params: [
        {
          name: "identity",
          type: structureOf(`${COMMAND}.identity`),
          about: "Name of the command.",
        },
      ],
      output: structureOf(`${COMMAND}.info`),
    },
    getCommand,
  ),
  metadataOperation(
    "fingerprint",
    { about: "Shows the print of all commands.", output: text },
    (api) => printOf(commandsOf(api).map((command) => commandInfo(api, command))),
  ),
];

const NAMESPACE_OPERATIONS = [
  metadataOperation(
    "list",
    { about: "Lists the namespaces.", output: listOfStructures(`${NAMESPACE}.identity`) },
    listNamespaces,
  ),
  metadataOperation(
    "get",
    {
      about: "Shows a namespace.",
      params: [
        {
          name: "identity",
          type: structureOf(`${NAMESPACE}.identity`),
          about: "Name of the namespace.",
        },
      ],
      output: structureOf(`${NAMESPACE}.info`),
    },
    getNamespace,
  ),
  metadataOperation(
    "fingerprint",
    { about: "Shows the print of all namespaces.", output: text },
    (api) => printOf([...namespacesOf(commandsOf(api))].map((path) => namespaceInfo(api, path))),
  ),
];

/** The services that tell how the operations are called from a command line. */
export const COMMAND_LINE_FAMILY: MetadataFamily = {
  structures: STRUCTURES,
  enumerations: [
    {
      name: `${COMMAND}.formatter_type`,
      values: ["SIMPLE", "TABLE", "JSON", "XML", "CSV", "HTML"],
    },
    {
      name: `${COMMAND}.generic_type`,
      values: ["NONE", "OPTIONAL", "LIST", "OPTIONAL_LIST", "LIST_OPTIONAL"],
    },
  ],
  services: [
    {
      name: COMMAND,
      about: "Tells which commands there are.",
      operations: COMMAND_OPERATIONS,
    },
    {
      name: NAMESPACE,
      about: "Tells how the commands are ordered.",
      operations: NAMESPACE_OPERATIONS,
    },
  ],
};
