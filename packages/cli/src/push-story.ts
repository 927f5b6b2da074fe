import type { PreviewWarning, UploadEvent } from "@contentlib/client";
import { MovedBytes } from "./moved-bytes.ts";
import { formatBytes } from "./output.ts";
import type { Progress } from "./progress.ts";
import type { PushEnd } from "./push-remains.ts";

/** What has happened in a push so far, told as it happens. */
export class PushStory {
  readonly #progress: Progress;
  readonly #moved = new MovedBytes();
  #end: PushEnd | undefined;
  #hasSession = false;
  #warnings: readonly PreviewWarning[] = [];

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  /** How many bytes this push has sent. */
  get sentBytes(): number {
    return this.#moved.total;
  }

  /** How it has failed; undefined where it has not, or where it came to no session. */
  get end(): PushEnd | undefined {
    return this.#end;
  }

  /** Whether it came to a session, which stays where nobody waits for its end. */
  get hasSession(): boolean {
    return this.#hasSession;
  }

  /** Warnings that the content raised and the user accepted. */
  get warnings(): readonly PreviewWarning[] {
    return this.#warnings;
  }

  show(event: UploadEvent): void {
    const progress = this.#progress;
    switch (event.type) {
      case "file":
        return progress.begin(event.fileName);
      case "progress":
        this.#moved.note(event.fileName, event.sentBytes);
        return progress.update(event.totalSentBytes, event.totalBytes, this.#moved.total);
      case "resending":
        this.#moved.begin(event.fileName, 0);
        return progress.note(`${event.fileName}: ${event.reason} Sending it again.`);
      case "resuming":
        return this.#goOn(event);
      case "session":
        this.#hasSession = true;
        if (event.isTakenOver) progress.tell("Taking over the session that an earlier push left.");
        return progress.note(`Update session ${event.sessionId}.`);
      case "failed":
        this.#end = event;
        return event.isEnded
          ? progress.note("The push has failed; the item is as it was.")
          : undefined;
      case "warnings":
        this.#warnings = event.warnings;
        for (const { message } of event.warnings)
          progress.tell(`Accepted: ${message.default_message}`);
        return undefined;
      case "verified":
      case "completing":
      case "done":
        return undefined;
    }
  }

  #goOn({ fileName, offsetBytes, reason }: Extract<UploadEvent, { readonly type: "resuming" }>) {
    this.#moved.begin(fileName, offsetBytes);
    const there = formatBytes(offsetBytes);
    if (reason === undefined)
      return this.#progress.tell(`Going on behind ${there} of ${fileName}.`);
    return this.#progress.note(`${fileName}: ${reason} Going on behind ${there}.`);
  }
}
