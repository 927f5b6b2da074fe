import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { WARNING_TYPES } from "../package.ts";
import type { WarningType } from "../package.ts";
import type { WarningBehavior } from "../update-session.ts";

/** One entry of a `warning_behavior` as a client sends it. */
export interface WarningBehaviorWish {
  readonly type: string;
  readonly ignored: boolean;
}

const findWarningType = (text: string): WarningType | undefined => {
  const upper = text.toUpperCase();
  return WARNING_TYPES.find((type) => type === upper);
};

/** The list as it is kept: known types only, each at most once. It may be empty. (S13, S21) */
export const parseWarningBehavior = (
  wishes: readonly WarningBehaviorWish[],
): readonly WarningBehavior[] | FaultValue => {
  const behaviors: WarningBehavior[] = [];
  for (const wish of wishes) {
    const type = findWarningType(wish.type);
    if (type === undefined) {
      return faultOf(
        "update_session.invalid_warning_behavior",
        `${wish.type} is none of ${WARNING_TYPES.join(", ")}`,
      );
    }
    if (behaviors.some((behavior) => behavior.type === type)) {
      return faultOf("update_session.invalid_warning_behavior", `${type} is given more than once`);
    }
    behaviors.push({ type, ignored: wish.ignored });
  }
  return behaviors;
};
