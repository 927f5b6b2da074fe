import type { PushNews } from "./push-news.ts";
import type { PushStage } from "./push-stage.ts";
import { beginPush, stepPush } from "./push-state.ts";
import { PushNotes } from "./push-notes.ts";
import type { PushStep } from "./push-step.ts";
import { PushWork } from "./push-work.ts";
import type { PushParts } from "./push-work.ts";
import { needsReview } from "./review-session.ts";
import type { UploadResult } from "./upload-options.ts";

/** A push that has come to its end. */
export type PushEnd = Extract<PushStage, { readonly name: "done" }>;

/**
 * Goes the way that the table draws, to its end: of an upload, where an item is given, else of a push. Rejects with what went
 * wrong, once the session is put in order.
 */
export async function runPush(
  parts: Omit<PushParts, "notes">,
  itemId: string | null,
): Promise<PushEnd> {
  const { context, options, control } = parts;
  const notes = new PushNotes(context, options, control.signal);
  const rules = {
    itemId,
    fileCount: options.files.length,
    removesOthers: options.removeOthers === true,
    resumes: options.resume !== false,
    remembers: notes.hasStore,
    reviews: needsReview(options),
    waits: options.waits !== false,
  };
  const work = new PushWork({ ...parts, notes });
  try {
    let step = beginPush(rules);
    for (;;) {
      const { stage } = step;
      const news = await perform(work, step);
      if (stage.name === "done") return stage;
      if (stage.name === "failed") throw stage.error;
      step = stepPush(rules, stage, news ?? (await work.next()));
    }
  } finally {
    work.close();
  }
}

/** Does what a step wants done; answers news only where that has failed, as it does where who listens to the events throws. */
async function perform(work: PushWork, { stage, deeds }: PushStep): Promise<PushNews | null> {
  try {
    for (const deed of deeds) await work.perform(deed);
    return null;
  } catch (error) {
    if (stage.name === "done" || stage.name === "failed") throw error;
    return await work.failureOf(error);
  }
}

/** What was uploaded, in the order in which it was given. */
export const resultOf = ({ session, files }: PushEnd): UploadResult => ({
  sessionId: session.sessionId,
  files: [...files].toSorted(([one], [other]) => one - other).map(([, file]) => file),
});
