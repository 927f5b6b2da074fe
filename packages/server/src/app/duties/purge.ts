import type { Core } from "../core.ts";
import { dropOldKept } from "../kept-partials/drop-kept.ts";

/** How long a client token is remembered at least (contract U7). */
const CLIENT_TOKEN_MS = 24 * 60 * 60 * 1000;

/**
 * Removes what has been kept long enough: ended sessions, dead logins, client tokens whose object is gone (S28), the old end of
 * the audit trail, the content versions beyond those that are kept of each item, and bytes that nobody went on with (S86).
 */
export const purge = async (
  core: Pick<Core, "catalog" | "blobs" | "clock" | "journal" | "settings">,
): Promise<void> => {
  const now = core.clock.now();
  await core.catalog.housekeeping.purge({
    revisionsKept: core.settings.revisionsKept,
    endedBefore: now - core.settings.sessionRetentionMs,
    // A login may live on bytes that move for its account, which its own row does not tell: only age removes it.
    loginsIdleSince: now - core.settings.loginAbsoluteMs,
    loginsCreatedBefore: now - core.settings.loginAbsoluteMs,
    tokensBefore: now - CLIENT_TOKEN_MS,
    auditBefore: now - core.settings.auditKeptMs,
  });
  await dropOldKept(core);
};
