import type { Role } from "@contentlib/contract/vocabulary";
import { covers, roleOn } from "../../domain/access/rights.ts";
import { endDownloadWithItem } from "../../domain/download-session/lifecycle.ts";
import type { DownloadSession } from "../../domain/download-session.ts";
import type { AccountId, DownloadSessionId, Instant, UpdateSessionId } from "../../domain/ids.ts";
import { endWithItem } from "../../domain/update-session/end.ts";
import type { UpdateSession } from "../../domain/update-session.ts";
import type { Call, Caller } from "../call.ts";
import type { Core } from "../core.ts";
import { settleDownloadEnd } from "../download-session/access.ts";
import { CutSignal } from "../live-transfers.ts";
import { commitDecision } from "../unit-of-work.ts";
import { settleEnd } from "../update-session/expire.ts";
import type { Affected } from "./access.ts";
import type { Places } from "./places.ts";
import type { RunningCalls } from "./running-calls.ts";
import type { Standing, Standings } from "./standings.ts";

/** How long a change waits for what it cut to be over: longer than an orderly end takes, so that only a hung one is left behind. */
const END_WAIT_MS = 30_000;

/** The role that sessions live on. */
export const UPDATE_SESSION_ROLE: Role = "editor";
export const DOWNLOAD_SESSION_ROLE: Role = "viewer";

/** Streams of events, which end with the right to what they tell. */
export interface StreamsOfCallers {
  endLost(accountIds: ReadonlySet<AccountId>, mayFollow: MayFollow): Promise<void>;
}

/** Whether the caller may still follow what he follows. */
export type MayFollow = (
  input: { readonly update_session_id: string } | { readonly library_id: string },
  caller: Caller,
) => Promise<boolean>;

export interface RevocationNeeds {
  readonly core: Pick<
    Core,
    "catalog" | "blobs" | "clock" | "live" | "time" | "journal" | "downloads" | "logins"
  >;
  readonly standings: Standings;
  readonly places: Places;
  readonly running: RunningCalls;
  readonly streams: StreamsOfCallers;
  readonly mayFollow: MayFollow;
}

/** A session that lives on a right of its creator. */
type Session = UpdateSession | DownloadSession;

/** Puts an end to what goes on under rights that were taken away. */
export class Revocation {
  readonly #needs: RevocationNeeds;

  constructor(needs: RevocationNeeds) {
    this.#needs = needs;
  }

  /** Whether the creator of a session, as he came then, still has the role that it lives on. */
  async stands(session: Session, role: Role): Promise<boolean> {
    const libraryId = await this.#needs.places.libraryOf(session.itemId);
    const { rights } = await this.#standingOf(session);
    return covers(roleOn(rights, libraryId), role);
  }

  /** When that ends by itself, because a token expires; null when it does not. */
  async endOf(session: Session): Promise<Instant | null> {
    const { isLetIn, endsAt } = await this.#standingOf(session);
    return isLetIn ? endsAt : this.#needs.core.clock.now();
  }

  /** See `Access.afterChange`. */
  async run({ accountIds }: Affected, why: string, call: Call): Promise<void> {
    const { core, standings, running, streams, mayFollow } = this.#needs;
    const accounts = new Set(accountIds);
    standings.changed();
    core.logins.readAgain(accounts);
    // What this call itself was to do is done: nobody waits for one who waits.
    running.leaveAll(call);
    await streams.endLost(accounts, mayFollow);
    const ended = await this.#endSessions(accounts, why);
    await this.#inTime("calls under way", running.over(accounts));
    // Calls that were under way may have made sessions since.
    ended.push(...(await this.#endSessions(accounts, why)));
    await this.#inTime("transfers", Promise.all(ended.map((id) => core.live.over(id))));
  }

  async endLost(accountIds: Iterable<AccountId>, why: string): Promise<void> {
    const ended = await this.#endSessions(new Set(accountIds), why);
    await this.#inTime("transfers", Promise.all(ended.map((id) => this.#needs.core.live.over(id))));
  }

  async endExpired(): Promise<void> {
    const { live, clock } = this.#needs.core;
    const now = clock.now();
    const owners = new Set<AccountId>();
    for (const { endsAt, ownerId } of live.all())
      if (endsAt !== null && endsAt <= now) owners.add(ownerId);
    await this.#endSessions(owners, "its token has expired");
  }

  async recover(): Promise<void> {
    const { updates, downloads } = await this.#needs.core.catalog.housekeeping.listActive();
    const owners = new Set([...updates, ...downloads].map(({ value }) => value.ownerId));
    await this.#endSessions(owners, "its creator lost the right to it");
  }

  #standingOf({ ownerId, tokenId }: Session): Promise<Standing> {
    return this.#needs.standings.of({
      accountId: ownerId,
      ...(tokenId === undefined ? {} : { tokenId }),
    });
  }

  async #endSessions(
    accounts: ReadonlySet<AccountId>,
    why: string,
  ): Promise<(UpdateSessionId | DownloadSessionId)[]> {
    const { catalog } = this.#needs.core;
    const ended: (UpdateSessionId | DownloadSessionId)[] = [];
    for (const ownerId of accounts) {
      for (const { value } of await catalog.listActiveSessions({ ownerId }))
        if (await this.#endUpdate(value, why)) ended.push(value.id);
      for (const { value } of await catalog.listActiveDownloads({ ownerId }))
        if (await this.#endDownload(value, why)) ended.push(value.id);
    }
    return ended;
  }

  /** Transfers are cut first, so that they stop even where the end can not be recorded. */
  async #endUpdate(session: UpdateSession, why: string): Promise<boolean> {
    const { core } = this.#needs;
    if (await this.stands(session, UPDATE_SESSION_ROLE)) return false;
    core.live.cutSession(session.id, "CANCELED", why);
    const ended = await commitDecision(core.catalog, async () => {
      const row = await core.catalog.findSessionHead(session.id);
      const canceled = row === null ? null : endWithItem(row.value, core.time.now());
      return row === null || canceled === null
        ? { changes: [], result: null }
        : { changes: [{ kind: "session.put", session: canceled, rev: row.rev }], result: canceled };
    });
    if (ended !== null) await settleEnd(core, ended, why);
    return true;
  }

  async #endDownload(session: DownloadSession, why: string): Promise<boolean> {
    const { core } = this.#needs;
    if (await this.stands(session, DOWNLOAD_SESSION_ROLE)) return false;
    core.live.cutSession(session.id, "CANCELED", why);
    const ended = await commitDecision(core.catalog, async () => {
      const row = await core.catalog.findDownload(session.id);
      const canceled = row === null ? null : endDownloadWithItem(row.value, core.time.now());
      return row === null || canceled === null
        ? { changes: [], result: null }
        : {
            changes: [{ kind: "download.put", session: canceled, rev: row.rev }],
            result: canceled,
          };
    });
    if (ended !== null) settleDownloadEnd(core, ended, why);
    return true;
  }

  /** A change of rights is done, even where something that was cut hangs: the operator hears of it. */
  async #inTime(what: string, over: Promise<unknown>): Promise<void> {
    const { clock, journal } = this.#needs.core;
    const patience = new CutSignal();
    let isOver = false;
    const waited = clock.sleep(END_WAIT_MS, patience).catch(() => undefined);
    await Promise.race([over.then(() => (isOver = true)), waited]);
    patience.cut({ kind: "shutdown" });
    if (isOver) return;
    const error = new Error(`${what} did not end within ${END_WAIT_MS} ms.`);
    journal.trouble({ where: "taking rights away", error });
  }
}
