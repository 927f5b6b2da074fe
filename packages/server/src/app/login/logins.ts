import { faultOf } from "@contentlib/contract/vocabulary";
import type { Account, Login } from "../../domain/account.ts";
import { parseAccountName } from "../../domain/account-name.ts";
import type { AccountId, Instant } from "../../domain/ids.ts";
import { PortError } from "../../ports/index.ts";
import type { Credentials, LoginInfo, Logins } from "../app.ts";
import type { Caller } from "../call.ts";
import { Fault } from "../fault.ts";
import type { Ports, Settings } from "../ports.ts";

/** The domain part of full user names, as vCenter's default identity source has it. */
const USER_DOMAIN = "vsphere.local";

/** Logins kept in memory, so that the common call needs no catalog; the oldest goes first. */
const CACHED_LOGINS_MAX = 10_000;

/** Seconds a client should wait when too many logins are being checked. */
const BUSY_RETRY_SECONDS = 1;

interface LiveLogin {
  readonly caller: Caller;
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
  "catalog" | "clock" | "ids" | "hasher" | "digest" | "attempts" | "journal"
>;
type LoginSettings = Pick<Settings, "loginIdleMs" | "loginAbsoluteMs">;

/** Logins in memory over logins in the catalog. Use moves `lastAccessedAt` here at once, and in the catalog now and then. */
export class LiveLogins implements Logins {
  readonly #ports: LoginPorts;
  readonly #settings: LoginSettings;
  readonly #cached = new Map<string, LiveLogin>();
  readonly #byteRuns = new Map<AccountId, ByteRun>();
  /** How many logins were deleted so far. */
  #deletions = 0;
  #dummyHash: Promise<string> | null = null;

  constructor(ports: LoginPorts, settings: LoginSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  async create(credentials: Credentials, address: string): Promise<string> {
    const account =
      credentials.kind === "token"
        ? await this.#accountOfToken(credentials.token, address)
        : await this.#accountOfPassword(credentials.userName, credentials.password, address);
    const at = this.#ports.clock.now();
    const loginId = this.#ports.ids.loginId();
    const login: Login = {
      idHash: this.#ports.digest.digest(loginId),
      accountId: account.id,
      createdAt: at,
      lastAccessedAt: at,
    };
    await this.#ports.catalog.commit([{ kind: "login.put", login }]);
    this.#remember(login, account);
    return loginId;
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

  async delete(caller: Caller): Promise<void> {
    await this.#ports.catalog.commit([{ kind: "login.delete", idHash: caller.loginHash }]);
    this.#deletions += 1;
    this.#cached.delete(caller.loginHash);
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
    return at - this.#usedAt(live) > loginIdleMs || at - live.createdAt > loginAbsoluteMs;
  }

  /** What was read before a login was deleted is read again, so that no deleted one gets back into memory. */
  async #load(idHash: string): Promise<LiveLogin | null> {
    for (;;) {
      const deletions = this.#deletions;
      const login = await this.#ports.catalog.findLogin(idHash);
      if (login === null) return null;
      const account = await this.#ports.catalog.findAccount(login.accountId);
      if (deletions === this.#deletions)
        return account === null ? null : this.#remember(login, account.value);
    }
  }

  #remember(login: Login, account: Account): LiveLogin {
    const live: LiveLogin = {
      caller: {
        accountId: account.id,
        accountName: account.name,
        userName: `${account.name}@${USER_DOMAIN}`,
        loginHash: login.idHash,
      },
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

  async #accountOfToken(token: string, address: string): Promise<Account> {
    const found = await this.#ports.catalog.findToken(this.#ports.digest.digest(token));
    const account = found === null ? null : await this.#ports.catalog.findAccount(found.accountId);
    if (account === null) throw this.#refusal("(token)", address, "unknown token");
    return account.value;
  }

  async #accountOfPassword(userName: string, password: string, address: string): Promise<Account> {
    const name = parseAccountName(userName, USER_DOMAIN);
    const limitedName = name ?? userName;
    const admission = this.#ports.attempts.admit(limitedName, address);
    if (admission.kind === "wait")
      throw new Fault(faultOf("login.busy", String(admission.seconds)));
    const account = name === null ? null : await this.#ports.catalog.findAccountByName(name);
    const matches = await this.#verify(password, account?.value.passwordHash ?? null);
    if (account === null || !matches) {
      this.#ports.attempts.failed(limitedName, address);
      throw this.#refusal(
        limitedName,
        address,
        account === null ? "unknown account" : "wrong password",
      );
    }
    this.#ports.attempts.succeeded(limitedName, address);
    return account.value;
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
      throw new Fault(faultOf("login.busy", String(BUSY_RETRY_SECONDS)), error);
    }
  }

  #refusal(accountName: string, address: string, why: string): Fault {
    this.#ports.journal.loginRefused({ accountName, address, why });
    return new Fault(faultOf("login.refused"));
  }
}
