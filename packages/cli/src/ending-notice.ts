import { clearTimeout, setTimeout } from "node:timers";
import type { CommandContext } from "./command-context.ts";
import { reportOf } from "./failure.ts";
import type { Failure } from "./failure.ts";

/** How long an ending may take before it is told what goes on, in milliseconds. */
const SILENCE_MS = 700;

/**
 * Tells whoever has pressed Ctrl-C what the command is still doing, and, where they press it again, what they would have been told
 * in the end. Answers what stops that.
 */
export function watchEnding(
  { output, signal, insist }: Pick<CommandContext, "output" | "signal" | "insist">,
  last: () => Failure,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const onInterrupt = (): void => {
    timer = setTimeout(
      () => output.note("Ending the session... Ctrl-C again to leave it."),
      SILENCE_MS,
    );
  };
  const onInsist = (): void => output.failure(reportOf(last(), true));
  signal.addEventListener("abort", onInterrupt, { once: true });
  insist?.addEventListener("abort", onInsist, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", onInterrupt);
    insist?.removeEventListener("abort", onInsist);
  };
}
