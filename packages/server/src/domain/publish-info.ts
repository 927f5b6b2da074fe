import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { PublishInfo } from "./library.ts";

/** What a client says about publishing; absent members are left as they are, or take their default at create. */
export interface PublishInfoWish {
  readonly authenticationMethod?: "BASIC" | "NONE";
  readonly published?: boolean;
  readonly userName?: string;
  readonly password?: string;
  readonly persistJsonEnabled?: boolean;
}

const ONLY_USER_NAME = "vcsp";

const checkWish = (wish: PublishInfoWish): FaultValue | null => {
  if (wish.userName !== undefined && wish.userName !== ONLY_USER_NAME) {
    return faultOf(
      "library.invalid_property",
      "publish_info.user_name",
      `it can only be ${ONLY_USER_NAME}`,
    );
  }
  if (wish.password === "")
    return faultOf("library.invalid_property", "publish_info.password", "it is empty");
  if (wish.published === true)
    return faultOf("library.unsupported", "published libraries: send published false");
  return null;
};

/**
 * The publishing part of a new library (contract L11). It is kept, without the password, as long as the library is not to be
 * published; publishing itself is Unsupported.
 */
export const createPublishInfo = (wish: PublishInfoWish): PublishInfo | FaultValue => {
  const { authenticationMethod, published } = wish;
  if (authenticationMethod === undefined)
    return faultOf("request.missing_member", "publish_info.authentication_method");
  if (published === undefined) return faultOf("request.missing_member", "publish_info.published");
  const fault = checkWish(wish);
  if (fault !== null) return fault;
  if (authenticationMethod === "BASIC" && wish.password === undefined) {
    return faultOf("request.missing_member", "publish_info.password");
  }
  return {
    authenticationMethod,
    published,
    ...(wish.userName === undefined ? {} : { userName: wish.userName }),
    persistJsonEnabled: wish.persistJsonEnabled ?? false,
  };
};

/** The same after an update: members that are absent stay, and nothing changed gives the very same value back. */
export const updatePublishInfo = (
  present: PublishInfo | undefined,
  wish: PublishInfoWish,
): PublishInfo | FaultValue => {
  if (present === undefined) return createPublishInfo(wish);
  const fault = checkWish(wish);
  if (fault !== null) return fault;
  const next: PublishInfo = {
    ...present,
    authenticationMethod: wish.authenticationMethod ?? present.authenticationMethod,
    persistJsonEnabled: wish.persistJsonEnabled ?? present.persistJsonEnabled,
    ...(wish.userName === undefined ? {} : { userName: wish.userName }),
  };
  const same =
    next.authenticationMethod === present.authenticationMethod &&
    next.persistJsonEnabled === present.persistJsonEnabled &&
    next.userName === present.userName;
  return same ? present : next;
};
