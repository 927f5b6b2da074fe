import type { CommandContext } from "../command-context.ts";
import { COMPLETION_SCRIPTS } from "../completion-scripts.ts";
import type { Shell } from "../completion-scripts.ts";

/** `contentlib completion SHELL`: prints the script that teaches a shell to complete. No server is asked. */
export async function completion({ output }: CommandContext, shell: Shell): Promise<void> {
  const script = COMPLETION_SCRIPTS[shell];
  await Promise.resolve(output.result({ shell, script }, script.trimEnd().split("\n")));
}
