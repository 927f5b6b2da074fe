import { InvalidArgumentError } from "commander";
import type { PreviewSigner, PreviewWarning, WarningType } from "@contentlib/client";
import { Retold } from "./failure.ts";

/** The warnings that signed content can raise. The compiler asks for all of them. */
const WARNINGS: Readonly<Record<WarningType, true>> = {
  SELF_SIGNED_CERTIFICATE: true,
  EXPIRED_CERTIFICATE: true,
  NOT_YET_VALID_CERTIFICATE: true,
  UNTRUSTED_CERTIFICATE: true,
};

/** Their names, as `--accept` takes them. */
export const WARNING_NAMES: readonly string[] = Object.keys(WARNINGS);

const isWarning = (name: string): name is WarningType => Object.hasOwn(WARNINGS, name);

/** Reads one more value of `--accept`. Throws InvalidArgumentError, which lists them all, for what is none. */
export function collectWarning(
  value: string,
  before: readonly WarningType[] = [],
): readonly WarningType[] {
  const name = value.toUpperCase();
  if (!isWarning(name))
    throw new InvalidArgumentError(`It takes one of ${WARNING_NAMES.join(", ")}.`);
  return before.includes(name) ? before : [...before, name];
}

/** A push that ended because of warnings, told with who signed and with the line that accepts them; null for any other error. */
export function unaccepted(
  error: unknown,
  lineWith: (accepted: readonly WarningType[]) => string,
): Retold | null {
  const types = warningsIn(error);
  if (types.length === 0) return null;
  const who = signerIn(error);
  const signed = who === undefined ? "" : `Signed by ${who.subject}, issued by ${who.issuer}. `;
  return new Retold(error, `${signed}If you trust that, accept it:\n  ${lineWith(types)}`);
}

/** The client tells them before the session is completed; a server that found them only then names their types. */
function warningsIn(error: unknown): readonly WarningType[] {
  if (!(error instanceof Error)) return [];
  if ("warnings" in error)
    return (error.warnings as readonly PreviewWarning[]).map(({ type }) => type);
  if (!("code" in error) || error.code !== "contentlib.preview_warnings") return [];
  const messages = "messages" in error && Array.isArray(error.messages) ? error.messages : [];
  const [first] = messages as readonly { readonly args?: readonly string[] }[];
  return (first?.args?.[0] ?? "").split(", ").filter(isWarning);
}

const signerIn = (error: unknown): PreviewSigner | undefined =>
  error instanceof Error && "signer" in error
    ? (error.signer as PreviewSigner | undefined)
    : undefined;
