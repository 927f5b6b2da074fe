import { faultOf } from "@contentlib/contract/vocabulary";
import type { AccessToken, Account, Login } from "../../domain/account.ts";
import {
  checkAccountName,
  fullUserName,
  parseAccountName,
  USER_DOMAIN,
} from "../../domain/account-name.ts";
import type { AccountId, Instant } from "../../domain/ids.ts";
import { PortError } from "../../ports/index.ts";
import type { Credentials, LoginInfo, Logins } from "../app.ts";
import { doerOf } from "../audit/deeds.ts";
import type { Caller, Origin } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import type { Ports, Settings } from "../ports.ts";

/** Logins kept in memory, so that the common call needs no catalog; the oldest goes first. */
const CACHED_LOGINS_MAX = 10_000;

/** Seconds a client should wait when too many logins are being checked. */
const BUSY_RETRY_SECONDS = 1;

/** What stands for the name of the account where a token came without one. */
const TOKEN_ALONE = "(token)";

/**
 * What stands in the log for a name that no account can have. It may be anything, also a password that was typed in the wrong
 * place, so that it is not repeated.
 */
const NO_NAME = "(no account name)";

/** Whom credentials prove, and the token that did it. */
interface Proof {
  readonly account: Account;
  readonly token: AccessToken | null;
}

interface LiveLogin {
  readonly caller: Caller;
  /** When the token expires that it was made with; null when nothing does. */
  readonly endsAt: Instant | null;
  readonly createdAt: Instant;
  lastAccessedAt: Instant;
  /** The last access that the catalog knows of. */
  storedAt: Instant;
}

/** Bytes that moved for an account without a pause longer than a login may idle. */
interface ByteRun {
  readonly firstAt: Instant;
  lastAt: Instant;
}

type LoginPorts = Pick<
  Ports,
  "catalog" | "clock" | "ids" | "hasher" | "digest" | "attempts" | "journal" | "deeds"
> &
  Pick<Core, "refusals">;
type LoginSettings = Pick<Settings, "loginIdleMs" | "loginAbsoluteMs">;

/** Stands for the login of a caller who proved himself for one call alone; no login has it. */
const NO_LOGIN = "";

const callerOf = (account: Account, by: Pick<Caller, "loginHash" | "tokenId">): Caller => ({
  accountId: account.id,
  accountName: account.name,
  userName: fullUserName(account.name),
  ...by,
});

const whyRefused = (account: Account | null, matches: boolean): string => {
  if (account === null) return "unknown account";
  return matches ? "disabled account" : "wrong password";
};

/** Logins in memory over logins in the catalog. Use moves `lastAccessedAt` here at once, and in the catalog now and then. */
export class LiveLogins implements Logins {
  readonly #ports: LoginPorts;
  readonly #settings: LoginSettings;
  readonly #cached = new Map<string, LiveLogin>();
  readonly #byteRuns = new Map<AccountId, ByteRun>();
  /** How often logins were ended, or may have been, so far. */
  #deletions = 0;
  #dummyHash: Promise<string> | null = null;

  constructor(ports: LoginPorts, settings: LoginSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  async create(credentials: Credentials, origin: Origin): Promise<string> {
    const { account, token } = await this.#proof(credentials, origin);
    const at = this.#ports.clock.now();
    const loginId = this.#ports.ids.loginId();
    const login: Login = {
      idHash: this.#ports.digest.digest(loginId),
      accountId: account.id,
      ...(token === null ? {} : { tokenId: token.id }),
      createdAt: at,
      lastAccessedAt: at,
    };
    const deletions = this.#deletions;
    const doer = doerOf({ ...login, userName: fullUserName(account.name) });
    const outcome = await this.#ports.deeds.within(
      { doer, operation: "login.create", address: origin.address, requestId: origin.requestId },
      () => this.#ports.catalog.commit([{ kind: "login.put", login }]),
    );
    if (outcome.kind !== "committed")
      throw this.#refusal(account.name, origin, "disabled or revoked meanwhile");
    // What was ended since is not to come to life here: who knows the id is looked up.
    if (deletions === this.#deletions) this.#remember(login, account, token);
    this.#ports.journal.loginMade({ by: token === null ? "password" : "token" });
    return loginId;
  }

  async prove(credentials: Credentials, origin: Origin): Promise<Caller> {
    const { account, token } = await this.#proof(credentials, origin);
    const by = token === null ? {} : { tokenId: token.id };
    return callerOf(account, { loginHash: NO_LOGIN, ...by });
  }

  async authenticate(loginId: string): Promise<Caller | null> {
    const idHash = this.#ports.digest.digest(loginId);
    const live = this.#cached.get(idHash) ?? (await this.#load(idHash));
    if (live === null) return null;
    const at = this.#ports.clock.now();
    if (this.#isDead(live, at)) {
      this.#cached.delete(idHash);
      return null;
    }
    live.lastAccessedAt = Math.max(live.lastAccessedAt, at);
    return live.caller;
  }

  /** Whether the caller's login would still be taken. Asking is no use of it. */
  async lives(caller: Caller): Promise<boolean> {
    const live = this.#cached.get(caller.loginHash) ?? (await this.#load(caller.loginHash));
    return live !== null && !this.#isDead(live, this.#ports.clock.now());
  }

  async get(caller: Caller): Promise<LoginInfo> {
    const live = this.#cached.get(caller.loginHash) ?? (await this.#load(caller.loginHash));
    if (live === null) throw new Fault(faultOf("login.required"));
    return {
      userName: caller.userName,
      createdAt: live.createdAt,
      lastAccessedAt: live.lastAccessedAt,
    };
  }

  async delete(caller: Caller, { address, requestId }: Origin): Promise<void> {
    const deed = { doer: doerOf(caller), operation: "login.delete", address, requestId };
    await this.#ports.deeds.within(deed, () =>
      this.#ports.catalog.commit([{ kind: "login.delete", idHash: caller.loginHash }]),
    );
    this.#deletions += 1;
    this.#cached.delete(caller.loginHash);
  }

  /** Logins of these accounts may have ended in the catalog: what is in memory of them is forgotten. */
  readAgain(accountIds: ReadonlySet<AccountId>): void {
    this.#deletions += 1;
    for (const [idHash, { caller }] of this.#cached)
      if (accountIds.has(caller.accountId)) this.#cached.delete(idHash);
  }

  /** Bytes moving on a transfer endpoint keep the logins of the session's owner alive. (S29) */
  noteBytes(accountId: AccountId, at: Instant): void {
    const run = this.#byteRuns.get(accountId);
    if (run !== undefined && at - run.lastAt <= this.#settings.loginIdleMs) run.lastAt = at;
    else this.#byteRuns.set(accountId, { firstAt: at, lastAt: at });
  }

  /** Stores the uses of logins since the last time. */
  async recordUse(): Promise<void> {
    const used = [...this.#cached].filter(([, live]) => this.#usedAt(live) > live.storedAt);
    if (used.length === 0) return;
    await this.#ports.catalog.commit(
      used.map(([idHash, live]) => ({
        kind: "login.touch",
        idHash,
        lastAccessedAt: this.#usedAt(live),
      })),
    );
    for (const [, live] of used) live.storedAt = this.#usedAt(live);
  }

  /** Bytes count for a login that lived when they began to move; they raise none from the dead. */
  #usedAt(live: LiveLogin): Instant {
    const run = this.#byteRuns.get(live.caller.accountId);
    if (run === undefined || run.firstAt - live.lastAccessedAt > this.#settings.loginIdleMs)
      return live.lastAccessedAt;
    return Math.max(live.lastAccessedAt, run.lastAt);
  }

  #isDead(live: LiveLogin, at: Instant): boolean {
    const { loginIdleMs, loginAbsoluteMs } = this.#settings;
    if (live.endsAt !== null && live.endsAt <= at) return true;
    return at - this.#usedAt(live) > loginIdleMs || at - live.createdAt > loginAbsoluteMs;
  }

  /** What was read before a login was deleted is read again, so that no deleted one gets back into memory. */
  async #load(idHash: string): Promise<LiveLogin | null> {
    for (;;) {
      const deletions = this.#deletions;
      const login = await this.#ports.catalog.findLogin(idHash);
      if (login === null) return null;
      const account = await this.#ports.catalog.findAccount(login.accountId);
      const token =
        login.tokenId === undefined ? null : await this.#ports.catalog.findTokenById(login.tokenId);
      if (deletions !== this.#deletions) continue;
      const isOver =
        account === null ||
        account.value.isDisabled ||
        (login.tokenId !== undefined && token === null);
      return isOver ? null : this.#remember(login, account.value, token);
    }
  }

  #remember(login: Login, account: Account, token: AccessToken | null): LiveLogin {
    const live: LiveLogin = {
      caller: callerOf(account, {
        loginHash: login.idHash,
        ...(login.tokenId === undefined ? {} : { tokenId: login.tokenId }),
      }),
      endsAt: token?.expiresAt ?? null,
      createdAt: login.createdAt,
      lastAccessedAt: login.lastAccessedAt,
      storedAt: login.lastAccessedAt,
    };
    if (this.#cached.size >= CACHED_LOGINS_MAX) {
      const oldest = this.#cached.keys().next();
      if (oldest.done !== true) this.#cached.delete(oldest.value);
    }
    this.#cached.set(login.idHash, live);
    return live;
  }

  /** The token of that text while it can be used, with its account. It has 256 random bits, so that asking needs no brake. */
  async #findProof(text: string): Promise<Proof | null> {
    const token = await this.#ports.catalog.findToken(this.#ports.digest.digest(text));
    if (token === null) return null;
    if (token.expiresAt !== undefined && token.expiresAt <= this.#ports.clock.now()) return null;
    const account = await this.#ports.catalog.findAccount(token.accountId);
    return account === null || account.value.isDisabled ? null : { account: account.value, token };
  }

  async #proof(credentials: Credentials, origin: Origin): Promise<Proof> {
    return credentials.kind === "token"
      ? await this.#proveByToken(credentials.token, origin)
      : await this.#proveByPassword(credentials, origin);
  }

  async #proveByToken(text: string, origin: Origin): Promise<Proof> {
    const proof = await this.#findProof(text);
    if (proof !== null) return proof;
    this.#admit(TOKEN_ALONE, origin.address);
    this.#ports.attempts.failed(TOKEN_ALONE, origin.address);
    throw this.#refusal(TOKEN_ALONE, origin, "unknown or expired token");
  }

  /** A token of the account is as good as its password, and is looked for first: that takes no queue. */
  async #proveByPassword(
    { userName, password }: Extract<Credentials, { readonly kind: "password" }>,
    origin: Origin,
  ): Promise<Proof> {
    const { address } = origin;
    const name = parseAccountName(userName, USER_DOMAIN);
    const proof = name === null ? null : await this.#findProof(password);
    if (proof !== null && proof.account.name === name) return proof;
    const limitedName = name ?? userName;
    this.#admit(limitedName, address);
    const row = name === null ? null : await this.#ports.catalog.findAccountByName(name);
    const matches = await this.#verify(password, row?.value.passwordHash ?? null);
    if (row === null || !matches || row.value.isDisabled) {
      this.#ports.attempts.failed(limitedName, address);
      throw this.#refusal(limitedName, origin, whyRefused(row?.value ?? null, matches));
    }
    this.#ports.attempts.succeeded(limitedName, address);
    return { account: row.value, token: null };
  }

  #admit(limitedName: string, address: string): void {
    const admission = this.#ports.attempts.admit(limitedName, address);
    if (admission.kind === "ok") return;
    this.#ports.journal.loginPutOff({ why: "too many failed attempts" });
    throw new Fault(faultOf("login.busy", String(admission.seconds)));
  }

  /** An unknown account costs as much time as a wrong password, so that time tells nothing. */
  async #verify(password: string, encodedHash: string | null): Promise<boolean> {
    try {
      if (encodedHash !== null) return await this.#ports.hasher.verify(password, encodedHash);
      this.#dummyHash ??= this.#ports.hasher.hash(this.#ports.ids.accessToken());
      await this.#ports.hasher.verify(password, await this.#dummyHash);
      return false;
    } catch (error) {
      if (!(error instanceof PortError) || error.kind !== "unavailable") throw error;
      this.#dummyHash = null;
      this.#ports.journal.loginPutOff({ why: "too many passwords to check" });
      throw new Fault(faultOf("login.busy", String(BUSY_RETRY_SECONDS)), error);
    }
  }

  #refusal(accountName: string, origin: Origin, why: string): Fault {
    const { journal, refusals } = this.#ports;
    const userName = checkAccountName(accountName) === null ? accountName : null;
    const shown = userName ?? (accountName === TOKEN_ALONE ? TOKEN_ALONE : NO_NAME);
    journal.loginRefused({ accountName: shown, address: origin.address, why });
    refusals.loginRefused({ userName, origin, reason: why });
    return new Fault(faultOf("login.refused"));
  }
}
