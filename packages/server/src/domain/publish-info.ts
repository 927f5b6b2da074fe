import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { PublishInfo } from "./library.ts";
import { checkPassword } from "./names.ts";

/** What a client says about publishing; absent members are left as they are, or take their default at create. */
export interface PublishInfoWish {
  readonly authenticationMethod?: "BASIC" | "NONE";
  readonly published?: boolean;
  readonly userName?: string;
  readonly password?: string;
  readonly currentPassword?: string;
  readonly persistJsonEnabled?: boolean;
}

/** What only a password hasher can tell of a wish; it is slow, so it is asked before the decision. */
export interface PublishSecrets {
  /** Encoded hash of the new password. */
  readonly passwordHash?: string;
  /** Whether the current password that was sent is the present one. */
  readonly isCurrentPasswordRight?: boolean;
}

/** The one name that subscribers log in with (contract L11). */
export const PUBLISH_USER_NAME = "vcsp";

/** A local library that was never told anything about publishing (contract L11). */
export const UNPUBLISHED: PublishInfo = {
  authenticationMethod: "NONE",
  published: false,
  persistJsonEnabled: false,
};

const invalid = (member: string, reason: string): FaultValue =>
  faultOf("library.invalid_property", `publish_info.${member}`, reason);

const missing = (member: string): FaultValue =>
  faultOf("request.missing_member", `publish_info.${member}`);

const checkWish = (wish: PublishInfoWish): FaultValue | null => {
  if (wish.userName !== undefined && wish.userName !== PUBLISH_USER_NAME)
    return invalid("user_name", `it can only be ${PUBLISH_USER_NAME}`);
  const reason = wish.password === undefined ? null : checkPassword(wish.password);
  return reason === null ? null : invalid("password", reason);
};

/** The publishing part of a new library (contract L11). A password beside NONE protects nothing and is not kept. */
export const createPublishInfo = (
  wish: PublishInfoWish,
  { passwordHash }: PublishSecrets,
): PublishInfo | FaultValue => {
  const { authenticationMethod, published, persistJsonEnabled = false } = wish;
  if (authenticationMethod === undefined) return missing("authentication_method");
  if (published === undefined) return missing("published");
  const fault = checkWish(wish);
  if (fault !== null) return fault;
  if (authenticationMethod === "NONE")
    return { authenticationMethod, published, persistJsonEnabled };
  if (passwordHash === undefined) return missing("password");
  return { authenticationMethod, published, persistJsonEnabled, passwordHash };
};

/** Whoever changes the password, or ends what it protects, must know it (contract L12). */
const checkCurrentPassword = (
  present: PublishInfo,
  next: Pick<PublishInfo, "authenticationMethod" | "published">,
  told: { readonly wish: PublishInfoWish; readonly secrets: PublishSecrets },
): FaultValue | null => {
  if (present.passwordHash === undefined) return null;
  const isAsked =
    told.wish.password !== undefined ||
    next.authenticationMethod === "NONE" ||
    (present.published && !next.published);
  if (!isAsked) return null;
  if (told.wish.currentPassword === undefined) return missing("current_password");
  return told.secrets.isCurrentPasswordRight === true
    ? null
    : invalid("current_password", "it is not the present password");
};

/** A BASIC library without a hash was kept by a version that published nothing; it may stay so until it is published. */
const checkPasswordKnown = (present: PublishInfo, next: PublishInfo): FaultValue | null =>
  next.authenticationMethod === "BASIC" &&
  next.passwordHash === undefined &&
  (next.published || present.authenticationMethod === "NONE")
    ? missing("password")
    : null;

/** The same after an update: members that are absent stay, and nothing changed gives the very same value back. */
export const updatePublishInfo = (
  kept: PublishInfo | undefined,
  wish: PublishInfoWish,
  secrets: PublishSecrets,
): PublishInfo | FaultValue | undefined => {
  const present = kept ?? UNPUBLISHED;
  const authenticationMethod = wish.authenticationMethod ?? present.authenticationMethod;
  const passwordHash =
    authenticationMethod === "NONE" ? undefined : (secrets.passwordHash ?? present.passwordHash);
  const next: PublishInfo = {
    authenticationMethod,
    published: wish.published ?? present.published,
    persistJsonEnabled: wish.persistJsonEnabled ?? present.persistJsonEnabled,
    ...(passwordHash === undefined ? {} : { passwordHash }),
  };
  const fault =
    checkWish(wish) ??
    checkCurrentPassword(present, next, { wish, secrets }) ??
    checkPasswordKnown(present, next);
  if (fault !== null) return fault;
  const same =
    next.authenticationMethod === present.authenticationMethod &&
    next.published === present.published &&
    next.persistJsonEnabled === present.persistJsonEnabled &&
    next.passwordHash === present.passwordHash;
  return same ? kept : next;
};
