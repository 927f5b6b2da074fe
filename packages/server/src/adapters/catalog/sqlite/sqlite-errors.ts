import { PortError, type PortErrorKind } from "../../../ports/port-error.ts";

/** SQLite's primary result codes that tell of the world rather than of a mistake in a statement. */
const KIND_OF_RESULT: Readonly<Record<number, PortErrorKind>> = {
  3: "denied", // PERM
  5: "unavailable", // BUSY
  6: "unavailable", // LOCKED
  7: "unavailable", // NOMEM
  8: "denied", // READONLY
  10: "unavailable", // IOERR
  11: "corrupt", // CORRUPT
  13: "full", // FULL
  14: "unavailable", // CANTOPEN
  15: "unavailable", // PROTOCOL: locks of the log could not be had
  26: "corrupt", // NOTADB
};

const PRIMARY_CODE_MASK = 0xff;
const IO_ERROR = 10;
/** Extended codes of a lock that another process holds: repeating may help. */
const LOCK_CODES: ReadonlySet<number> = new Set([5, 6, 15]);

const resultCodeOf = (error: Error): number | undefined =>
  "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & PRIMARY_CODE_MASK
    : undefined;

const isClosed = (error: Error): boolean => "code" in error && error.code === "ERR_INVALID_STATE";

/** The port's error for an error of `node:sqlite`; an error that only a mistake of ours can cause comes back as it is. */
export const portErrorOf = (error: unknown): unknown => {
  if (error instanceof PortError || !(error instanceof Error)) return error;
  if (isClosed(error))
    return new PortError("unavailable", "The catalog is closed.", { cause: error });
  const code = resultCodeOf(error);
  const kind = code === undefined ? undefined : KIND_OF_RESULT[code];
  if (code === undefined || kind === undefined) return error;
  const retry = LOCK_CODES.has(code) ? "safe" : "never";
  return new PortError(kind, `The catalog's database answered: ${error.message}.`, {
    retry,
    cause: error,
  });
};

/** True when the disk itself failed, so that writing again proves nothing. */
export const isDiskFailure = (error: unknown): boolean =>
  error instanceof PortError &&
  error.cause instanceof Error &&
  resultCodeOf(error.cause) === IO_ERROR;
