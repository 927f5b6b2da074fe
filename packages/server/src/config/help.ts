import { settingEntries } from "./env.ts";

const INDENT = "      ";

/** What `contentlib serve --help` says: every setting with its variable, its default and its sentence. */
export const serveHelp = (): string => {
  const entries = settingEntries().map(([, setting]) => {
    const flag = [setting.flag, setting.placeholder].filter((part) => part !== undefined).join(" ");
    const name = flag === "" ? setting.variable : `${flag}, ${setting.variable}`;
    return `  ${name}\n${INDENT}${setting.sentence}\n${INDENT}Default: ${setting.fallback}.`;
  });
  return [
    "Usage: contentlib serve [FLAGS]",
    "",
    "Runs the server until a signal stops it. Each setting is a flag or an environment variable; the flag wins.",
    "Where it speaks TLS, SIGHUP makes it read the certificate again.",
    "Durations are seconds, or a number with s, m or h.",
    "",
    ...entries,
    "",
  ].join("\n");
};
