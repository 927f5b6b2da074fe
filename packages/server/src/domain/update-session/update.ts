import { faultOf, isFault } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { ActiveUpdateSession, UpdateSession } from "../update-session.ts";
import { requireActive } from "./guard.ts";
import { previewOf } from "./preview.ts";
import type { PreviewWarning } from "./preview.ts";
import { parseWarningBehavior } from "./warning-behavior.ts";
import type { WarningBehaviorWish } from "./warning-behavior.ts";

/**
 * The members of a session model that an update looks at; absent and null members are left out. Those that are only compared
 * may hold anything.
 */
export interface UpdateSessionPatch {
  readonly warningBehavior?: readonly WarningBehaviorWish[];
  readonly libraryItemId?: unknown;
  readonly state?: unknown;
  readonly previewInfo?: unknown;
}

const isText = (given: unknown, text: string): boolean =>
  typeof given === "string" && given.toLowerCase() === text.toLowerCase();

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

const isSameWarnings = (given: unknown, present: readonly PreviewWarning[]): boolean => {
  if (isEmpty(given)) return present.length === 0;
  if (!Array.isArray(given) || given.length !== present.length) return false;
  return present.every(({ type }, at) => {
    const one: unknown = given[at];
    return typeof one === "object" && one !== null && "type" in one && isText(one.type, type);
  });
};

const isPresentPreview = (given: unknown, session: ActiveUpdateSession): boolean => {
  if (typeof given !== "object" || given === null || !("state" in given)) return false;
  const { state, ...others } = given;
  const preview = previewOf(session);
  if (!isText(state, preview?.state ?? "")) return false;
  // Who signed is not for a client to say; that nobody warned of something is.
  return preview?.state === "AVAILABLE"
    ? isSameWarnings("warnings" in others ? others.warnings : [], preview.warnings)
    : Object.values(others).every(isEmpty);
};

const findMovedMember = (
  session: ActiveUpdateSession,
  patch: UpdateSessionPatch,
): string | null => {
  const { libraryItemId, state, previewInfo } = patch;
  if (libraryItemId !== undefined && !isText(libraryItemId, session.itemId))
    return "library_item_id";
  if (state !== undefined && !isText(state, session.state)) return "state";
  if (previewInfo !== undefined && !isPresentPreview(previewInfo, session)) return "preview_info";
  return null;
};

/**
 * An update changes `warning_behavior` and nothing else (S19 to S21). With that member it succeeds whatever else is sent;
 * without it, a member that would move the session to another item, state or preview is refused by name, and nothing to move
 * gives the very same session back.
 */
export const updateUpdateSession = (
  session: UpdateSession,
  patch: UpdateSessionPatch,
): ActiveUpdateSession | FaultValue => {
  const active = requireActive(session, "update");
  if (isFault(active)) return active;
  if (patch.warningBehavior === undefined) {
    const moved = findMovedMember(active, patch);
    return moved === null ? active : faultOf("update_session.not_updatable", moved);
  }
  const warningBehavior = parseWarningBehavior(patch.warningBehavior);
  return isFault(warningBehavior) ? warningBehavior : { ...active, warningBehavior };
};
