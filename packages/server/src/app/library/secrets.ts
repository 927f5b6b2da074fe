import { faultOf } from "@contentlib/contract/vocabulary";
import type { LibraryId } from "../../domain/ids.ts";
import type { Library } from "../../domain/library.ts";
import { checkPassword } from "../../domain/names.ts";
import type { LibrarySecrets } from "../../domain/plan-library.ts";
import type { PublishInfoWish } from "../../domain/publish-info.ts";
import type { SubscriptionInfoWish } from "../../domain/subscription-info.ts";
import { PortError } from "../../ports/index.ts";
import type { Call } from "../call.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { given } from "../given.ts";

/** The wishes that passwords come with. */
interface WishWithPasswords {
  readonly publishInfo?: PublishInfoWish;
  readonly subscriptionInfo?: SubscriptionInfoWish;
}

type SecretsCore = Pick<Core, "hasher" | "seal">;

/** Seconds to wait for a caller who met too many others. */
const BUSY_RETRY_SECONDS = 1;

/** A computation over a password, or the fault of having too many before it. */
export const inTurn = async <Result>(hashing: Promise<Result>): Promise<Result> => {
  try {
    return await hashing;
  } catch (error) {
    if (!(error instanceof PortError) || error.kind !== "unavailable") throw error;
    throw new Fault(
      faultOf("server.unavailable", "too many passwords wait", String(BUSY_RETRY_SECONDS)),
      error,
    );
  }
};

/** Where the secrets belong. */
interface SecretsPlace {
  readonly id: LibraryId;
  /** The library as it is; absent for one that is to be made. */
  readonly present?: Library;
}

/** Makes what the decision needs of the passwords in a wish. */
export type MakeSecrets = (place: SecretsPlace) => Promise<LibrarySecrets>;

/** The place for which the password of a subscribed library is sealed. */
const subscriberPlace = (id: LibraryId): string => `library:${id}`;

/**
 * The secrets of one request. A decision may be taken again and again, so what is slow is made once; and a password that the
 * decision is going to refuse is neither hashed nor sealed.
 */
export const secretsOf = (core: SecretsCore, wish: WishWithPasswords): MakeSecrets => {
  let hash: Promise<string> | null = null;
  const hashed = async (password: string | undefined): Promise<string | undefined> => {
    if (password === undefined || checkPassword(password) !== null) return undefined;
    hash ??= core.hasher.hash(password);
    return await inTurn(hash);
  };
  const isRight = async (password: string | undefined, present: Library | undefined) => {
    const passwordHash = present?.publishInfo?.passwordHash;
    if (password === undefined || passwordHash === undefined) return undefined;
    return await inTurn(core.hasher.verify(password, passwordHash));
  };
  return async ({ id, present }) => {
    const { password: sealable } = wish.subscriptionInfo ?? {};
    if (wish.publishInfo === undefined)
      return sealable === undefined || checkPassword(sealable) !== null
        ? {}
        : { sealedPassword: core.seal.seal(sealable, subscriberPlace(id)) };
    if (present !== undefined && present.type !== "LOCAL") return {};
    const { password, currentPassword } = wish.publishInfo;
    return given({
      isCurrentPasswordRight: await isRight(currentPassword, present),
      passwordHash: await hashed(password),
    });
  };
};

/** A password that protects nothing should not pass unseen (contract L11). */
export const reportUnusedPasswords = (
  call: Pick<Call, "ignored">,
  wish: WishWithPasswords,
  { publishInfo, subscriptionInfo }: Library,
): void => {
  if (wish.publishInfo?.password !== undefined && publishInfo?.passwordHash === undefined)
    call.ignored("publish_info.password");
  if (
    wish.subscriptionInfo?.password !== undefined &&
    subscriptionInfo?.sealedPassword === undefined
  )
    call.ignored("subscription_info.password");
};
