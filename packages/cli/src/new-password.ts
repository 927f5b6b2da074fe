import { readFile } from "node:fs/promises";
import type { CommandContext } from "./command-context.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { ask, readPassword } from "./prompt.ts";

/** Where a new password comes from; never from the command line, which others on the machine can read. */
export interface NewPasswordOptions {
  /** Path of a file that holds the password and nothing else; `-` is standard input. */
  readonly passwordFile?: string;
}

const OTHERWISE =
  "Put the password into a file, and name it with --password-file (- is standard input)";

/** A new password: from the file that is named, or asked for twice without showing it. */
export async function newPassword(
  { streams, signal }: Pick<CommandContext, "streams" | "signal">,
  userName: string,
  { passwordFile }: NewPasswordOptions,
): Promise<string> {
  if (passwordFile === "-") return await readPassword(streams);
  if (passwordFile !== undefined)
    return (await readFile(passwordFile, "utf8")).replace(/\r?\n$/, "");
  const options = { isHidden: true, signal, otherwise: OTHERWISE };
  const password = await ask(streams, `New password of ${userName}: `, options);
  if (password !== (await ask(streams, "The same again: ", options)))
    throw new Failure(EXIT_CODES.usage, "The two passwords differ; nothing was changed.");
  return password;
}
