import type { CommandContext } from "./command-context.ts";
import type { PushOptions } from "./commands/push.ts";
import { shellWord } from "./output.ts";
import { spanOf } from "./span.ts";

/** Whether the item is to have nothing but what is pushed. */
export const isReplacing = ({ replace, replaceAll }: PushOptions): boolean =>
  replace === true || replaceAll === true;

/** The line that goes on with a push: the one that began it. */
export function lineOf(
  { globals }: Pick<CommandContext, "globals">,
  paths: readonly string[],
  address: string,
  options: PushOptions,
): string {
  const { url, profile, wire, insecureHttp } = globals;
  const values: readonly (readonly [string, string | undefined])[] = [
    ["--type", options.type],
    ["--message", options.message],
    ["--name", options.name],
    ["--sha256", options.sha256],
    ["--retry-for", options.retryFor === undefined ? undefined : spanOf(options.retryFor)],
    ["--url", url],
    ["--profile", profile],
    ["--wire", wire],
  ];
  const flags = values.flatMap(([flag, value]) =>
    value === undefined ? [] : [flag, shellWord(value)],
  );
  const replace = isReplacing(options) ? ["--replace"] : [];
  const clear = insecureHttp === true ? ["--insecure-http"] : [];
  const words = [...paths, address].map(shellWord);
  return ["contentlib", "push", ...replace, ...flags, ...clear, "--", ...words].join(" ");
}
