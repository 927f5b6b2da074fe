import type { OperationId } from "@contentlib/contract";
import { OPERATION_RIGHTS, SAFE_OPERATIONS } from "@contentlib/contract/vocabulary";
import { covers, roleOn, visibleLibraries } from "../../domain/access/rights.ts";
import type { Catalog } from "../../ports/index.ts";
import { callDeed } from "../audit/deeds.ts";
import { deniedCall, isDenial } from "../audit/denied-call.ts";
import { type Call, type Handlers, LongList } from "../call.ts";
import type { Core, HandlerMakers } from "../core.ts";
import { Fault } from "../fault.ts";
import type { Asker } from "./judge.ts";
import type { Parameters } from "./parameters.ts";
import { replayingCatalog } from "./replays.ts";
import type { RunningCalls } from "./running-calls.ts";
import { hidingCatalog, seenCatalog } from "./visible-catalog.ts";
import { watchedPages } from "./watched-pages.ts";

/** Handlers under one signature: each gets the input that was made for it. */
type AnyHandler = (input: Parameters, call: Call) => Promise<unknown>;
type GuardedId = keyof Handlers;

/** What the guard stands before. */
export interface Guarded {
  readonly core: Core;
  readonly running: RunningCalls;
  readonly makers: HandlerMakers;
}

/** Operations that make a session: one that was made while its right was taken away must not outlive the call. */
const SESSION_MAKERS: ReadonlySet<OperationId> = new Set<OperationId>([
  "updateSession.create",
  "downloadSession.create",
]);

/** Lists of the caller's own sessions, which for a token are not all that its account has. */
const OWN_SESSION_LISTS: ReadonlySet<OperationId> = new Set<OperationId>([
  "updateSession.list",
  "downloadSession.list",
]);

/** An operation over the ports, under the signature that all share. */
const made = ({ makers }: Guarded, id: GuardedId, core: Core): AnyHandler =>
  makers[id](core) as AnyHandler;

/** Whether the operation looks at more than the objects that the call names. */
const looksAround = (id: OperationId): boolean => {
  const { on } = OPERATION_RIGHTS[id];
  return on.kind === "anything" || ("whenAbsent" in on && on.whenAbsent === "anything");
};

/** Whether what the operation looks around at is less than everything. */
const isCutDown = (id: OperationId, { caller, standing }: Asker): boolean =>
  looksAround(id) &&
  (visibleLibraries(standing.rights) !== null ||
    (caller.tokenId !== undefined && OWN_SESSION_LISTS.has(id)));

/** Whether the call may answer what an earlier one made. Administrators of everything could make all of it again. */
const mayReplay = (input: Parameters, { standing }: Asker): boolean =>
  typeof input["client_token"] === "string" &&
  !covers(roleOn(standing.rights, null), "administrator");

/** One operation over everything, and over what somebody sees. */
class Views {
  readonly #id: GuardedId;
  readonly #guarded: Guarded;
  readonly #whole: AnyHandler;

  constructor(id: GuardedId, guarded: Guarded) {
    this.#id = id;
    this.#guarded = guarded;
    this.#whole = made(guarded, id, guarded.core);
  }

  /** Where the call names what is hidden, the operation itself says that there is no such object, as it does of one that never was. */
  for(input: Parameters, asker: Asker, isHidden: boolean): AnyHandler {
    const { core } = this.#guarded;
    const catalog = this.#catalogFor(input, asker, isHidden);
    return catalog === core.catalog
      ? this.#whole
      : made(this.#guarded, this.#id, { ...core, catalog });
  }

  #catalogFor(input: Parameters, asker: Asker, isHidden: boolean): Catalog {
    const id = this.#id;
    const { catalog, access } = this.#guarded.core;
    if (isHidden || isCutDown(id, asker)) {
      const viewer = { ...asker.caller, rights: asker.standing.rights };
      const seen = seenCatalog(catalog, access.places, viewer);
      return looksAround(id) ? seen : hidingCatalog(seen, access.places, viewer);
    }
    return mayReplay(input, asker)
      ? replayingCatalog(catalog, access.judge, { operation: id, asker })
      : catalog;
  }
}

/** One operation behind the guard. */
class GuardedOperation {
  readonly #id: GuardedId;
  readonly #guarded: Guarded;
  readonly #views: Views;

  constructor(id: GuardedId, guarded: Guarded) {
    this.#id = id;
    this.#guarded = guarded;
    this.#views = new Views(id, guarded);
  }

  /** What changes anything is a deed of the caller's, whatever comes of it. */
  handle(input: Parameters, call: Call): Promise<unknown> {
    if (SAFE_OPERATIONS.has(this.#id)) return this.#run(input, call);
    const { deeds } = this.#guarded.core;
    return deeds.within(callDeed(this.#id, call), () => this.#run(input, call));
  }

  async #run(input: Parameters, call: Call): Promise<unknown> {
    const { running, core } = this.#guarded;
    const { generation } = core.access.standings;
    const run = running.enter(call);
    try {
      return await this.#judged(input, call);
    } catch (error) {
      if (isDenial(error)) this.#tellDenied(input, call, error.message);
      // A call whose right was taken away while it ran failed for that, whatever it ran into.
      if (core.access.standings.generation !== generation && error instanceof Fault)
        await core.access.expect(this.#id, input, call.caller);
      throw error;
    } finally {
      running.leave(run);
    }
  }

  async #judged(input: Parameters, call: Call): Promise<unknown> {
    const { access } = this.#guarded.core;
    const { generation } = access.standings;
    // What is in memory is not waited for: each wait makes way for whatever else is ready, and most calls need none.
    const stood = access.standingOf(call.caller);
    const standing = stood instanceof Promise ? await stood : stood;
    const asker = { caller: call.caller, standing };
    const judged = access.judge.verdict(this.#id, input, asker);
    const verdict = judged instanceof Promise ? await judged : judged;
    if (verdict.kind === "refused") throw new Fault(verdict.fault);
    if (verdict.kind === "hidden")
      this.#tellDenied(input, call, "the caller may not know that it is there");
    const handler = this.#views.for(input, asker, verdict.kind === "hidden");
    const output = await handler(input, call);
    if (SESSION_MAKERS.has(this.#id) && access.standings.generation !== generation)
      await this.#keepOrTakeBack(input, call);
    if (!(output instanceof LongList)) return output;
    const list = { operation: this.#id, input, call, rights: standing.rights, generation };
    return new LongList(watchedPages(access, (output as LongList<unknown>).pages, list));
  }

  #tellDenied(input: Parameters, call: Call, reason: string): void {
    this.#guarded.core.refusals.denied(deniedCall(this.#id, input, call, reason));
  }

  /** A session that was made while rights changed is judged again, with all others of its creator. */
  async #keepOrTakeBack(input: Parameters, call: Call): Promise<void> {
    const { access } = this.#guarded.core;
    await access.endLost([call.caller.accountId], "its creator lost the right to it");
    await access.expect(this.#id, input, call.caller);
  }
}

/** All operations behind the guard: none is done before the caller's right to it was found. */
export const guardAll = (guarded: Guarded): Handlers => {
  const ids = Object.keys(guarded.makers) as GuardedId[];
  const behind = ids.map((id) => {
    const operation = new GuardedOperation(id, guarded);
    return [id, (input: Parameters, call: Call) => operation.handle(input, call)] as const;
  });
  return Object.fromEntries(behind) as unknown as Handlers;
};
