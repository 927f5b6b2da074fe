import type { CommandContext } from "./command-context.ts";
import type { PushOptions } from "./commands/push.ts";
import { shellWord } from "./output.ts";
import { spanOf } from "./span.ts";

/** Whether the item is to have nothing but what is pushed. */
export const isReplacing = ({ replace, replaceAll }: PushOptions): boolean =>
  replace === true || replaceAll === true;

/** The line that goes on with a push: the one that began it. */
export function lineOf(
  context: Pick<CommandContext, "globals">,
  paths: readonly string[],
  address: string,
  options: PushOptions,
): string {
  return commandLine(context, {
    command: "push",
    switches: [
      ...(isReplacing(options) ? ["--replace"] : []),
      ...(options.force === true ? ["--force"] : []),
    ],
    values: [
      ...(options.accept ?? []).map((warning) => ["--accept", warning] as const),
      ["--type", options.type],
      ["--message", options.message],
      ["--name", options.name],
      ["--sha256", options.sha256],
      ["--retry-for", options.retryFor === undefined ? undefined : spanOf(options.retryFor)],
    ],
    words: [...paths, address],
  });
}

/** What a line of this command consists of. */
interface LineParts {
  readonly command: string;
  readonly switches: readonly string[];
  /** Options with their values; those without one are left out. */
  readonly values: readonly (readonly [string, string | undefined])[];
  readonly words: readonly string[];
}

/** A line that can be pasted into a shell, with the same server and profile. */
export function commandLine(
  { globals }: Pick<CommandContext, "globals">,
  { command, switches, values, words }: LineParts,
): string {
  const { url, profile, wire, insecureHttp } = globals;
  const all = [
    ...values,
    ["--url", url] as const,
    ["--profile", profile] as const,
    ["--wire", wire] as const,
  ];
  const flags = all.flatMap(([flag, value]) =>
    value === undefined ? [] : [flag, shellWord(value)],
  );
  const clear = insecureHttp === true ? ["--insecure-http"] : [];
  const line = ["contentlib", command, ...switches, ...flags, ...clear, "--"];
  return [...line, ...words.map(shellWord)].join(" ");
}
