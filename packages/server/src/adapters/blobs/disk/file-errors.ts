import { PortError, type PortErrorKind } from "../../../ports/port-error.ts";

const KINDS: Readonly<Record<string, PortErrorKind>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EFBIG: "full",
  ENOENT: "absent",
  EEXIST: "exists",
  EACCES: "denied",
  EPERM: "denied",
  EROFS: "denied",
};

/** The system's name for an error, such as `ENOENT`; undefined for other errors. */
export const errorCodeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

/**
 * Translates an error of the file system. What is not understood is `unavailable`: that a thing is absent is said only where
 * the system said so. A failed call that changes nothing when repeated is marked so by the caller.
 */
export const portErrorOf = (
  error: unknown,
  sentence: string,
  retry: "never" | "safe" = "never",
): PortError => {
  if (error instanceof PortError) return error;
  const code = errorCodeOf(error);
  const kind = KINDS[code ?? ""] ?? "unavailable";
  const detail = code === undefined ? "" : ` (${code})`;
  return new PortError(kind, `${sentence}${detail}`, {
    retry: kind === "unavailable" ? retry : "never",
    cause: error,
  });
};

/** Runs `call` and gives null where the file is not there. */
export const orNullIfAbsent = async <Result>(call: Promise<Result>): Promise<Result | null> => {
  try {
    return await call;
  } catch (error) {
    if (errorCodeOf(error) === "ENOENT") return null;
    throw error;
  }
};
