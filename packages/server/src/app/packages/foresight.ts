import { faultOf } from "@contentlib/contract/vocabulary";
import type { CancelSignal } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import { Fault } from "../fault.ts";
import { RottenBytes } from "./rotten-bytes.ts";

/** How often what takes long is done anew when files go away that it looks into, or come that it did not know of. */
const FORESIGHTS_MAX = 5;

const RETRY_SECONDS = "1";

/**
 * Says that a decision would take long where others wait for it: a digest has to be made first, or the item has got another type.
 * Whoever catches it lets the others go on, does what takes long, and decides again.
 */
export class Unforeseen extends Error {}

/** Whether others may have taken away what was looked into: a file was sent again, or removed, meanwhile. Bytes that are rotten stay so. */
const mayHaveGone = (error: unknown, signal: CancelSignal): boolean =>
  error instanceof PortError &&
  !(error instanceof RottenBytes) &&
  (error.kind === "corrupt" || (error.kind === "cancelled" && !signal.aborted));

/** Does work that loads files and looks into them; again, on files loaded anew, where they may have gone meanwhile. */
export const whileFilesGo = async <Result>(
  signal: CancelSignal,
  work: () => Promise<Result>,
): Promise<Result> => {
  for (let tries = 1; ; tries += 1)
    try {
      return await work();
    } catch (error) {
      if (tries === FORESIGHTS_MAX || !mayHaveGone(error, signal)) throw error;
    }
};

/**
 * Foresees, then decides, and so on as long as the decision meets what was not foreseen; a bounded number of times. `foresee` is told
 * how often that has been.
 */
export const withForesight = async <Result>(
  foresee: (tries: number) => Promise<unknown>,
  decide: () => Promise<Result>,
): Promise<Result> => {
  for (let tries = 0; tries < FORESIGHTS_MAX; tries += 1) {
    await foresee(tries);
    try {
      return await decide();
    } catch (error) {
      if (!(error instanceof Unforeseen)) throw error;
    }
  }
  const why = "others keep changing the files of the session";
  throw new Fault(faultOf("server.unavailable", why, RETRY_SECONDS));
};
