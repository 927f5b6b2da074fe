import type { Services, TokenInfo } from "@contentlib/client";
import { tokenTable } from "../access-tables.ts";
import { resolveLibrary } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { expiryTime } from "../expiry-time.ts";
import { Failure } from "../failure.ts";
import { grantRole } from "../grant-role.ts";
import { ifThere, present } from "../if-there.ts";
import { inBatches } from "../in-batches.ts";
import { withServices } from "../with-services.ts";
import type { WhereOptions } from "../with-services.ts";

/** Whose tokens; the caller's when absent. */
export interface TokenOfOptions extends WhereOptions {
  readonly user?: string;
}

/** Options of `contentlib token ls`. */
export interface TokenLsOptions extends TokenOfOptions {
  /** Those of everybody. */
  readonly all?: boolean;
}

/** Options of `contentlib token create`. */
export interface TokenCreateOptions extends TokenOfOptions {
  readonly expires?: string;
  /** Each `ROLE` or `ROLE:LIBRARY`. */
  readonly grant?: readonly string[];
}

const ofUser = ({ user }: TokenOfOptions): { readonly user?: string } =>
  user === undefined ? {} : { user };

/** `contentlib token create NAME`: makes a token. Standard output is the token and nothing else. */
export async function tokenCreate(
  context: CommandContext,
  name: string,
  options: TokenCreateOptions,
): Promise<void> {
  const { output, signal } = context;
  const expires =
    options.expires === undefined ? {} : { expires_time: expiryTime(options.expires, Date.now()) };
  await withServices(context, options, async (services) => {
    const grants = [];
    for (const word of options.grant ?? []) grants.push(await grantOf(services, word, signal));
    const made = await services.token.create(
      {
        create_spec: {
          name,
          ...ofUser(options),
          ...expires,
          ...(grants.length === 0 ? {} : { grants }),
        },
      },
      { signal },
    );
    const { token, ...info } = made;
    output.result({ changed: true, token, info }, [token]);
    output.note(
      `Token ${info.name} of ${info.user}, shown this once. For any client it is the password of user ${info.user};` +
        " for this one: export CONTENTLIB_TOKEN=<the token>",
    );
  });
}

async function grantOf(services: Services, word: string, signal: AbortSignal) {
  const colon = word.indexOf(":");
  if (colon === -1) return { role: grantRole(word) };
  const role = grantRole(word.slice(0, colon));
  const { id } = await resolveLibrary(services, word.slice(colon + 1), signal);
  return { role, library_id: id };
}

/** `contentlib token ls`: the tokens of an account, or with `--all` of everybody, without their secrets. */
export async function tokenLs(context: CommandContext, options: TokenLsOptions): Promise<void> {
  const { output, signal } = context;
  await withServices(context, options, async (services) => {
    const tokens =
      options.all === true
        ? await everybodys(services, signal)
        : await services.token.list(ofUser(options), { signal });
    const lines =
      tokens.length === 0
        ? ["There are no tokens. Make one: contentlib token create NAME"]
        : tokenTable(tokens);
    output.result({ tokens }, lines);
  });
}

/** The tokens of all accounts, those that expire first before the others; the API tells those of one account at a time. */
async function everybodys(
  { token: tokens, user: users }: Services,
  signal: AbortSignal,
): Promise<readonly TokenInfo[]> {
  const accounts = await users.list({ signal });
  const listed = await inBatches(
    accounts,
    async ({ user_id }) => await ifThere(tokens.list({ user: user_id }, { signal })),
  );
  return present(listed)
    .flat()
    .toSorted((one, other) => expiryOf(one) - expiryOf(other));
}

/** Later than any other where it never expires; `Number.MAX_VALUE`, so that two of them can be subtracted. */
const expiryOf = ({ expires_time }: TokenInfo): number =>
  expires_time === undefined ? Number.MAX_VALUE : Date.parse(expires_time);

/** `contentlib token revoke TOKEN`: takes a token away, by its id or its name. */
export async function tokenRevoke(
  context: CommandContext,
  address: string,
  options: TokenOfOptions,
): Promise<void> {
  const { output, signal } = context;
  await withServices(context, options, async ({ token: tokens }) => {
    const listed = await tokens.list(ofUser(options), { signal });
    const id = listed.find((token) => isMeant(token, address))?.token_id;
    if (id === undefined && !isId(address)) {
      throw new Failure(
        EXIT_CODES.notFound,
        `There is no token ${address}${options.user === undefined ? " of yours" : ` of ${options.user}`}.`,
        "See which there are: contentlib token ls --user NAME",
      );
    }
    const revoked = id ?? address;
    await tokens.delete({ token_id: revoked }, { signal });
    output.result({ changed: true, revoked: { id: revoked } }, [`Token ${address} revoked.`]);
  });
}

const isMeant = ({ token_id, name }: TokenInfo, address: string): boolean =>
  token_id === address.toLowerCase() || name === address;

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
