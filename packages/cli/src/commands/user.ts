import type { Services, UserInfo } from "@contentlib/client";
import { grantTable, tokenTable, userTable } from "../access-tables.ts";
import type { CommandContext } from "../command-context.ts";
import { isCaller } from "../is-caller.ts";
import { newPassword } from "../new-password.ts";
import type { NewPasswordOptions } from "../new-password.ts";
import { shellWord, tableLines } from "../output.ts";
import { withServices } from "../with-services.ts";
import type { WhereOptions } from "../with-services.ts";

/** Options of `contentlib user add`. */
export interface UserAddOptions extends WhereOptions, NewPasswordOptions {
  readonly description?: string;
  /** False with `--no-password`. */
  readonly password?: boolean;
}

/** Options of `contentlib user passwd`. */
export interface UserPasswdOptions extends WhereOptions, NewPasswordOptions {}

/** `contentlib user add NAME`: makes an account, which may do nothing until something is granted. */
export async function userAdd(
  context: CommandContext,
  name: string,
  options: UserAddOptions,
): Promise<void> {
  const { output, signal } = context;
  await withServices(context, options, async ({ user: users }) => {
    const password =
      options.password === false ? undefined : await newPassword(context, name, options);
    const user = await users.create(
      {
        create_spec: {
          name,
          ...(password === undefined ? {} : { password }),
          ...(options.description === undefined ? {} : { description: options.description }),
        },
      },
      { signal },
    );
    const info = await users.get({ user }, { signal });
    output.result({ changed: true, user: info }, [
      `User ${info.name} made.  ${output.style("dim", info.user_id)}`,
    ]);
    output.note(`It may do nothing yet: contentlib grant add ROLE --user ${shellWord(info.name)}`);
    if (password === undefined)
      output.note(
        `It logs in by a token: contentlib token create NAME --user ${shellWord(info.name)}`,
      );
  });
}

/** `contentlib user ls`: all accounts. */
export async function userLs(context: CommandContext, options: WhereOptions): Promise<void> {
  await withServices(context, options, async (services) => {
    const users = await services.user.list({ signal: context.signal });
    context.output.result({ users }, userTable(users));
  });
}

/** `contentlib user show NAME`: an account with its groups, its tokens, and its grants and theirs. */
export async function userShow(
  context: CommandContext,
  name: string,
  options: WhereOptions,
): Promise<void> {
  const { output, signal } = context;
  await withServices(context, options, async (services) => {
    const user = await services.user.get({ user: name }, { signal });
    const groups = await groupsOf(services, user, signal);
    const [own, tokens, ...ofGroups] = await Promise.all([
      services.grant.list({ user: user.user_id }, { signal }),
      services.token.list({ user: user.user_id }, { signal }),
      ...groups.map(async (group) => await services.grant.list({ group }, { signal })),
    ]);
    const grants = [...own, ...ofGroups.flat()];
    output.result({ user, groups, grants, tokens }, [
      ...tableLines([
        ["user", `${user.name} (${user.user_id})`],
        ["state", user.disabled ? "disabled" : "enabled"],
        ["logs in by", user.tokens_only ? "tokens only" : "password and tokens"],
        ["groups", groups.join(" ") || "-"],
        ["description", user.description || "-"],
      ]),
      ...(grants.length === 0 ? ["", "Nothing is granted."] : ["", ...grantTable(grants)]),
      ...(tokens.length === 0 ? [] : ["", ...tokenTable(tokens)]),
    ]);
  });
}

/** Names of the groups of an account. Only administrators see those of others. */
async function groupsOf(
  { group: groups, whoami }: Services,
  { user_id }: UserInfo,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const caller = await whoami.get({}, { signal });
  if (caller.user_id === user_id) return caller.groups;
  const all = await groups.list({ signal });
  return all
    .filter(({ members }) => members.some((member) => member.user_id === user_id))
    .map(({ name }) => name);
}

/** `contentlib user passwd [NAME]`: sets a password, the caller's own where no name is given. */
export async function userPasswd(
  context: CommandContext,
  name: string | undefined,
  options: UserPasswdOptions,
): Promise<void> {
  const { output, signal } = context;
  await withServices(context, options, async ({ user: users, whoami }) => {
    const address = name ?? (await whoami.get({}, { signal })).user;
    // Looked up first, so that nobody types a password for a name that is mistyped.
    const before = await users.get({ user: address }, { signal });
    const password = await newPassword(context, before.name, options);
    await users.update({ user: before.user_id, update_spec: { password } }, { signal });
    output.result({ changed: true, user: { ...before, tokens_only: false } }, [
      `The password of ${before.name} is changed.`,
    ]);
  });
}

/** `contentlib user disable|enable NAME`: shuts an account out, or lets it in again. */
export async function userSetDisabled(
  context: CommandContext,
  name: string,
  options: WhereOptions & { readonly disabled: boolean },
): Promise<void> {
  const { output, signal } = context;
  const { disabled } = options;
  await withServices(context, options, async (services) => {
    const before = await services.user.get({ user: name }, { signal });
    const changed = before.disabled !== disabled;
    const isOwn = disabled && (await isCaller(services, before.user_id, options, signal));
    // Told to the server even so: a disable that was cut short is brought to its end.
    await services.user.update({ user: before.user_id, update_spec: { disabled } }, { signal });
    // Not read again: whoever shuts his own account out may not read any more.
    const user = { ...before, disabled };
    const state = disabled ? "disabled" : "enabled";
    output.result({ changed, user }, [
      changed ? `User ${user.name} ${state}.` : `User ${user.name} is ${state} already.`,
    ]);
    if (isOwn) output.note("This was your own account: only others can let it in again.");
    else if (disabled && changed)
      output.note(`Let it in again: contentlib user enable ${shellWord(user.name)}`);
  });
}

/** `contentlib user rm NAME`: removes an account with its tokens and grants. */
export async function userRm(
  context: CommandContext,
  name: string,
  options: WhereOptions,
): Promise<void> {
  const { output, signal } = context;
  await withServices(context, options, async (services) => {
    const user = await services.user.get({ user: name }, { signal });
    const isOwn = await isCaller(services, user.user_id, options, signal);
    await services.user.delete({ user: user.user_id }, { signal });
    const removed = { id: user.user_id, name: user.name };
    output.result({ changed: true, removed }, [`User ${user.name} removed.`]);
    if (isOwn) output.note("This was your own account.");
  });
}
