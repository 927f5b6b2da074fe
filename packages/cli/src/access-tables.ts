import type { GrantInfo, GroupInfo, TokenInfo, UserInfo } from "@contentlib/client";
import { tableLines } from "./output.ts";

/** An instant as the tables show it. */
export const shortTime = (time: string): string => time.replace("T", " ").replace(/\.\d+Z$/, "Z");

/** Where a grant counts. */
export const placeOfGrant = ({ library_id, library_name }: GrantInfo): string =>
  library_id === undefined ? "everything" : (library_name ?? library_id);

/** Whom a grant is for. */
export const subjectOfGrant = (grant: GrantInfo): string => {
  if (grant.token_id !== undefined)
    return `token ${grant.token_name ?? grant.token_id} of ${grant.user ?? "?"}`;
  if (grant.group_id !== undefined) return `group ${grant.group ?? grant.group_id}`;
  return `user ${grant.user ?? grant.user_id ?? "?"}`;
};

/** What a token is cut down to, in one cell. */
export const cutOf = (grants: readonly GrantInfo[]): string =>
  grants.length === 0
    ? "all that its user may"
    : grants.map((grant) => `${grant.role.toLowerCase()} on ${placeOfGrant(grant)}`).join(", ");

export const userTable = (users: readonly UserInfo[]): readonly string[] =>
  tableLines([
    ["NAME", "STATE", "LOGS IN BY", "ID", "DESCRIPTION"],
    ...users.map((user) => [
      user.name,
      user.disabled ? "disabled" : "enabled",
      user.tokens_only ? "tokens" : "password",
      user.user_id,
      firstLine(user.description),
    ]),
  ]);

export const groupTable = (groups: readonly GroupInfo[]): readonly string[] =>
  tableLines([
    ["NAME", "MEMBERS", "ID", "DESCRIPTION"],
    ...groups.map((group) => [
      group.name,
      group.members.map(({ user }) => user).join(" ") || "-",
      group.group_id,
      firstLine(group.description),
    ]),
  ]);

export const tokenTable = (tokens: readonly TokenInfo[]): readonly string[] =>
  tableLines([
    ["NAME", "USER", "EXPIRES", "ID", "MAY"],
    ...tokens.map((token) => [
      token.name,
      token.user,
      token.expires_time === undefined ? "never" : shortTime(token.expires_time),
      token.token_id,
      cutOf(token.grants),
    ]),
  ]);

export const grantTable = (grants: readonly GrantInfo[]): readonly string[] =>
  tableLines([
    ["ROLE", "FOR", "ON", "ID"],
    ...grants.map((grant) => [
      grant.role.toLowerCase(),
      subjectOfGrant(grant),
      placeOfGrant(grant),
      grant.grant_id,
    ]),
  ]);

/** A cell has one line. */
const firstLine = (text: string): string => text.split(/\r?\n/, 1)[0] ?? "";
