import type { OperationInput } from "@contentlib/contract";
import { faultOf } from "@contentlib/contract/vocabulary";
import { parseUpdateSessionId } from "../../domain/ids.ts";
import type { EventStream, Follower, ToldEvent } from "../app.ts";
import { deniedCall } from "../audit/denied-call.ts";
import type { Caller } from "../call.ts";
import { Fault } from "../fault.ts";
import { loadLibrary } from "../library/access.ts";
import { loadSessionHead } from "../update-session/access.ts";
import { inputOf, Listener } from "./listener.ts";
import type { Scope } from "./listener.ts";
import { isFinal } from "./present-event.ts";
import type { FollowCore } from "./present-state.ts";
import { learnScope, presentState } from "./present-state.ts";

const sessionNotFound = (idText: string): Fault =>
  new Fault(faultOf("update_session.not_found", idText));

const scopeOf = async (
  core: FollowCore,
  { update_session_id, library_id }: OperationInput<"event.stream">,
  caller: Caller,
): Promise<Scope> => {
  if (update_session_id !== undefined && library_id !== undefined) {
    const sentence = "it can not be given together with update_session_id";
    throw new Fault(faultOf("request.invalid_member", "library_id", sentence));
  }
  if (update_session_id !== undefined) {
    const sessionId = parseUpdateSessionId(update_session_id);
    if (sessionId === null) throw sessionNotFound(update_session_id);
    return { kind: "session", sessionId };
  }
  if (library_id === undefined)
    throw new Fault(faultOf("request.missing_member", "update_session_id or library_id"));
  const { value } = await loadLibrary(core.catalog, library_id);
  return { kind: "library", libraryId: value.id, ownerId: caller.accountId };
};

/** What one listener is told, in its order. */
class FollowingStream implements EventStream {
  readonly #core: FollowCore;
  readonly #listener: Listener;
  #present: AsyncIterator<readonly ToldEvent[]> | null = null;
  #held: readonly ToldEvent[] = [];
  #isOver = false;
  #isGivenBack = false;

  constructor(core: FollowCore, listener: Listener) {
    this.#core = core;
    this.#listener = listener;
  }

  /** Begins with the present state; faults of its first part are thrown here. */
  async begin(isGap: boolean): Promise<void> {
    this.#present = presentState(this.#core, this.#listener, isGap);
    const first = await this.#present.next();
    if (first.done === true) this.#present = null;
    else this.#held = first.value;
  }

  async next(): Promise<readonly ToldEvent[] | null> {
    for (;;) {
      if (this.#listener.isClosed || this.#isOver) {
        this.close();
        return null;
      }
      const told = await this.#someOrEnd();
      if (told.length > 0) {
        this.#isOver = this.#endsWith(told);
        return told;
      }
    }
  }

  close(): void {
    if (this.#isGivenBack) return;
    this.#isGivenBack = true;
    this.#listener.close();
    this.#core.feed.unfollow(this.#listener);
    this.#core.feed.leave(this.#listener.caller.accountId);
  }

  /** A session that is gone when its present state is wanted again ends the stream: whoever asks anew is told why. */
  async #someOrEnd(): Promise<readonly ToldEvent[]> {
    try {
      return await this.#some();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#isOver = true;
      return [];
    }
  }

  /** What is to be told now; empty when it must be asked again. */
  async #some(): Promise<readonly ToldEvent[]> {
    const held = this.#held;
    this.#held = [];
    if (held.length > 0) return held;
    if (this.#present !== null) {
      const part = await this.#present.next();
      if (part.done !== true) return part.value;
      this.#present = null;
    }
    if (this.#listener.isLost) {
      this.#listener.startOver();
      this.#present = presentState(this.#core, this.#listener, true);
      return [];
    }
    const taken = this.#listener.take();
    if (taken.length > 0) return taken;
    if (this.#listener.isOver) this.#isOver = true;
    else await this.#listener.changed();
    return [];
  }

  #endsWith(told: readonly ToldEvent[]): boolean {
    if (this.#listener.scope.kind === "library") return false;
    return told.some(({ event }) => event !== null && isFinal(event));
  }
}

/** How it stands with a session of which a listener may have heard everything. */
const fateOf = async (core: FollowCore, idText: string): Promise<"active" | "ended" | Fault> => {
  try {
    const { value } = await loadSessionHead(core, idText);
    return value.state === "ACTIVE" ? "active" : "ended";
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
};

/** Whether there is more to come for one who goes on; a session that nobody knows is not found. */
const goesOn = async (core: FollowCore, listener: Listener): Promise<boolean> => {
  if (listener.scope.kind === "library") return true;
  const { sessionId } = listener.scope;
  const fate = await fateOf(core, sessionId);
  // A session is observed until its end is told, which is a moment after it is recorded.
  const isEndToCome = listener.awaitsFinal || core.feed.observed.find(sessionId) !== null;
  if (fate === "active" || isEndToCome) return true;
  if (fate instanceof Fault && fate.code !== "update_session.expired") throw fate;
  return false;
};

const open = async (
  core: FollowCore,
  scope: Scope,
  { caller, lastEventId }: Follower,
): Promise<{ readonly listener: Listener; readonly stream: FollowingStream | null }> => {
  const listener = new Listener(scope, caller);
  const stream = new FollowingStream(core, listener);
  const place = lastEventId === null ? null : core.feed.log.placeOf(lastEventId);
  core.feed.follow(listener, place ?? core.feed.log.place);
  try {
    if (place === null) await stream.begin(lastEventId !== null);
    else if (await goesOn(core, listener)) await learnScope(core, scope);
    else {
      stream.close();
      return { listener, stream: null };
    }
    return { listener, stream };
  } catch (error) {
    stream.close();
    throw error;
  }
};

/** Refuses a follower who may not hear of it, and tells the trail. */
const expectAllowed = async (
  { access, refusals }: Pick<FollowCore, "access" | "refusals">,
  input: ReturnType<typeof inputOf>,
  { caller, origin }: Follower,
): Promise<void> => {
  const fault = await access.judge.refusal("event.stream", input, caller);
  if (fault === null) return;
  const denied = new Fault(fault);
  refusals.denied(deniedCall("event.stream", input, { caller, ...origin }, denied.message));
  throw denied;
};

/** Begins a stream; null when the listener has heard all there is of a session that is over. */
export const openEventStream = async (
  core: FollowCore,
  input: OperationInput<"event.stream">,
  asked: Follower,
): Promise<EventStream | null> => {
  const { caller } = asked;
  const { generation } = core.access.standings;
  await core.feed.enter(caller.accountId);
  let scope: Scope;
  try {
    scope = await scopeOf(core, input, caller);
    await expectAllowed(core, inputOf(scope), asked);
  } catch (error) {
    core.feed.leave(caller.accountId);
    throw error;
  }
  const { stream } = await open(core, scope, asked);
  if (stream === null || core.access.standings.generation === generation) return stream;
  try {
    // A right that was taken away before the stream was there to be ended.
    await core.access.expect("event.stream", inputOf(scope), caller);
    return stream;
  } catch (error) {
    stream.close();
    throw error;
  }
};
