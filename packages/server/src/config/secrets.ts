import { readFileSync } from "node:fs";

/** Text meant for people that is also the reason why a start stops. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** The first line of a file that holds a secret, so that a trailing newline does not become part of it. */
export const readSecretFile = (path: string): string => {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError(
      `the file ${path} can not be read (${error instanceof Error ? error.message : "unknown"})`,
      {
        cause: error,
      },
    );
  }
  const secret = text.split(/\r?\n/, 1)[0] ?? "";
  if (secret === "") throw new ConfigError(`the file ${path} is empty`);
  return secret;
};
