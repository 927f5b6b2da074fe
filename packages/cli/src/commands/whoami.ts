import type { CallerInfo, Client } from "@contentlib/client";
import { resolveItem, resolveLibrary } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure, Retold } from "../failure.ts";
import { nearOperations } from "../known-operations.ts";
import { tableLines } from "../output.ts";

/** Options of `contentlib whoami`. */
export interface WhoamiOptions {
  readonly can?: string;
  readonly on?: string;
}

/** `contentlib whoami`: who one is and what one may do; with `--can`, whether one may do one thing, by the exit status too. */
export async function whoami(
  { connect, output, signal }: CommandContext,
  { can, on }: WhoamiOptions,
): Promise<void> {
  if (on !== undefined && can === undefined)
    throw new Failure(EXIT_CODES.usage, "--on belongs to --can OPERATION.");
  const client = await connect();
  const object =
    on === undefined || can === undefined ? on : await idOf(client, { can, on }, signal);
  const asked = {
    ...(can === undefined ? {} : { can }),
    ...(object === undefined ? {} : { on: object }),
  };
  const caller = await client.whoami.get(asked, { signal }).catch((error: unknown) => {
    throw can !== undefined && isUnknownOperation(error)
      ? new Retold(error, nearOperations(can), `There is no operation ${can}.`)
      : error;
  });
  if (caller.can === undefined) {
    output.result(caller, await linesOf(client, caller, signal));
    return;
  }
  output.result(caller, caller.can ? ["Yes.", ...(caller.besides ?? [])] : []);
  if (!caller.can) throw new Failure(EXIT_CODES.login, caller.why ?? "No.");
}

/** The server may know operations that this command does not, so that it is asked all the same. */
const isUnknownOperation = (error: unknown): boolean =>
  error instanceof Error &&
  "messages" in error &&
  Array.isArray(error.messages) &&
  error.messages.some(
    (message: { readonly id?: string; readonly args?: readonly string[] }) =>
      message.id === "contentlib.access.invalid_property" && message.args?.[0] === "can",
  );

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Operations whose objects have no address on the command line: what is given is handed on as it is. */
const WITHOUT_ADDRESS = /(^|\.)(user|group|token|grant)s?\./;

async function idOf(
  client: Client,
  { can, on }: { readonly can: string; readonly on: string },
  signal: AbortSignal,
): Promise<string> {
  if (UUID.test(on) || WITHOUT_ADDRESS.test(can)) return on;
  return on.includes("/")
    ? (await resolveItem(client, on, signal)).item.id
    : (await resolveLibrary(client, on, signal)).id;
}

async function linesOf(
  client: Client,
  caller: CallerInfo,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const libraries = await Promise.all(
    caller.libraries.map(async ({ library_id, role }) => {
      const { name } = await client.library.get({ library_id }, { signal });
      return [role.toLowerCase(), name, library_id];
    }),
  );
  const { token_id, token_name } = caller;
  return [
    ...tableLines([
      ["user", `${caller.user} (${caller.user_id})`],
      ...(token_id === undefined ? [] : [["by token", `${token_name ?? "?"} (${token_id})`]]),
      ["groups", caller.groups.join(" ") || "-"],
      ["on everything", caller.role?.toLowerCase() ?? "-"],
    ]),
    ...(libraries.length === 0
      ? []
      : ["", ...tableLines([["ROLE", "LIBRARY", "ID"], ...libraries])]),
  ];
}
