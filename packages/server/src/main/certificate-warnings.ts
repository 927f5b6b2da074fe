import type { CertificateFacts } from "../adapters/tls/certificate-facts.ts";
import type { Instant } from "../domain/ids.ts";

const DAY_MS = 24 * 3_600_000;
/** How long before its end a certificate is worth a warning. */
export const EXPIRY_WARNED_MS = 30 * DAY_MS;

/** An instant as people and programs read it, to the second. */
export const timeText = (at: Instant): string => new Date(at).toISOString().replace(".000Z", "Z");

/** What to be warned of about the time of a certificate; null where there is nothing. `remedy` is what to do. */
export const expiryWarning = (
  { validFrom, expiresAt }: CertificateFacts,
  now: Instant,
  remedy: string,
): string | null => {
  if (now < validFrom)
    return `The certificate for TLS is not valid before ${timeText(validFrom)}: clients refuse it until then. Is the clock of this machine right?`;
  if (now > expiresAt)
    return `The certificate for TLS has expired at ${timeText(expiresAt)}, and clients refuse it: ${remedy}.`;
  if (expiresAt - now > EXPIRY_WARNED_MS) return null;
  return `The certificate for TLS expires at ${timeText(expiresAt)}: ${remedy}.`;
};
