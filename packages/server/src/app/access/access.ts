import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { OperationId } from "@contentlib/contract";
import type { Role } from "@contentlib/contract/vocabulary";
import type { Rights } from "../../domain/access/rights.ts";
import { roleOn } from "../../domain/access/rights.ts";
import type { AccountId, Instant, LibraryId } from "../../domain/ids.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { DownloadSession } from "../../domain/download-session.ts";
import type { Call, Caller } from "../call.ts";
import { Fault } from "../fault.ts";
import type { Needed } from "./denials.ts";
import type { Foresight, Foretold } from "./foresight.ts";
import type { Judge } from "./judge.ts";
import type { Places } from "./places.ts";
import type { Revocation } from "./revocation.ts";
import type { Presence, Standing, Standings } from "./standings.ts";

/** Whom a change of accounts, groups, tokens or grants concerns. */
export interface Affected {
  /** The accounts themselves, those whose token it is, and the former and present members of groups. */
  readonly accountIds: Iterable<AccountId>;
}

/** Who may do what. */
export class Access {
  readonly standings: Standings;
  readonly places: Places;
  readonly judge: Judge;
  readonly #foresight: Foresight;
  readonly #revocation: Revocation;

  constructor(parts: {
    readonly standings: Standings;
    readonly places: Places;
    readonly judge: Judge;
    readonly foresight: Foresight;
    readonly revocation: Revocation;
  }) {
    this.standings = parts.standings;
    this.places = parts.places;
    this.judge = parts.judge;
    this.#foresight = parts.foresight;
    this.#revocation = parts.revocation;
  }

  /** How the caller stands: as he came, by his token too. */
  standingOf(caller: Caller): Standing | Promise<Standing> {
    return this.standings.present(caller) ?? this.standings.of(caller);
  }

  async rightsOf(caller: Caller): Promise<Rights> {
    return (await this.standingOf(caller)).rights;
  }

  /** The caller's role on a library, or on everything where that is null. */
  async roleOf(caller: Caller, libraryId: LibraryId | null): Promise<Role | null> {
    return roleOn(await this.rightsOf(caller), libraryId);
  }

  async isAdministrator(caller: Caller): Promise<boolean> {
    return (await this.roleOf(caller, null)) === "administrator";
  }

  /** Throws what the operation would be refused with if it were called with that input now. */
  async expect(
    operationId: OperationId,
    input: Readonly<Record<string, unknown>>,
    caller: Presence,
  ): Promise<void> {
    const fault = await this.judge.refusal(operationId, input, caller);
    if (fault !== null) throw new Fault(fault);
  }

  /**
   * Whether the caller could call the operation on the object of that id, or on anything where it takes none, and what it would
   * need besides. An object that is not there, or that he may not see, is refused with its not_found.
   */
  ask(operationId: OperationId, objectId: string | undefined, caller: Caller): Promise<Foretold> {
    return this.#foresight.ask(operationId, objectId, caller);
  }

  /**
   * The fault for a role that an operation with rules of its own finds missing on a library, or on everything. Of a library that
   * the caller may not see it is the not_found of one that is not there.
   */
  missing(needed: Needed, libraryId: LibraryId | null, caller: Caller): Promise<FaultValue> {
    return this.judge.missing(needed, libraryId, caller);
  }

  /** Whether a session's endpoints may move bytes: its creator must still have the role that it lives on. */
  stands(session: UpdateSession | DownloadSession, role: Role): Promise<boolean> {
    return this.#revocation.stands(session, role);
  }

  /** When that ends by itself, because the token expires that the session was made with; null when it does not. */
  endOf(session: UpdateSession | DownloadSession): Promise<Instant | null> {
    return this.#revocation.endOf(session);
  }

  /** Ends the sessions whose transfers outlive the token they were made with. */
  endExpired(): Promise<void> {
    return this.#revocation.endExpired();
  }

  /**
   * To be called after every commit that changes accounts, groups, members, tokens or grants, granting or taking away. It
   * resolves when nothing goes on any more that was begun under rights that are gone: logins have ended, sessions are
   * CANCELED, their transfers are over, streams of events are closed and calls under way have come to their end. `why` is told in
   * the journal and to those whose transfers are cut, e.g. `the token nightly was revoked`. `call` is the one that makes the
   * change.
   */
  afterChange(affected: Affected, why: string, call: Call): Promise<void> {
    return this.#revocation.run(affected, why, call);
  }

  /** Ends the sessions of these accounts that their creators have no right to any more, and what they move. */
  endLost(accountIds: Iterable<AccountId>, why: string): Promise<void> {
    return this.#revocation.endLost(accountIds, why);
  }

  /** After a start: whatever a change took away just before the server died. */
  recover(): Promise<void> {
    return this.#revocation.recover();
  }
}
