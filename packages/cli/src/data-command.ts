import type { Command } from "commander";

/** A command that also works on a data directory without a server. */
export const dataCommand = (parent: Command, name: string, description: string): Command =>
  parent
    .command(name)
    .description(description)
    .option("--data <dir>", "work on this data directory, which no server holds, without a login");

/** What the help of such commands ends with. */
export const DATA_HELP = `
With --data DIR the commands need no server and no login: whoever may write the
directory's files may do all of it. A server that holds it must be stopped first.`;
