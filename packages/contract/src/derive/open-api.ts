import type { Address, Binding, Wire } from "../bindings/binding.ts";
import { BINDINGS } from "../bindings/bindings.ts";
import { FAULT_STATUSES } from "../bindings/statuses.ts";
import type { Operation } from "../operations/operation.ts";
import { OPERATIONS } from "../operations/operations.ts";
import {
  FAULT_CLASSES,
  IMPLICIT_FAULT_CLASSES,
  type FaultClass,
} from "../vocabulary/fault-class.ts";
import { OPERATION_IDS } from "../vocabulary/operation-ids.ts";
import { message } from "../models/message.ts";
import { collectStructures, SchemaWriter, type JsonSchema } from "./json-schema.ts";
import { bodySchemaOf, parametersIn } from "./open-api-requests.ts";
import { parametersOf, shapeOf } from "./shape.ts";

const COMPONENTS = "#/components/schemas/";
const JSON_TYPE = "application/json";
const EVENT_STREAM_TYPE = "text/event-stream";

const INFO: Readonly<Record<Wire, string>> = {
  rest: "The Content Library API in its older form: results stand in a member value, structures under the name of their parameter.",
  api: "The Content Library API in its newer form: bare structures and bare results.",
};

/** The address as a key of the document: what tells two operations at one path apart stands behind a question mark. */
export const pathKeyOf = (wire: Wire, { path, action, marker }: Address): string => {
  if (action !== undefined) return `${path}?${wire === "rest" ? "~action" : "action"}=${action}`;
  return marker === undefined ? path : `${path}?${marker}`;
};

const content = (schema: JsonSchema): JsonSchema => ({ [JSON_TYPE]: { schema } });

const successOf = (wire: Wire, operation: Operation, writer: SchemaWriter): JsonSchema => {
  const shape = shapeOf(operation.output);
  if (shape.kind === "nothing") return { description: "Done; the reply is empty." };
  const result = writer.write(shape);
  if (operation.stream === true) {
    return {
      description:
        "Server-Sent Events, until what is followed or the login ends; the data of each is such a structure.",
      content: {
        [EVENT_STREAM_TYPE]: { schema: { type: "string" }, "x-contentlib-event": result },
      },
    };
  }
  const schema =
    wire === "api"
      ? result
      : { type: "object", properties: { value: result }, required: ["value"] };
  return { description: "The result.", content: content(schema) };
};

const ERROR = content({ $ref: `${COMPONENTS}Error` });

/** What a body can be refused for before anybody reads what is in it. */
const BODY_ERRORS: JsonSchema = {
  "408": { description: "The body did not arrive in time.", content: ERROR },
  "413": { description: "The body is longer than a command may have.", content: ERROR },
  "415": { description: "Multipart bodies are taken by upload endpoints only.", content: ERROR },
};

const errorsOf = (wire: Wire, operation: Operation): JsonSchema => {
  const classes: readonly FaultClass[] = [
    ...new Set([...IMPLICIT_FAULT_CLASSES, ...operation.faults]),
  ].toSorted();
  const byStatus = Map.groupBy(classes, (faultClass) => FAULT_STATUSES[faultClass][wire]);
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [
      String(status),
      {
        description: `One of: ${names.join(", ")}.`,
        content: ERROR,
      },
    ]),
  );
};

/** What Server-Sent Events bring along, whatever they tell of. */
const LAST_EVENT_ID: JsonSchema = {
  name: "Last-Event-ID",
  in: "header",
  required: false,
  description: "Id of the last event that was heard, to be told what came after it.",
  schema: { type: "string" },
};
const ALL_TOLD: JsonSchema = {
  "204": { description: "All is told of what has ended; there is no use in asking again." },
};

const securityOf = (operation: Operation): readonly JsonSchema[] =>
  operation.id === "login.create"
    ? [{ password: [] }, { token: [] }]
    : [{ login: [] }, { cookie: [] }];

/** Marks what the API of the published descriptions does not have. */
const originOf = ({ origin }: Operation): JsonSchema =>
  origin === undefined ? {} : { "x-contentlib-origin": origin };

const operationOf = (
  wire: Wire,
  operation: Operation,
  binding: Binding,
  writer: SchemaWriter,
): JsonSchema => {
  const input = parametersOf(operation.input);
  const isStream = operation.stream === true;
  const parameters = [
    ...parametersIn(binding, input, writer),
    ...(isStream ? [LAST_EVENT_ID] : []),
  ];
  const body = bodySchemaOf(binding, input, writer);
  return {
    operationId: operation.id,
    tags: [operation.service],
    summary: operation.summary,
    ...originOf(operation),
    "x-contentlib-right": operation.right,
    security: securityOf(operation),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: body.required, content: content(body.schema) } }),
    responses: {
      [String(binding.status)]: successOf(wire, operation, writer),
      ...(isStream ? ALL_TOLD : {}),
      ...errorsOf(wire, operation),
      ...(body === undefined ? {} : BODY_ERRORS),
    },
  };
};

const defineErrors = (wire: Wire, writer: SchemaWriter): void => {
  const error: JsonSchema = {
    type: "object",
    description: "An error: its class and a stack of messages, the first of the operation itself.",
    properties: {
      error_type: {
        type: "string",
        enum: FAULT_CLASSES.map((name) => name.toUpperCase()),
        description: "The class.",
      },
      messages: {
        type: "array",
        items: writer.write(shapeOf(message)),
        description: "At least one message.",
      },
      challenge: { type: "string", description: "How to log in; belongs to UNAUTHENTICATED only." },
    },
    required: ["error_type", "messages"],
  };
  if (wire === "api") {
    writer.define("Error", error);
    return;
  }
  writer.define("Error", {
    type: "object",
    description: "An error in the envelope of this form.",
    properties: {
      type: {
        type: "string",
        description: "The class behind the prefix com.vmware.vapi.std.errors.",
      },
      value: writer.define("ErrorValue", error),
    },
    required: ["type", "value"],
  });
};

const SECURITY_SCHEMES = {
  login: {
    type: "apiKey",
    in: "header",
    name: "vmware-api-session-id",
    description: "The id that a login answered.",
  },
  cookie: {
    type: "apiKey",
    in: "cookie",
    name: "vmware-api-session-id",
    description: "The same id as a cookie.",
  },
  password: {
    type: "http",
    scheme: "basic",
    description: "Name and password, or a token in its place, for the login only.",
  },
  token: {
    type: "http",
    scheme: "bearer",
    description: "A token of this server, for the login only.",
  },
};

/** Names of the structures that callers send, whose unknown members are refused. */
const sentStructures = (): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const id of OPERATION_IDS) collectStructures(parametersOf(OPERATIONS[id].input), names);
  return names;
};

/** The OpenAPI 3.1 document of a wire, as plain data whose members always stand in the same order. */
export const openApi = (wire: Wire, version: string): JsonSchema => {
  const maps = wire === "rest" ? "pairs" : "object";
  const writer = new SchemaWriter(maps, COMPONENTS, sentStructures());
  defineErrors(wire, writer);
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const id of OPERATION_IDS) {
    const binding = BINDINGS[wire][id];
    if (binding === undefined) continue;
    const key = pathKeyOf(wire, binding);
    paths[key] = {
      ...paths[key],
      [binding.verb.toLowerCase()]: operationOf(wire, OPERATIONS[id], binding, writer),
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: `Content Library, /${wire}`,
      version,
      description: INFO[wire],
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths,
    components: { schemas: writer.structures, securitySchemes: SECURITY_SCHEMES },
  };
};
