import type { SourceSecretInfo } from "@contentlib/client";
import { shortTime } from "../access-tables.ts";
import type { CommandContext } from "../command-context.ts";
import { oneLine, tableLines } from "../output.ts";
import { ask, readPassword } from "../prompt.ts";
import { withServices } from "../with-services.ts";
import type { WhereOptions } from "../with-services.ts";

/** Options of `contentlib secret set`. */
export interface SecretSetOptions extends WhereOptions {
  readonly origin: string;
  readonly user?: string;
  readonly passwordStdin?: boolean;
}

const OTHERWISE = "Give the password on standard input, with --password-stdin";

/** Never from the command line, which others on the machine can read. */
const passwordFor = async (
  { streams, signal }: CommandContext,
  { origin, passwordStdin }: SecretSetOptions,
): Promise<string> =>
  passwordStdin === true
    ? await readPassword(streams)
    : await ask(streams, `Password for ${oneLine(origin)}: `, {
        isHidden: true,
        signal,
        otherwise: OTHERWISE,
      });

/** `contentlib secret set NAME`: keeps a login for one server, in place of one of that name. */
export async function secretSet(
  context: CommandContext,
  name: string,
  options: SecretSetOptions,
): Promise<void> {
  const { output, signal } = context;
  const { origin, user } = options;
  await withServices(context, options, async ({ secret: secrets }) => {
    const password = await passwordFor(context, options);
    const set_spec = { name, origin, password, ...(user === undefined ? {} : { user_name: user }) };
    await secrets.set({ set_spec }, { signal });
    const listed = await secrets.list({ signal });
    const secret = listed.find((one) => one.name === name) ?? null;
    output.result({ changed: true, secret }, [
      `Secret ${name} is kept, for ${oneLine(secret?.origin ?? origin)} and no other server.`,
    ]);
  });
}

/** `contentlib secret ls`: all secrets, without their passwords. */
export async function secretLs(context: CommandContext, options: WhereOptions): Promise<void> {
  const { output, signal } = context;
  await withServices(context, options, async ({ secret: secrets }) => {
    const listed = await secrets.list({ signal });
    const lines =
      listed.length === 0
        ? ["There are no secrets. Keep one: contentlib secret set NAME --origin URL"]
        : secretTable(listed);
    output.result({ secrets: listed }, lines);
  });
}

/** `contentlib secret rm NAME`: forgets a secret. */
export async function secretRm(
  context: CommandContext,
  name: string,
  options: WhereOptions,
): Promise<void> {
  const { output, signal } = context;
  await withServices(context, options, async ({ secret: secrets }) => {
    await secrets.delete({ name }, { signal });
    output.result({ changed: true, removed: { name } }, [`Secret ${name} is forgotten.`]);
  });
}

const secretTable = (secrets: readonly SourceSecretInfo[]): readonly string[] =>
  tableLines([
    ["NAME", "FOR", "USER", "SET", "BY"],
    ...secrets.map(({ name, origin, user_name: user, set_time: time, set_by: by }) => [
      name,
      origin,
      user || "-",
      shortTime(time),
      by,
    ]),
  ]);
