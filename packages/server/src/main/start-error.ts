/** Why the server did not start, in one line that says what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** The system's code of an error, such as `EADDRINUSE`. */
export const systemCodeOf = (error: unknown): string | null =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
