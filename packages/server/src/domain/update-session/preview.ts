import type { Message } from "@contentlib/contract/vocabulary";
import type { PackagePreview, SignerFacts, WarningType } from "../package.ts";
import type { UpdateSession } from "../update-session.ts";

/** A warning, and whether the client said to pass over it. */
export interface PreviewWarning {
  readonly type: WarningType;
  readonly message: Message;
  readonly ignored: boolean;
}

/** What a session shows of its content before it is completed. */
export type PreviewInfo =
  | Exclude<PackagePreview, { readonly state: "AVAILABLE" }>
  | {
      readonly state: "AVAILABLE";
      readonly warnings: readonly PreviewWarning[];
      readonly signer?: SignerFacts;
      readonly chain?: readonly string[];
    };

/** Whether a session says to pass over warnings of that type; one that it does not mention counts. (S96) */
export const isIgnored = (
  { warningBehavior }: Pick<UpdateSession, "warningBehavior">,
  type: WarningType,
): boolean => warningBehavior?.some((each) => each.type === type && each.ignored) ?? false;

/**
 * The preview of a session, there only while it is ACTIVE. Where files mean nothing to the server there is never anything to
 * preview; it says so at once, because clients wait until the state is AVAILABLE or NOT_APPLICABLE. (S18)
 */
export const previewOf = (session: UpdateSession): PreviewInfo | null => {
  if (session.state !== "ACTIVE") return null;
  const preview = session.package?.preview ?? { state: "NOT_APPLICABLE" };
  if (preview.state !== "AVAILABLE") return preview;
  const warnings = preview.warnings.map((warning) => ({
    ...warning,
    ignored: isIgnored(session, warning.type),
  }));
  return { ...preview, warnings };
};
