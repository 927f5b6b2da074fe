import type { DownloadSessionId } from "../../domain/ids.ts";

/** How far clients have read the files of download sessions, from the first byte on without a gap. Lives with the process. */
export class DownloadProgress {
  readonly #bySession = new Map<DownloadSessionId, Map<number, number>>();

  /** Null where nothing was read, which of an empty file is not the same as all of it. */
  sentBytes(sessionId: DownloadSessionId, fileIndex: number): number | null {
    return this.#bySession.get(sessionId)?.get(fileIndex) ?? null;
  }

  /** Bytes `[start, end)` have been taken by the client; they count when they continue what it has. */
  noteSent(sessionId: DownloadSessionId, fileIndex: number, start: number, end: number): void {
    const files = this.#bySession.get(sessionId) ?? new Map<number, number>();
    const known = files.get(fileIndex);
    if (start > (known ?? 0) || (known !== undefined && end <= known)) return;
    files.set(fileIndex, end);
    this.#bySession.set(sessionId, files);
  }

  forget(sessionId: DownloadSessionId): void {
    this.#bySession.delete(sessionId);
  }
}
