import type { RemoteCertificate, RemoteProbe } from "@contentlib/client";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import type { ExitCode } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { formatBytes, oneLine, tableLines } from "../output.ts";

/** Options of `contentlib probe`. */
export interface ProbeOptions {
  readonly thumbprint?: string;
  readonly pinKey?: string;
  readonly pinCa?: string;
  /** Name of a secret of the server. */
  readonly secret?: string;
}

const EXIT_CODE_OF_STATUS: Readonly<Record<RemoteProbe["status"], ExitCode>> = {
  SUCCESS: EXIT_CODES.ok,
  INVALID_URL: EXIT_CODES.usage,
  RESOURCE_NOT_FOUND: EXIT_CODES.notFound,
  INVALID_CREDENTIALS: EXIT_CODES.refused,
  CERTIFICATE_ERROR: EXIT_CODES.refused,
  UNKNOWN_ERROR: EXIT_CODES.refused,
  HOST_NOT_FOUND: EXIT_CODES.connection,
  TIMED_OUT: EXIT_CODES.connection,
};

/** `contentlib probe URL`: whether the server can fetch from there, and the certificate of who answers. */
export async function probe(
  { connect, output, signal }: CommandContext,
  url: string,
  { thumbprint, pinKey, pinCa, secret }: ProbeOptions,
): Promise<void> {
  const client = await connect();
  const wish = {
    uri: url,
    ...(thumbprint === undefined ? {} : { thumbprint }),
    ...(pinKey === undefined ? {} : { key_pin: pinKey }),
    ...(pinCa === undefined ? {} : { ca_pin: pinCa }),
    ...(secret === undefined ? {} : { secret }),
  };
  const seen = await client.probe.get(wish, { signal }).catch((error: unknown) => {
    throw isMalformed(error) ? new Failure(EXIT_CODES.usage, error.message) : error;
  });
  output.result(seen, [...factLines(seen), ...pinLines(seen)]);
  const exitCode = exitCodeOf(seen);
  if (exitCode === EXIT_CODES.ok) return;
  const reasons = seen.error_messages.map(sentenceOf).join(" ");
  throw new Failure(exitCode, reasons === "" ? seen.status : reasons, hintOf(seen));
}

/** What the server can not read is an option of this command line. */
const isMalformed = (error: unknown): error is Error =>
  error instanceof Error && "class" in error && error.class === "invalid_argument";

/** The API has no status of its own for a connection that was not made; the server says it in the sentence. */
const hasNoConnection = ({ status, error_messages: messages }: RemoteProbe): boolean =>
  status === "UNKNOWN_ERROR" &&
  messages.some(({ args }) => args[0]?.startsWith("No connection to ") === true);

const exitCodeOf = (seen: RemoteProbe): ExitCode =>
  hasNoConnection(seen)
    ? EXIT_CODES.connection
    : (EXIT_CODE_OF_STATUS[seen.status] ?? EXIT_CODES.refused);

/** Texts of the API itself end without a full stop. */
const sentenceOf = ({ default_message: text }: RemoteProbe["error_messages"][number]): string =>
  /[.!?]$/.test(text) ? text : `${text}.`;

function factLines(seen: RemoteProbe): readonly string[] {
  const [leaf] = seen.certificates;
  const { redirected_to: redirectedTo, size } = seen;
  return tableLines([
    ["address", oneLine(seen.uri)],
    ...(redirectedTo === undefined ? [] : [["leads to", oneLine(redirectedTo)]]),
    ...(size === undefined ? [] : [["size", `${formatBytes(size)} (${size} bytes)`]]),
    ...(seen.status === "SUCCESS"
      ? [["if it breaks", seen.resumable ? "goes on where it broke" : "begins anew"]]
      : []),
    ...(leaf === undefined ? [] : certificateRows(seen, leaf)),
  ]);
}

const certificateRows = (
  { certificates, certificate_problem: problem }: RemoteProbe,
  leaf: RemoteCertificate,
): readonly (readonly string[])[] => [
  ["subject", oneLine(leaf.subject)],
  ["issuer", oneLine(leaf.issuer)],
  ["names", oneLine(leaf.names.join(", ")) || "-"],
  ["valid", `${day(leaf.valid_from)} to ${day(leaf.expires_at)}`],
  ["SHA-1", oneLine(leaf.sha1)],
  ["SHA-256", oneLine(leaf.sha256)],
  ["key", oneLine(leaf.key_pin)],
  ...certificates
    .slice(1)
    .map((one) => ["signed by", `${oneLine(one.subject)}, key ${oneLine(one.key_pin)}`]),
  ["trusted", problem === undefined ? "yes" : `no: its certificate ${oneLine(problem)}`],
];

const day = (time: string): string => oneLine(time.slice(0, 10));

/** Nothing but a print is put into a line that people paste into a shell. */
const PIN_FLAG = /^--pin-key sha256\/\/[A-Za-z0-9+/]{43}=$/;

const pinFlagOf = ({ pin_flag: flag }: RemoteProbe): string | undefined =>
  flag !== undefined && PIN_FLAG.test(flag) ? flag : undefined;

/** A certificate that is trusted needs no pin, and one that is pinned has it. */
function pinLines(seen: RemoteProbe): readonly string[] {
  const flag = pinFlagOf(seen);
  if (flag === undefined || seen.status !== "SUCCESS") return [];
  if (seen.certificate_problem === undefined) return [];
  return ["", `It is taken for what was given. To pin its key: ${flag}`];
}

function hintOf(seen: RemoteProbe): string | undefined {
  const flag = pinFlagOf(seen);
  if (seen.status !== "CERTIFICATE_ERROR" || flag === undefined) return undefined;
  return `Compare the SHA-256 or the key with what its owner says; if it is right, add: ${flag}`;
}
