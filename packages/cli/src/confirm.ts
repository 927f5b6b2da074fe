import type { CommandContext } from "./command-context.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { ask } from "./prompt.ts";

/**
 * Asks on the terminal whether to go on. Throws Failure where the answer is not yes, and where there is nobody to ask:
 * then `otherwise` says how to go on without being asked.
 */
export async function confirm(
  { output, streams, signal }: Pick<CommandContext, "output" | "streams" | "signal">,
  question: string,
  otherwise: string,
): Promise<void> {
  if (output.isJson || !streams.stdin.isTTY)
    throw new Failure(EXIT_CODES.usage, "Nothing was done: there is nobody to ask.", otherwise);
  const answer = await ask(streams, `${question} [y/N] `, { isHidden: false, signal, otherwise });
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new Failure(EXIT_CODES.refused, "Nothing was done.");
}
