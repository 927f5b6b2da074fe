import type { AnsweredRequest, Journal, RequestJournal } from "../../ports/index.ts";
import { within } from "./closed-set.ts";
import { DELETED, END_STATES, TRANSFER_OUTCOMES } from "./counted-ends.ts";
import { loginReasonOf } from "./login-reasons.ts";
import { RequestLabeling, statusClassOf } from "./request-labels.ts";
import type { ServerFigures } from "./server-figures.ts";

type Event<Name extends keyof Journal> = Parameters<Journal[Name]>[0];

const MS_PER_SECOND = 1000;

/** A download session is usually deleted while it is ACTIVE, and never is in a state of having ended. */
const endOf = (state: string): string => (state === "ACTIVE" ? DELETED : within(END_STATES, state));

/** Counts what happens, and hands it on to the journal that writes it down. */
export class CountingJournal implements RequestJournal {
  readonly #next: RequestJournal;
  readonly #figures: ServerFigures;
  readonly #labeling = new RequestLabeling();

  constructor(next: RequestJournal, figures: ServerFigures) {
    this.#next = next;
    this.#figures = figures;
  }

  /** Each request is handled within one call of this, and answered once. */
  within<Result>(requestId: string, work: () => Result): Result {
    this.#figures.requests.began();
    return this.#next.within(requestId, work);
  }

  requestAnswered(event: AnsweredRequest): void {
    const labels = this.#labeling.labelsOf(event);
    const seconds = event.durationMs / MS_PER_SECOND;
    this.#figures.requests.answered(labels, statusClassOf(event), seconds);
    this.#next.requestAnswered(event);
  }

  requestFailed(event: { readonly route: string; readonly error: unknown }): void {
    this.#figures.failures.inc({ where: "request" });
    this.#next.requestFailed(event);
  }

  sessionEnded(event: Event<"sessionEnded">): void {
    this.#figures.sessionsEnded.inc({ state: endOf(event.state) });
    this.#next.sessionEnded(event);
  }

  contentChanged(event: Event<"contentChanged">): void {
    this.#figures.contentChanges.inc();
    this.#next.contentChanged(event);
  }

  transferEnded(event: Event<"transferEnded">): void {
    const { direction } = event;
    this.#figures.transfersEnded.inc({
      direction,
      outcome: within(TRANSFER_OUTCOMES, event.outcome),
    });
    this.#next.transferEnded(event);
  }

  loginMade(event: Event<"loginMade">): void {
    this.#figures.logins.inc({ method: event.by });
    this.#next.loginMade(event);
  }

  loginRefused(event: Event<"loginRefused">): void {
    this.#figures.loginsRefused.inc({ reason: loginReasonOf(event.why) });
    this.#next.loginRefused(event);
  }

  loginPutOff(event: Event<"loginPutOff">): void {
    this.#figures.loginsRefused.inc({ reason: loginReasonOf(event.why) });
    this.#next.loginPutOff(event);
  }

  blobsCollected(event: Event<"blobsCollected">): void {
    this.#figures.blobsCollected.inc(event.count);
    this.#next.blobsCollected(event);
  }

  partialsDropped(event: Event<"partialsDropped">): void {
    this.#next.partialsDropped(event);
  }

  trouble(event: Event<"trouble">): void {
    this.#figures.failures.inc({ where: "background" });
    this.#next.trouble(event);
  }
}
