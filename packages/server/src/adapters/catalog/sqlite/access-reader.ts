import type { Grant, GrantSubject } from "../../../domain/access/grant.ts";
import type { Group } from "../../../domain/access/group.ts";
import type { AccessToken, Account, Login } from "../../../domain/account.ts";
import type { AccountId, GrantId, GroupId, LibraryId, TokenId } from "../../../domain/ids.ts";
import type { CatalogReader } from "../../../ports/catalog-reader.ts";
import type { ClientTokenKey } from "../../../ports/change.ts";
import type { Row } from "../../../ports/row.ts";
import type { Reads } from "./connection.ts";
import { listGrantsSql, READ_ACCESS_SQL, WHOLE_ACCESS_SQL } from "./read-access-sql.ts";
import {
  type BodyRow,
  type GroupBodyRow,
  groupRowOf,
  rowOrNull,
  valueOf,
  valueOrNull,
  type ValueRow,
} from "./rows.ts";

/** The part of the reading side that tells who may log in, and what they may do. */
type AccessMethods = Pick<
  CatalogReader,
  | "findClientToken"
  | `find${"Account" | "AccountByName" | "Login" | "Token" | "TokenById" | "Grant"}`
  | `find${"Group" | "GroupByName"}`
  | `list${"Accounts" | "Tokens" | "Groups" | "Grants"}`
  | "grantsFor"
>;

type LoginRow = Omit<Login, "tokenId"> & { readonly tokenId: TokenId | null };

const loginOf = ({ tokenId, ...login }: LoginRow): Login => ({
  ...login,
  ...(tokenId === null ? {} : { tokenId }),
});

/** Reads accounts, groups, tokens, grants and logins by prepared statements. */
export class AccessReader implements AccessMethods {
  readonly #reads: Reads;

  constructor(reads: Reads) {
    this.#reads = reads;
  }

  async findClientToken(key: ClientTokenKey): Promise<string | null> {
    const { accountId, operation, token } = key;
    const row = this.#reads.get<{ readonly result_id: string }>(
      READ_ACCESS_SQL.clientToken,
      accountId,
      operation,
      token,
    );
    return row?.result_id ?? null;
  }

  async findAccountByName(name: string): Promise<Row<Account> | null> {
    return rowOrNull<Account>(this.#reads.get<BodyRow>(READ_ACCESS_SQL.accountByName, name));
  }

  async findAccount(id: AccountId): Promise<Row<Account> | null> {
    return rowOrNull<Account>(this.#reads.get<BodyRow>(READ_ACCESS_SQL.account, id));
  }

  async listAccounts(): Promise<readonly Account[]> {
    return this.#values<Account>(WHOLE_ACCESS_SQL.accounts);
  }

  async findGroup(id: GroupId): Promise<Row<Group> | null> {
    return this.#group(READ_ACCESS_SQL.group, id);
  }

  async findGroupByName(name: string): Promise<Row<Group> | null> {
    return this.#group(READ_ACCESS_SQL.groupByName, name);
  }

  async listGroups(memberId?: AccountId): Promise<readonly Group[]> {
    const rows =
      memberId === undefined
        ? this.#reads.all<GroupBodyRow>(WHOLE_ACCESS_SQL.groups)
        : this.#reads.all<GroupBodyRow>(READ_ACCESS_SQL.groupsOfMember, memberId);
    return rows.map((row) => groupRowOf(row).value);
  }

  async findGrant(id: GrantId): Promise<Grant | null> {
    return valueOrNull<Grant>(this.#reads.get<ValueRow>(READ_ACCESS_SQL.grant, id));
  }

  async listGrants(
    criteria: { readonly subject?: GrantSubject; readonly libraryId?: LibraryId } = {},
  ): Promise<readonly Grant[]> {
    const { subject, libraryId } = criteria;
    const sql = listGrantsSql({ subject: subject?.kind, library: libraryId !== undefined });
    const values = [subject?.id, libraryId].filter((value) => value !== undefined);
    return this.#values<Grant>(sql, ...values);
  }

  async grantsFor(
    accountId: AccountId,
    tokenId: TokenId | null,
  ): Promise<{ readonly account: readonly Grant[]; readonly token: readonly Grant[] }> {
    return this.#reads.snapshot(() => ({
      account: this.#values<Grant>(READ_ACCESS_SQL.grantsForAccount, accountId),
      token: tokenId === null ? [] : this.#values<Grant>(READ_ACCESS_SQL.grantsForToken, tokenId),
    }));
  }

  async findLogin(idHash: string): Promise<Login | null> {
    const row = this.#reads.get<LoginRow>(READ_ACCESS_SQL.login, idHash);
    return row === undefined ? null : loginOf(row);
  }

  async findToken(hash: string): Promise<AccessToken | null> {
    return valueOrNull<AccessToken>(this.#reads.get<ValueRow>(READ_ACCESS_SQL.tokenByHash, hash));
  }

  async findTokenById(id: TokenId): Promise<AccessToken | null> {
    return valueOrNull<AccessToken>(this.#reads.get<ValueRow>(READ_ACCESS_SQL.token, id));
  }

  async listTokens(accountId?: AccountId): Promise<readonly AccessToken[]> {
    return accountId === undefined
      ? this.#values<AccessToken>(WHOLE_ACCESS_SQL.tokens)
      : this.#values<AccessToken>(READ_ACCESS_SQL.tokensOfAccount, accountId);
  }

  #group(sql: string, key: string): Row<Group> | null {
    const row = this.#reads.get<GroupBodyRow>(sql, key);
    return row === undefined ? null : groupRowOf(row);
  }

  #values<Value>(sql: string, ...keys: readonly string[]): readonly Value[] {
    return this.#reads.all<ValueRow>(sql, ...keys).map((row) => valueOf<Value>(row));
  }
}
