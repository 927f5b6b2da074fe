import type { UpdateSession } from "../update-session.ts";

/** What a session shows of its content before it is completed. */
export interface PreviewInfo {
  readonly state: "NOT_APPLICABLE";
}

/**
 * The preview of a session, there only while it is ACTIVE. The server reads no descriptors, so there is never anything to
 * preview; it says so at once, because clients wait until the state is AVAILABLE or NOT_APPLICABLE. (S18)
 */
export const previewOf = (session: UpdateSession): PreviewInfo | null =>
  session.state === "ACTIVE" ? { state: "NOT_APPLICABLE" } : null;
