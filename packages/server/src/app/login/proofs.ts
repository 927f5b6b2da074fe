import { faultOf } from "@contentlib/contract/vocabulary";
import { checkAccountName, parseAccountName, USER_DOMAIN } from "../../domain/account-name.ts";
import type { AccessToken, Account } from "../../domain/account.ts";
import type { Journal } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import type { Credentials } from "../app.ts";
import type { Origin } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import type { Ports } from "../ports.ts";

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
export interface Proof {
  readonly account: Account;
  readonly token: AccessToken | null;
}

/** What it takes to judge credentials. */
export type ProofPorts = Pick<
  Ports,
  "catalog" | "clock" | "ids" | "hasher" | "digest" | "attempts" | "journal"
> &
  Pick<Core, "refusals">;

/** A name that an account can have, else null. */
const nameOrNone = (text: string): string | null => (checkAccountName(text) === null ? text : null);

/** Why credentials are not looked at now, and when to try again. */
interface PutOff extends Pick<Parameters<Journal["loginPutOff"]>[0], "why"> {
  readonly seconds: number;
  readonly error?: unknown;
}

const whyRefused = (account: Account | null, matches: boolean): string => {
  if (account === null) return "unknown account";
  return matches ? "disabled account" : "wrong password";
};

/** Finds out whom credentials prove. Guessing is slowed down, and what is refused is told of. */
export class Proofs {
  readonly #ports: ProofPorts;
  #dummyHash: Promise<string> | null = null;

  constructor(ports: ProofPorts) {
    this.#ports = ports;
  }

  /** The token of that text while it can be used, with its account. It has 256 random bits, so that asking needs no brake. */
  async #findProof(text: string): Promise<Proof | null> {
    const token = await this.#ports.catalog.findToken(this.#ports.digest.digest(text));
    if (token === null) return null;
    if (token.expiresAt !== undefined && token.expiresAt <= this.#ports.clock.now()) return null;
    const account = await this.#ports.catalog.findAccount(token.accountId);
    return account === null || account.value.isDisabled ? null : { account: account.value, token };
  }

  /** Throws `Fault`: `login.refused` without saying why, `login.busy` when too many wait. */
  async of(credentials: Credentials, origin: Origin): Promise<Proof> {
    return credentials.kind === "token"
      ? await this.#proveByToken(credentials.token, origin)
      : await this.#proveByPassword(credentials, origin);
  }

  async #proveByToken(text: string, origin: Origin): Promise<Proof> {
    const proof = await this.#findProof(text);
    if (proof !== null) return proof;
    this.#admit(TOKEN_ALONE, origin);
    this.#ports.attempts.failed(TOKEN_ALONE, origin.address);
    throw this.refusal(TOKEN_ALONE, origin, "unknown or expired token");
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
    this.#admit(limitedName, origin);
    const row = name === null ? null : await this.#ports.catalog.findAccountByName(name);
    const matches = await this.#verify(password, row?.value.passwordHash ?? null).catch(
      (error: unknown) => {
        if (!(error instanceof PortError) || error.kind !== "unavailable") throw error;
        const why = "too many passwords to check";
        throw this.#puttingOff(limitedName, origin, { why, seconds: BUSY_RETRY_SECONDS, error });
      },
    );
    if (row === null || !matches || row.value.isDisabled) {
      this.#ports.attempts.failed(limitedName, address);
      throw this.refusal(limitedName, origin, whyRefused(row?.value ?? null, matches));
    }
    this.#ports.attempts.succeeded(limitedName, address);
    return { account: row.value, token: null };
  }

  #admit(limitedName: string, origin: Origin): void {
    const admission = this.#ports.attempts.admit(limitedName, origin.address);
    if (admission.kind === "ok") return;
    const why = "too many failed attempts";
    throw this.#puttingOff(limitedName, origin, { why, seconds: admission.seconds });
  }

  /** An unknown account costs as much time as a wrong password, so that time tells nothing. */
  async #verify(password: string, encodedHash: string | null): Promise<boolean> {
    try {
      if (encodedHash !== null) return await this.#ports.hasher.verify(password, encodedHash);
      this.#dummyHash ??= this.#ports.hasher.hash(this.#ports.ids.accessToken());
      await this.#ports.hasher.verify(password, await this.#dummyHash);
      return false;
    } catch (error) {
      this.#dummyHash = null;
      throw error;
    }
  }

  /** The fault of credentials that nobody looked at; the log and the trail are told where they came from. */
  #puttingOff(accountName: string, origin: Origin, { why, seconds, error }: PutOff): Fault {
    const { journal, refusals } = this.#ports;
    journal.loginPutOff({ why, address: origin.address });
    refusals.loginRefused({ userName: nameOrNone(accountName), origin, reason: why });
    return new Fault(faultOf("login.busy", String(seconds)), error);
  }

  /** The fault of a login that is not let in; the log and the trail are told why. */
  refusal(accountName: string, origin: Origin, why: string): Fault {
    const { journal, refusals } = this.#ports;
    const userName = nameOrNone(accountName);
    const shown = userName ?? (accountName === TOKEN_ALONE ? TOKEN_ALONE : NO_NAME);
    journal.loginRefused({ accountName: shown, address: origin.address, why });
    refusals.loginRefused({ userName, origin, reason: why });
    return new Fault(faultOf("login.refused"));
  }
}
