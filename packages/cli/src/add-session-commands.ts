import { Option } from "commander";
import type { Command } from "commander";
import type { SessionFailOptions } from "./commands/session-fail.ts";
import type { SessionLsOptions } from "./commands/session-ls.ts";
import type { ProgramParts } from "./program.ts";

/** Adds the commands for sessions. */
export function addSessionCommands(program: Command, parts: ProgramParts): void {
  const session = program
    .command("session")
    .description("look at sessions, follow them, and end them");
  addLooks(session, parts);
  addEnds(session, parts);
}

function addLooks(session: Command, { run }: ProgramParts): void {
  session
    .command("ls")
    .description("list your sessions")
    .addOption(new Option("--item <item>", "only those of this LIBRARY/ITEM").conflicts("all"))
    .option("--all", "those of everybody, for administrators")
    .action(async (options: SessionLsOptions, command: Command) => {
      const { sessionLs } = await import("./commands/session-ls.ts");
      await run(command, async (context) => await sessionLs(context, options));
    });
  session
    .command("show")
    .description("show a session and its files")
    .argument("<session>", "id of the session")
    .action(async (id: string, _options: object, command: Command) => {
      const { sessionShow } = await import("./commands/session-show.ts");
      await run(command, async (context) => await sessionShow(context, id));
    });
  session
    .command("watch")
    .description("tell what happens in an update session, as it happens, until it ends")
    .argument("<session>", "id of the session")
    .addHelpText("after", "\nThe exit status is 0 when the session ends as DONE, and 4 otherwise.")
    .action(async (id: string, _options: object, command: Command) => {
      const { sessionWatch } = await import("./commands/session-watch.ts");
      await run(command, async (context) => await sessionWatch(context, id));
    });
}

function addEnds(session: Command, { run }: ProgramParts): void {
  session
    .command("cancel")
    .description("give a session up: its item is free again, and as it was")
    .argument("<session>", "id of the session")
    .action(async (id: string, _options: object, command: Command) => {
      const { sessionCancel } = await import("./commands/session-cancel.ts");
      await run(command, async (context) => await sessionCancel(context, id));
    });
  session
    .command("fail")
    .description("end a session as failed and say why; its item is free again, and as it was")
    .argument("<session>", "id of the session")
    .option("-m, --message <text>", "what went wrong")
    .action(async (id: string, options: SessionFailOptions, command: Command) => {
      const { sessionFail } = await import("./commands/session-fail.ts");
      await run(command, async (context) => await sessionFail(context, id, options));
    });
}
