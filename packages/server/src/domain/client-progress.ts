import {
  CLIENT_PROGRESS_MAX,
  CLIENT_PROGRESS_MIN,
  faultOf,
  isFault,
} from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";

const DECIMAL = /^[+-]?\d{1,15}$/;
const SHOWN_CHARACTERS_MAX = 40;

const readInteger = (given: number | string): number =>
  typeof given === "number" ? given : DECIMAL.test(given) ? Number(given) : Number.NaN;

/** An integer from 0 to 100, also as a decimal string; anything else is InvalidArgument. (S25) */
export const parseClientProgress = (given: number | string): number | FaultValue => {
  const value = readInteger(given);
  if (Number.isInteger(value) && value >= CLIENT_PROGRESS_MIN && value <= CLIENT_PROGRESS_MAX)
    return value;
  return faultOf("client_progress.invalid", String(given).slice(0, SHOWN_CHARACTERS_MAX));
};

/** The progress after a keep-alive: it only ever rises, and an equal or smaller value is no error. (S24) */
export const raiseClientProgress = (
  present: number,
  given: number | string | undefined,
): number | FaultValue => {
  if (given === undefined) return present;
  const value = parseClientProgress(given);
  return isFault(value) ? value : Math.max(present, value);
};
