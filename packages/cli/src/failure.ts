import { EXIT_CODES, EXIT_CODE_OF_CLASS } from "./exit-codes.ts";
import type { ExitCode } from "./exit-codes.ts";

/** An error of the command itself: what is wrong, and in `hint` what to do. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;

  constructor(exitCode: ExitCode, message: string, hint?: string) {
    super(message);
    this.exitCode = exitCode;
    this.hint = hint;
  }
}

/** An error of somebody else that is told with a hint, or in words, of the command's own. */
export class Retold extends Error {
  override readonly name = "Retold";
  override readonly cause: unknown;
  readonly hint: string | undefined;

  /** Without a message it has the words of its cause, and without a hint its hint. */
  constructor(cause: unknown, hint: string | undefined, message = "") {
    super(message);
    this.cause = cause;
    this.hint = hint;
  }
}

/** Whether a server said that nobody is logged in, or did not let somebody in. */
export const isUnauthenticated = (error: unknown): boolean =>
  isLibraryError(error) && error.class === "unauthenticated";

/** An error as it is told, on the terminal or as JSON. */
export interface FailureReport {
  readonly exitCode: ExitCode;
  readonly message: string;
  readonly hint?: string;
  /** The API's error class and message id, when the server refused. */
  readonly class?: string;
  readonly code?: string;
  /** The file that an upload failed for. */
  readonly fileName?: string;
  /** Warnings of signed content that ended a push, and who signed. */
  readonly warnings?: readonly { readonly type: string; readonly message: string }[];
  readonly signer?: { readonly subject: string; readonly issuer: string };
  readonly requestId?: string;
}

/** The parts of the client's errors that matter here; read by shape, so that a start without the client stays quick. */
interface ClientErrorShape {
  readonly kind: string;
  readonly message: string;
  readonly requestId: string | undefined;
  /** The file that an upload failed for. */
  readonly fileName?: string | undefined;
  /** Why a push failed. */
  readonly code?: string;
  /** What a gateway answered in the place of the server. */
  readonly status?: number;
  /** Address of a server whose certificate is not trusted. */
  readonly untrustedOrigin?: string | undefined;
}

interface LibraryErrorShape extends ClientErrorShape {
  /** Only of a push that ended because of them. */
  readonly warnings?: readonly {
    readonly type: string;
    readonly message: { readonly default_message: string };
  }[];
  readonly signer?: { readonly subject: string; readonly issuer: string } | undefined;
  readonly class: keyof typeof EXIT_CODE_OF_CLASS;
  readonly code: string;
  readonly messages: readonly { readonly args: readonly string[] }[];
}

/** Every command can be run again: what it has done already stays done. */
const INTERRUPTED: FailureReport = {
  exitCode: EXIT_CODES.interrupted,
  message: "Interrupted.",
  hint: "Go on: run the same line again",
};

/** What to tell of an error, whatever it is. */
export function reportOf(error: unknown, isInterrupted: boolean): FailureReport {
  const isTold = error instanceof Failure && error.exitCode === EXIT_CODES.interrupted;
  if (isInterrupted && !isTold) return INTERRUPTED;
  if (error instanceof Failure) {
    const { exitCode, message, hint } = error;
    return { exitCode, message, ...(hint === undefined ? {} : { hint }) };
  }
  if (error instanceof Retold) {
    const report = reportOf(error.cause, false);
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return { ...report, message: error.message || report.message, ...hint };
  }
  if (isLibraryError(error)) return reportOfRefusal(error);
  if (isClientError(error)) return reportOfClientError(error);
  return reportOfOther(error);
}

function reportOfRefusal(error: LibraryErrorShape): FailureReport {
  const hint = hintOfRefusal(error);
  return {
    exitCode: EXIT_CODE_OF_CLASS[error.class] ?? EXIT_CODES.error,
    message: messageOf(error),
    ...(hint === undefined ? {} : { hint }),
    class: error.class,
    code: error.code,
    ...warningsOf(error),
    ...detailsOf(error),
  };
}

function warningsOf({
  warnings,
  signer,
}: LibraryErrorShape): Pick<FailureReport, "signer" | "warnings"> {
  if (warnings === undefined) return {};
  const told = warnings.map(({ type, message }) => ({ type, message: message.default_message }));
  if (signer === undefined) return { warnings: told };
  return { warnings: told, signer: { subject: signer.subject, issuer: signer.issuer } };
}

/** Nothing but an id is put into a command that people paste into a shell. */
const SESSION_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function hintOfRefusal(error: LibraryErrorShape): string | undefined {
  if (error.class === "unauthenticated") return "Log in again: contentlib login";
  if (error.class !== "resource_busy") return undefined;
  const sessionId = error.messages[0]?.args.find((arg, index) => index > 0 && SESSION_ID.test(arg));
  if (sessionId === undefined) return "See whose it is: contentlib session ls";
  return `See it: contentlib session show ${sessionId}; end it: contentlib session cancel ${sessionId}`;
}

function reportOfClientError(error: ClientErrorShape): FailureReport {
  if (error.untrustedOrigin !== undefined) {
    const hint = `Look at its certificate, and decide: contentlib login ${error.untrustedOrigin}; a script names the key or the certificate in CONTENTLIB_PIN${authorityHint(error)}`;
    return { exitCode: EXIT_CODES.refused, message: error.message, hint };
  }
  const isConnection = error.kind === "connection" || error.kind === "timeout";
  const exitCode = isConnection
    ? EXIT_CODES.connection
    : isInvalid(error)
      ? EXIT_CODES.usage
      : EXIT_CODES.error;
  const hint = isConnection ? { hint: hintOfConnection(error) } : {};
  return { exitCode, message: messageOf(error), ...hint, ...detailsOf(error) };
}

const hintOfConnection = ({ status }: ClientErrorShape): string =>
  status === undefined
    ? "Is the server running? Start one: contentlib serve"
    : "Is the server behind the gateway running, and does the gateway wait long enough for it?";

/** Whether the client refused what it was given before anything was sent. */
const isInvalid = ({ kind, code }: ClientErrorShape): boolean =>
  kind === "push" && code === "invalid";

/** The words of an error, with the file that they are about. */
const messageOf = ({ message, fileName }: ClientErrorShape): string =>
  fileName === undefined || message.includes(fileName) ? message : `${fileName}: ${message}`;

/** Codes of a certificate that is right but for who signed it. */
const UNKNOWN_ISSUER: ReadonlySet<string> = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** Whether a certificate is refused because this machine does not know who issued it. */
export const isIssuerUnknown = (code: string): boolean => UNKNOWN_ISSUER.has(code);

/** What to do where an authority of one's own signed the certificate; it follows another hint. */
export const AUTHORITY_HINT =
  "; if an authority of yours signed it, name that: NODE_EXTRA_CA_CERTS=authority.pem";

function authorityHint(error: unknown): string {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause)
    if ("code" in inner && isIssuerUnknown(String(inner.code))) return AUTHORITY_HINT;
  return "";
}

/** Errors of the file system and of bad options: their own words, or ours where theirs are for programmers. */
function reportOfOther(error: unknown): FailureReport {
  if (!(error instanceof Error)) return { exitCode: EXIT_CODES.error, message: String(error) };
  if (error.name === "MissingFileError")
    return { exitCode: EXIT_CODES.notFound, message: error.message };
  if (error.name === "FileExistsError") {
    return {
      exitCode: EXIT_CODES.refused,
      message: error.message,
      hint: "Replace it: add --force",
    };
  }
  const code = "code" in error ? error.code : undefined;
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  const words = typeof code === "string" ? FILE_ERRORS[code] : undefined;
  if (words === undefined || path === undefined)
    return { exitCode: EXIT_CODES.error, message: error.message };
  return {
    exitCode: code === "ENOENT" ? EXIT_CODES.notFound : EXIT_CODES.error,
    message: `${path}: ${words}.`,
  };
}

const FILE_ERRORS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EEXIST: "exists already, and is no directory",
  EISDIR: "is a directory",
  ENOENT: "no such file or directory",
  ENOSPC: "no space is left on the disk",
  ENOTDIR: "is no directory",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
};

const detailsOf = ({
  requestId,
  fileName,
}: ClientErrorShape): Pick<FailureReport, "fileName" | "requestId"> => ({
  ...(fileName === undefined ? {} : { fileName }),
  ...(requestId === undefined ? {} : { requestId }),
});

const isClientError = (error: unknown): error is ClientErrorShape =>
  error instanceof Error && "kind" in error && typeof error.kind === "string";

const isLibraryError = (error: unknown): error is LibraryErrorShape =>
  isClientError(error) && error.kind === "library";
