import type { EntryId, UpdateSessionId } from "../../domain/ids.ts";
import type { UploadEntry } from "../../domain/partial-upload.ts";
import type { Core } from "../core.ts";
import { pullLimits } from "./pull-limits.ts";
import { PullJob } from "./pull-job.ts";
import { PullPlaces } from "./pull-places.ts";

interface Running extends UploadEntry {
  readonly job: PullJob;
  readonly over: Promise<void>;
}

/** The files that the server pulls by itself. They live in the catalog, and this is only who works on them: a restart begins again. (S99) */
export class Pulls {
  readonly #core: () => Core;
  readonly #places: PullPlaces;
  readonly #running = new Map<EntryId, Running>();
  #isStopping = false;

  constructor(core: () => Core) {
    this.#core = core;
    this.#places = new PullPlaces(() => pullLimits(core()));
  }

  /** Begins to pull a file that the catalog has by now. What is begun already goes on. */
  begin(entry: UploadEntry): void {
    const { sessionId, entryId } = entry;
    if (this.#isStopping || this.#running.has(entryId)) return;
    const job = new PullJob({
      core: this.#core(),
      entry: { sessionId, entryId },
      places: this.#places,
      isStopping: () => this.#isStopping,
    });
    const over = job.run().finally(() => this.#running.delete(entryId));
    this.#running.set(entryId, { sessionId, entryId, job, over });
  }

  /** Whether something is pulled for the session, or waits for its turn: all that has come is dealt with once nothing is. (S112) */
  isBringing(sessionId: UpdateSessionId): boolean {
    return this.#running.values().some((each) => each.sessionId === sessionId && !each.job.isOver);
  }

  /** Lets those begin that wait for their turn, where the limits are higher now. */
  async limitsChanged(): Promise<void> {
    await this.#places.limitsChanged();
  }

  /** Begins nothing any more; resolves once what runs is over, which whoever stops the server cuts. */
  async drain(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#running.values().map(({ over }) => over));
  }
}
