import type { Instant } from "../../../domain/ids.ts";
import { applyChanges } from "./apply-changes.ts";
import { type Call, carryError, type Reply } from "./calls.ts";
import { doom, noteAlive, noteStored, purge, settle, unpin } from "./change-housekeeping.ts";
import type { Statements } from "./connection.ts";
import { pinDigests } from "./pins.ts";
import { isDiskFailure } from "./sqlite-errors.ts";
import type { Transaction } from "./transaction.ts";
import type { WriteAnswers, WriteKind, WriteRequest } from "./write-requests.ts";

/** Most calls that share one commit: the first of them waits for the last. */
const GROUP_CALLS_MAX = 256;

interface Performed {
  readonly value: WriteAnswers[WriteKind];
  /** False when what was written must be undone. */
  readonly keep: boolean;
}

/** What one commit took that a group of writes shared. */
export interface GroupFigures {
  readonly writes: number;
  /** From its beginning to the commit. */
  readonly writeMs: number;
  /** The commit itself, which is over when the disk has it. */
  readonly syncMs: number;
}

const kept = (value: WriteAnswers[WriteKind]): Performed => ({ value, keep: true });

const commit = (
  transaction: Transaction,
  request: Extract<WriteRequest, { kind: "commit" }>,
): Performed => {
  const reason = applyChanges(transaction, request.changes);
  return reason === null
    ? kept({ kind: "committed" })
    : { value: { kind: "clash", reason }, keep: false };
};

const perform = (transaction: Transaction, request: WriteRequest): Performed => {
  switch (request.kind) {
    case "commit":
      return commit(transaction, request);
    case "pin":
      return kept(pinDigests(transaction, request.holder, request.digests));
    case "unpin":
      unpin(transaction, request.holder);
      return kept(null);
    case "purge":
      return kept(purge(transaction, request.limits, request.rowsMax));
    case "note-stored":
      noteStored(transaction, request.digests, request.since);
      return kept(null);
    case "doom":
      return kept(doom(transaction, request.digest));
    case "settle":
      settle(transaction, request.digest);
      return kept(null);
    case "note-alive":
      noteAlive(transaction, request.aliveAt);
      return kept(null);
  }
};

/**
 * Writes groups of calls, each group in one transaction and each call in a savepoint of its own, so that what one of them
 * meets is undone without the others.
 */
export class WriteEngine {
  readonly #connection: Statements;
  #figures: GroupFigures | undefined;

  constructor(connection: Statements) {
    this.#connection = connection;
  }

  /** What the last group took; once only, and `undefined` where it was not committed. */
  takeFigures(): GroupFigures | undefined {
    const figures = this.#figures;
    this.#figures = undefined;
    return figures;
  }

  /** The replies, given only when the commits that hold the calls are done. */
  *run(calls: readonly Call<WriteRequest>[]): Generator<readonly Reply[], void, undefined> {
    for (let start = 0; start < calls.length; start += GROUP_CALLS_MAX) {
      yield this.#runGroup(calls.slice(start, start + GROUP_CALLS_MAX));
    }
  }

  /**
   * When the transaction as a whole is lost (no room, say), each call gets another try by itself, so that a small one does
   * not fail for a big one. Not so when the disk failed: that a second sync succeeds would prove nothing.
   */
  #runGroup(calls: readonly Call<WriteRequest>[]): readonly Reply[] {
    try {
      return this.#transact(calls);
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.run("ROLLBACK");
      if (calls.length > 1 && !isDiskFailure(error))
        return calls.flatMap((call) => this.#runGroup([call]));
      return calls.map(({ id }) => ({ id, error: carryError(error) }));
    }
  }

  #transact(calls: readonly Call<WriteRequest>[]): readonly Reply[] {
    const begunMs = performance.now();
    this.#connection.run("BEGIN IMMEDIATE");
    const replies = calls.map((call) => this.#runInSavepoint(call));
    const writtenMs = performance.now();
    this.#connection.run("COMMIT");
    const syncMs = performance.now() - writtenMs;
    this.#figures = { writes: calls.length, writeMs: writtenMs - begunMs, syncMs };
    return replies;
  }

  #runInSavepoint({ id, at, request }: Call<WriteRequest>): Reply {
    this.#connection.run("SAVEPOINT one_call");
    try {
      const { value, keep } = perform(this.#begun(at), request);
      if (!keep) this.#connection.run("ROLLBACK TO one_call");
      this.#connection.run("RELEASE one_call");
      return { id, value };
    } catch (error) {
      if (!this.#connection.inTransaction) throw error;
      this.#connection.run("ROLLBACK TO one_call");
      this.#connection.run("RELEASE one_call");
      return { id, error: carryError(error) };
    }
  }

  #begun(at: Instant): Transaction {
    return { connection: this.#connection, at, endedSessions: new Set() };
  }
}
