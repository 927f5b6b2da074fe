import type { Grant } from "../domain/access/grant.ts";
import type { Account } from "../domain/account.ts";
import type { Catalog, Clock, IdSource, PasswordHasher } from "../ports/index.ts";
import { BUILT_IN_ACCOUNT } from "../domain/account-name.ts";
import { invariant } from "../domain/invariant.ts";

/** The one account of a fresh server. */
export const ADMINISTRATOR = BUILT_IN_ACCOUNT;

const MADE_UP_PASSWORD = /^([0-9a-f]{6})([0-9a-f]{6})([0-9a-f]{6})([0-9a-f]{6})/;

/** What the start found or did about the administrator's account. */
export type AdministratorOutcome =
  | { readonly kind: "created"; readonly account: Account }
  /** `matches` is null when no password was given to compare. */
  | { readonly kind: "found"; readonly account: Account; readonly matches: boolean | null };

/** What making sure of the account needs. */
export interface AdministratorNeeds {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly hasher: PasswordHasher;
  /** The operator's password; null makes one up. */
  readonly password: string | null;
  /** Hands a made-up password to the operator, before the account is kept: a crash in between must not lose it. */
  readonly tell: (password: string) => void;
}

/** 96 random bits in groups that can be read over a telephone. */
const madeUpPassword = (ids: IdSource): string => {
  const groups = MADE_UP_PASSWORD.exec(ids.accessToken());
  invariant(groups !== null, "An access token is made of hexadecimal digits.");
  return groups.slice(1).join("-");
};

/** An account that logs in by its tokens only has no password to match. */
const isPasswordOf = async (
  { passwordHash }: Account,
  password: string,
  hasher: PasswordHasher,
): Promise<boolean> => passwordHash !== undefined && (await hasher.verify(password, passwordHash));

/** Makes the administrator's account, which may do everything, at the first start; later only compares the password that is given. */
export const ensureAdministrator = async (
  needs: AdministratorNeeds,
): Promise<AdministratorOutcome> => {
  const { catalog, clock, ids, hasher, password } = needs;
  const found = await catalog.findAccountByName(ADMINISTRATOR);
  if (found !== null) {
    const matches = password === null ? null : await isPasswordOf(found.value, password, hasher);
    return { kind: "found", account: found.value, matches };
  }
  const first = password ?? madeUpPassword(ids);
  const account: Account = {
    id: ids.accountId(),
    name: ADMINISTRATOR,
    passwordHash: await hasher.hash(first),
    description: "",
    isDisabled: false,
    createdAt: clock.now(),
  };
  const grant: Grant = {
    id: ids.grantId(),
    subject: { kind: "account", id: account.id },
    role: "administrator",
    createdAt: account.createdAt,
  };
  if (password === null) needs.tell(first);
  const outcome = await catalog.commit([
    { kind: "account.put", account, rev: null },
    { kind: "grant.put", grant },
  ]);
  invariant(outcome.kind === "committed", "Nobody else makes accounts while the server starts.");
  return { kind: "created", account };
};
