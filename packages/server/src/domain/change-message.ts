import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { checkChangeMessage } from "./names.ts";

/**
 * What is said of a change to the files of an item; undefined where nothing is, as by an empty text. A text that can not be kept is
 * refused with the name of where it stands.
 */
export const parseChangeMessage = (
  text: string | undefined,
  where: string,
): string | undefined | FaultValue => {
  if (text === undefined || text === "") return undefined;
  const reason = checkChangeMessage(text);
  return reason === null ? text : faultOf("item.invalid_change_message", where, reason);
};
