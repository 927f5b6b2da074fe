import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the check needs of a reply. */
export interface CheckedReply {
  readonly status: number;
  readonly bytes: Buffer;
  readonly text: string;
}

type Schema = Readonly<Record<string, unknown>>;
type Members = Readonly<Record<string, unknown>>;

/** One operation of the description: the address it is published under, and a schema for each status. */
interface Published {
  readonly key: string;
  readonly method: string;
  readonly path: RegExp;
  readonly action: string;
  readonly marker: string | undefined;
  readonly parameters: number;
  readonly queryNames: readonly string[];
  readonly responses: Readonly<Record<string, { readonly schema?: Schema }>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

interface WithParameters {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
}

/** Members that this server adds to structures of the API are told by their names. */
const OURS = "contentlib_";

const folder = join(import.meta.dirname, "..", "..", "..", "shared", "reference");
const FILES = ["content-8.0.2.json", "cis-session-8.0.2.json", "session-8.0.2.json"];

/** Why replies are not held against the published description; null where they are. */
export const descriptionIsAbsent: string | null = FILES.every((file) =>
  existsSync(join(folder, file)),
)
  ? null
  : "the published description is not beside this clone, so replies are not checked against it";

const operations: readonly Published[] =
  descriptionIsAbsent === null ? FILES.flatMap((file) => readDescription(file)) : [];

/** What is wrong with a reply by the published description: nothing where it is right, or the address is not published. */
export function checkPublished(method: string, target: string, reply: CheckedReply): string[] {
  const published = findOperation(method, target);
  const isRest = target.startsWith("/rest");
  const text = reply.bytes.length === 0 ? undefined : reply.text;
  if (reply.status >= 400) return checkError(isRest, text);
  if (published === undefined) return [];
  const response = published.responses[String(reply.status)];
  if (response === undefined) return [`${published.key}: status ${reply.status} is not published`];
  if (response.schema === undefined) return text === undefined ? [] : [`${published.key}: a body`];
  if (text === undefined) return [`${published.key}: no body`];
  return mismatches(response.schema, JSON.parse(text), published.definitions, "reply");
}

/** An operation as the description publishes it. */
export interface PublishedOperation {
  /** Verb and address; unique. */
  readonly key: string;
  readonly statuses: readonly number[];
}

/** The published operation that a request asks for; `undefined` where there is none. */
export function publishedAt(method: string, target: string): PublishedOperation | undefined {
  const found = findOperation(method, target);
  return found === undefined
    ? undefined
    : { key: found.key, statuses: Object.keys(found.responses).map(Number) };
}

/** The keys of all operations of the content services on one form. */
export function publishedContent(form: "rest" | "api"): readonly string[] {
  const address = form === "rest" ? /^\/rest\/(?:com\/vmware\/)?content\b/ : /^\/api\/content\b/;
  return operations.map(({ key }) => key).filter((key) => address.test(key.split(" ")[1] ?? ""));
}

/** Several classes share a status, and the description prints one of them; so the class in the body chooses the schema. */
function checkError(isRest: boolean, text: string | undefined): string[] {
  if (descriptionIsAbsent !== null) return [];
  if (text === undefined) return ["an error without a body"];
  const body = JSON.parse(text) as Members;
  const error = (isRest ? body["value"] : body) as Members;
  const className = String(error["error_type"]).toLowerCase();
  const schema = operations
    .map(({ definitions }) =>
      isRest
        ? definitions[`vapi.std.errors.${className}_error`]
        : definitions[
            `VapiStdErrors${className.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`
          ],
    )
    .find((found) => found !== undefined);
  const definitions = operations[0]?.definitions ?? {};
  const known =
    schema ?? definitions[isRest ? "vapi.std.errors.not_found_error" : "VapiStdErrorsNotFound"];
  return known === undefined ? [] : mismatches(known, body, definitions, "error");
}

function findOperation(method: string, target: string): Published | undefined {
  const [path = "", query = ""] = target.split("?");
  const names = new URLSearchParams(query);
  const action = names.get("~action") ?? names.get("action") ?? "";
  return operations
    .filter((each) => each.method === method && each.action === action && each.path.test(path))
    .filter((each) => each.marker === undefined || names.has(each.marker))
    .filter((each) => [...names.keys()].every((name) => each.queryNames.includes(name)))
    .sort((one, other) => rankOf(one) - rankOf(other))[0];
}

/** Addresses with fewer parameters, and those that ask for a query parameter, are the more exact ones. */
function rankOf(published: Published): number {
  return published.parameters * 2 - (published.marker === undefined ? 0 : 1);
}

function readDescription(file: string): Published[] {
  const description = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
    readonly paths: Readonly<
      Record<string, Readonly<Record<string, Pick<Published, "responses"> & WithParameters>>>
    >;
    readonly definitions: Readonly<Record<string, Schema>>;
  };
  return Object.entries(description.paths).flatMap(([address, verbs]) =>
    Object.entries(verbs).map(([verb, { responses, parameters = [] }]) => {
      const [path = "", query = ""] = address.split("?");
      const action = /^~?action=(.*)$/.exec(query)?.[1];
      return {
        key: `${verb.toUpperCase()} ${address}`,
        method: verb.toUpperCase(),
        path: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
        action: action ?? "",
        marker: action === undefined && query !== "" ? query : undefined,
        parameters: path.split("{").length - 1,
        queryNames: [
          ...(action === undefined ? [] : ["action", "~action"]),
          ...parameters.filter((each) => each.in === "query").map((each) => each.name),
        ],
        responses,
        definitions: description.definitions,
      };
    }),
  );
}

/** Where a value departs from a schema; a member that the schema does not have counts. */
function mismatches(
  schema: Schema,
  value: unknown,
  definitions: Readonly<Record<string, Schema>>,
  at: string,
): string[] {
  const reference = schema["$ref"];
  if (typeof reference === "string") {
    const found = definitions[reference.replace("#/definitions/", "")];
    return found === undefined
      ? [`${at}: no definition ${reference}`]
      : mismatches(found, value, definitions, at);
  }
  switch (schema["type"]) {
    case "object":
      return objectMismatches(schema, value, definitions, at);
    case "array":
      if (!Array.isArray(value)) return [`${at}: ${JSON.stringify(value)} is no list`];
      return value.flatMap((element: unknown, index) =>
        mismatches((schema["items"] ?? {}) as Schema, element, definitions, `${at}[${index}]`),
      );
    case "string":
      return stringMismatches(schema, value, at);
    case "integer":
      return Number.isSafeInteger(value) ? [] : [`${at}: ${JSON.stringify(value)} is no integer`];
    case "boolean":
      return typeof value === "boolean" ? [] : [`${at}: ${JSON.stringify(value)} is no boolean`];
    default:
      return [];
  }
}

function stringMismatches(schema: Schema, value: unknown, at: string): string[] {
  if (typeof value !== "string") return [`${at}: ${JSON.stringify(value)} is no text`];
  const allowed = schema["enum"];
  if (Array.isArray(allowed) && !allowed.includes(value))
    return [`${at}: ${value} is not in the list`];
  const format = schema["format"];
  if (format === "date-time" && Number.isNaN(Date.parse(value)))
    return [`${at}: ${value} is no time`];
  if (format === "uri" && !URL.canParse(value)) return [`${at}: ${value} is no URI`];
  return [];
}

function objectMismatches(
  schema: Schema,
  value: unknown,
  definitions: Readonly<Record<string, Schema>>,
  at: string,
): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${at}: ${JSON.stringify(value)} is no object`];
  }
  const properties = schema["properties"] as Readonly<Record<string, Schema>> | undefined;
  if (properties === undefined) return mapMismatches(schema, value as Members, definitions, at);
  const required = (schema["required"] ?? []) as readonly string[];
  return [
    ...required.filter((name) => !(name in value)).map((name) => `${at}: ${name} is missing`),
    ...Object.entries(value as Members).flatMap(([name, member]) => {
      const property = properties[name];
      if (property === undefined)
        return name.startsWith(OURS) ? [] : [`${at}: ${name} is not published`];
      return mismatches(property, member, definitions, `${at}.${name}`);
    }),
  ];
}

/** A map is published as an object whose members all have one schema. */
function mapMismatches(
  schema: Schema,
  value: Members,
  definitions: Readonly<Record<string, Schema>>,
  at: string,
): string[] {
  const element = schema["additionalProperties"];
  if (typeof element !== "object" || element === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    mismatches(element as Schema, member, definitions, `${at}.${name}`),
  );
}
