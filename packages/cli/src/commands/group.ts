import type { GroupInfo, Services } from "@contentlib/client";
import { grantTable, groupTable } from "../access-tables.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { isCaller } from "../is-caller.ts";
import { shellWord, tableLines } from "../output.ts";
import { withServices } from "../with-services.ts";
import type { WhereOptions } from "../with-services.ts";

/** Options of `contentlib group add`. */
export interface GroupAddOptions extends WhereOptions {
  readonly description?: string;
  readonly member?: readonly string[];
}

/** Who joins or leaves a group. */
export interface MembershipChange extends WhereOptions {
  readonly users: readonly string[];
  readonly isJoining: boolean;
}

/** `contentlib group add NAME`: makes a group. */
export async function groupAdd(
  context: CommandContext,
  name: string,
  options: GroupAddOptions,
): Promise<void> {
  const { output, signal } = context;
  await withServices(context, options, async ({ group: groups }) => {
    const id = await groups.create(
      {
        create_spec: {
          name,
          ...(options.description === undefined ? {} : { description: options.description }),
          ...(options.member === undefined ? {} : { members: options.member }),
        },
      },
      { signal },
    );
    const group = await groups.get({ group: id }, { signal });
    output.result({ changed: true, group }, [
      `Group ${group.name} made.  ${output.style("dim", group.group_id)}`,
    ]);
  });
}

/** `contentlib group ls`: all groups. */
export async function groupLs(context: CommandContext, options: WhereOptions): Promise<void> {
  await withServices(context, options, async (services) => {
    const groups = await services.group.list({ signal: context.signal });
    const lines =
      groups.length === 0
        ? ["There are no groups yet. Make one: contentlib group add NAME"]
        : groupTable(groups);
    context.output.result({ groups }, lines);
  });
}

/** `contentlib group show GROUP`: a group with its members and grants. */
export async function groupShow(
  context: CommandContext,
  name: string,
  options: WhereOptions,
): Promise<void> {
  const { output, signal } = context;
  await withServices(context, options, async (services) => {
    const group = await services.group.get({ group: name }, { signal });
    const grants = await services.grant.list({ group: group.group_id }, { signal });
    output.result({ group, grants }, [
      ...tableLines([
        ["group", `${group.name} (${group.group_id})`],
        ["members", group.members.map(({ user }) => user).join(" ") || "-"],
        ["description", group.description || "-"],
      ]),
      ...(grants.length === 0 ? ["", "Nothing is granted."] : ["", ...grantTable(grants)]),
    ]);
  });
}

/** `contentlib group rm GROUP`: removes a group with its grants. */
export async function groupRm(
  context: CommandContext,
  name: string,
  options: WhereOptions,
): Promise<void> {
  const { output, signal } = context;
  await withServices(context, options, async ({ group: groups }) => {
    const group = await groups.get({ group: name }, { signal });
    await groups.delete({ group: group.group_id }, { signal });
    const removed = { id: group.group_id, name: group.name };
    output.result({ changed: true, removed }, [`Group ${group.name} removed.`]);
  });
}

/** `contentlib group join|leave GROUP USER...`: puts accounts into a group, or takes them out. */
export async function groupSetMembers(
  context: CommandContext,
  name: string,
  change: MembershipChange,
): Promise<void> {
  const { output, signal } = context;
  await withServices(context, change, async (services) => {
    const { group: groups } = services;
    const before = await groups.get({ group: name }, { signal });
    const leaving = change.isJoining ? [] : leavingMembers(before, change.users);
    const isOwn = await isCallerAmong(services, leaving, change, signal);
    // Who comes or goes, and not who is in then: of two who change a group at once, neither undoes what the other did.
    const update_spec = change.isJoining
      ? { add_members: change.users }
      : { remove_members: change.users };
    await groups.update({ group: before.group_id, update_spec }, { signal });
    // Not read again after a leave: whoever takes himself out may not read any more.
    const group = change.isJoining
      ? await groups.get({ group: before.group_id }, { signal })
      : { ...before, members: before.members.filter((member) => !leaving.includes(member)) };
    const changed = change.users.some((word) => isMember(before, word) !== change.isJoining);
    const names = group.members.map(({ user }) => user).join(" ");
    output.result({ changed, group }, [
      names === "" ? `Group ${group.name} is empty now.` : `Group ${group.name}: ${names}`,
    ]);
    if (isOwn) output.note("This was your own account. What it may do now: contentlib whoami");
  });
}

type Member = GroupInfo["members"][number];

const isMeant = ({ user, user_id }: Member, word: string): boolean => {
  const [bare = ""] = word.toLowerCase().split("@", 1);
  return user === bare || user_id === bare;
};

const isMember = ({ members }: GroupInfo, word: string): boolean =>
  members.some((member) => isMeant(member, word));

/** The members that are named. Throws Failure for one who is no member. */
function leavingMembers(group: GroupInfo, words: readonly string[]): readonly Member[] {
  return words.map((word) => {
    const member = group.members.find((one) => isMeant(one, word));
    if (member !== undefined) return member;
    throw new Failure(
      EXIT_CODES.notFound,
      `${word} is no member of group ${group.name}.`,
      `See who is: contentlib group show ${shellWord(group.name)}`,
    );
  });
}

async function isCallerAmong(
  services: Services,
  members: readonly Member[],
  where: WhereOptions,
  signal: AbortSignal,
): Promise<boolean> {
  for (const { user_id } of members)
    if (await isCaller(services, user_id, where, signal)) return true;
  return false;
}
