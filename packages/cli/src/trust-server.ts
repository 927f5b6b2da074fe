import type { CertificatePin } from "@contentlib/client/node";
import type { CommandContext } from "./command-context.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { AUTHORITY_HINT, Failure } from "./failure.ts";
import { shellWord } from "./output.ts";
import { ask } from "./prompt.ts";
import { readPin } from "./read-pin.ts";
import { certificateLines, lookAtCertificate } from "./seen-certificate.ts";
import type { SeenCertificate } from "./seen-certificate.ts";

/** What is known of a server before it is looked at. */
export interface KnownServer {
  readonly url: string;
  /** The pin that its profile holds. */
  readonly pin?: string | undefined;
  /** What the user says its certificate is, and where they said it. */
  readonly named?: { readonly print: string; readonly by: string } | undefined;
}

/**
 * Judges the certificate of a server before anything is sent to it, and asks on the terminal where that is for a person to
 * decide. Answers the pin to keep, or undefined where the certificate is to be checked as usual. Throws Failure for a
 * server that is not to be trusted.
 */
export async function trustServer(
  context: CommandContext,
  server: KnownServer,
): Promise<string | undefined> {
  const named = await readNamed(server);
  if (URL.parse(server.url)?.protocol !== "https:") return undefined;
  const seen = await lookAtCertificate(server.url, context.signal);
  if (named !== undefined) {
    await compareNamed(server, named, seen);
    const isOther = server.pin !== undefined && server.pin !== seen.keyPrint;
    if (isOther) changedLines(server, seen).forEach((line) => context.output.note(line));
    return seen.keyPrint;
  }
  if (server.pin !== undefined && (await isPinnedBy(server.pin, server, seen))) return server.pin;
  const isChanged = server.pin !== undefined;
  if (!isChanged && seen.problems.length === 0) return undefined;
  const lines = isChanged ? changedLines(server, seen) : unknownLines(server, seen);
  await askWhether(context, server, seen, lines);
  return seen.problems.length === 0 ? undefined : seen.keyPrint;
}

async function isPinnedBy(
  pin: string,
  { url }: KnownServer,
  { certificate }: SeenCertificate,
): Promise<boolean> {
  const { isPinned } = await import("@contentlib/client/node");
  return isPinned(certificate, await readPin(pin, `The profile of ${url}`));
}

async function readNamed({ url, named }: KnownServer): Promise<CertificatePin | undefined> {
  if (named === undefined) return undefined;
  if (URL.parse(url)?.protocol === "https:") return await readPin(named.print, named.by);
  throw new Failure(
    EXIT_CODES.usage,
    `${named.by} names the certificate of a server, and ${url} is not encrypted.`,
    "Use an https address",
  );
}

async function compareNamed(
  { url, named }: KnownServer,
  pin: CertificatePin,
  { certificate }: SeenCertificate,
): Promise<void> {
  const { isPinned, pinText, printLike } = await import("@contentlib/client/node");
  if (isPinned(certificate, pin)) return;
  const what = pin.kind === "key" ? "its key" : "its SHA-256";
  throw new Failure(
    EXIT_CODES.refused,
    `The certificate of ${url} is not the one that ${named?.by} names. Nothing was sent.\n` +
      `  ${what.padEnd(11)}  ${printLike(certificate, pin)}\n` +
      `  you named    ${pinText(pin)}`,
    "Ask whoever runs the server which one is right before you go on",
  );
}

const unknownLines = ({ url }: KnownServer, seen: SeenCertificate): readonly string[] => [
  `${url} is not trusted: ${sentenceOf(seen.problems)}.`,
  ...certificateLines(seen),
  "Compare the SHA-256 or the key with what the server prints when it starts, or `contentlib tls show` beside it.",
];

/** "its certificate is this and is that". */
const sentenceOf = (problems: readonly string[]): string =>
  problems
    .map((problem, index) => (index === 0 ? problem : problem.replace(/^its certificate /, "")))
    .join(" and ");

const changedLines = ({ url, pin }: KnownServer, seen: SeenCertificate): readonly string[] => [
  `WARNING: ${url} shows another key than the one that is pinned for it.`,
  `  pinned  ${pin ?? "-"}`,
  `  shown   ${seen.keyPrint}`,
  "Either the server was given a new key, or somebody stands between you and it and would get your password.",
  "Ask whoever runs the server before you go on. What is shown now:",
  ...certificateLines(seen),
];

async function askWhether(
  { output, streams, signal }: CommandContext,
  { url }: KnownServer,
  { certificate, keyPrint, isIssuerUnknown }: SeenCertificate,
  lines: readonly string[],
): Promise<void> {
  if (output.isJson || !streams.stdin.isTTY) {
    throw new Failure(
      EXIT_CODES.refused,
      [...lines, "Nothing was sent."].join("\n"),
      `If it is the right one, set CONTENTLIB_PIN=${keyPrint}${isIssuerUnknown ? AUTHORITY_HINT : ""}, or: contentlib login ${shellWord(url)} --fingerprint ${certificate.fingerprint256}`,
    );
  }
  lines.forEach((line) => output.note(line));
  const question = `Trust this certificate for ${new URL(url).origin}? [y/N] `;
  const answer = await ask(streams, question, { isHidden: false, signal });
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new Failure(EXIT_CODES.refused, `${url} is not trusted. Nothing was sent.`);
}
