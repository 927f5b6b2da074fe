import { faultOf } from "@contentlib/contract/vocabulary";
import type { AccessToken, Account, Login } from "../../domain/account.ts";
import { fullUserName } from "../../domain/account-name.ts";
import type { AccountId, Instant } from "../../domain/ids.ts";
import type { Credentials, LoginInfo, Logins } from "../app.ts";
import { doerOf } from "../audit/deeds.ts";
import type { Caller, Origin } from "../call.ts";
import { Fault } from "../fault.ts";
import type { Ports, Settings } from "../ports.ts";
import type { ProofPorts } from "./proofs.ts";
import { Proofs } from "./proofs.ts";

/** Logins kept in memory, so that the common call needs no catalog; the oldest goes first. */
const CACHED_LOGINS_MAX = 10_000;

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

type LoginPorts = ProofPorts & Pick<Ports, "deeds">;
type LoginSettings = Pick<Settings, "loginIdleMs" | "loginAbsoluteMs">;

/** How long each id of a login is, in UTF-16 units. */
const LOGIN_ID_UNITS = 32;

/** Stands for the login of a caller who proved himself for one call alone; no login has it. */
const NO_LOGIN = "";

const callerOf = (account: Account, by: Pick<Caller, "loginHash" | "tokenId">): Caller => ({
  accountId: account.id,
  accountName: account.name,
  userName: fullUserName(account.name),
  ...by,
});

/** Logins in memory over logins in the catalog. Use moves `lastAccessedAt` here at once, and in the catalog now and then. */
export class LiveLogins implements Logins {
  readonly #ports: LoginPorts;
  readonly #settings: LoginSettings;
  readonly #cached = new Map<string, LiveLogin>();
  readonly #byteRuns = new Map<AccountId, ByteRun>();
  /** How often logins were ended, or may have been, so far. */
  #deletions = 0;
  readonly #proofs: Proofs;
  /**
   * The hash of the live login's id that a connection presented last, by that id. In a map, whose seeded hashes tell texts apart:
   * comparing with somebody else's id letter by letter would tell by its time how much was guessed.
   */
  readonly #lastOn = new WeakMap<object, ReadonlyMap<string, string>>();

  constructor(ports: LoginPorts, settings: LoginSettings) {
    this.#ports = ports;
    this.#settings = settings;
    this.#proofs = new Proofs(ports);
  }

  async create(credentials: Credentials, origin: Origin): Promise<string> {
    const { account, token } = await this.#proofs.of(credentials, origin);
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
      throw this.#proofs.refusal(account.name, origin, "disabled or revoked meanwhile");
    // What was ended since is not to come to life here: who knows the id is looked up.
    if (deletions === this.#deletions) this.#remember(login, account, token);
    this.#ports.journal.loginMade({ by: token === null ? "password" : "token" });
    return loginId;
  }

  async prove(credentials: Credentials, origin: Origin): Promise<Caller> {
    const { account, token } = await this.#proofs.of(credentials, origin);
    const by = token === null ? {} : { tokenId: token.id };
    return callerOf(account, { loginHash: NO_LOGIN, ...by });
  }

  authenticate(loginId: string, connection?: object): Caller | null | Promise<Caller | null> {
    // A text may be as long as a whole body: this one is no id, and is not even hashed.
    if (loginId.length !== LOGIN_ID_UNITS) return null;
    const lastHash =
      connection === undefined ? undefined : this.#lastOn.get(connection)?.get(loginId);
    if (lastHash !== undefined) return this.#authenticateHash(lastHash);
    const idHash = this.#ports.digest.digest(loginId);
    const found = this.#authenticateHash(idHash);
    const noted = (caller: Caller | null): Caller | null => {
      // What strangers make up is not kept for them.
      if (caller !== null && connection !== undefined)
        this.#lastOn.set(connection, new Map([[loginId, idHash]]));
      return caller;
    };
    return found instanceof Promise ? found.then(noted) : noted(found);
  }

  #authenticateHash(idHash: string): Caller | null | Promise<Caller | null> {
    const live = this.#cached.get(idHash);
    // Whoever is in memory need not wait for others.
    return live === undefined ? this.#authenticateStored(idHash) : this.#use(live, idHash);
  }

  async #authenticateStored(idHash: string): Promise<Caller | null> {
    const live = await this.#load(idHash);
    return live === null ? null : this.#use(live, idHash);
  }

  #use(live: LiveLogin, idHash: string): Caller | null {
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
}
