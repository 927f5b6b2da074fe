import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import type { WaitOptions } from "./commands/wait.ts";
import type { ProgramParts } from "./program.ts";
import { parseSpan } from "./span.ts";

/** How long is waited when nobody says, in milliseconds. */
const TIMEOUT_MS = 5 * 60_000;

const STATES = ["DONE", "ERROR", "CANCELED"];

const timeout = (): Option =>
  new Option("--timeout <span>", "how long at most, like 30s, 5m or 1h")
    .argParser(parseSpan)
    .default(TIMEOUT_MS, "5m");

function parseStates(text: string): readonly string[] {
  const states = text.toUpperCase().split(",");
  const unknown = states.find((state) => !STATES.includes(state));
  if (unknown === undefined) return states;
  throw new InvalidArgumentError(`States are ${STATES.join(", ")}, with commas between them.`);
}

/** Adds the commands that end when something has come about. */
export function addWaitCommands(program: Command, { run }: ProgramParts): void {
  const wait = program
    .command("wait")
    .description("wait until something has come about, and no longer than --timeout");
  wait
    .command("server")
    .description("wait until the server is ready; no login is needed")
    .addOption(timeout())
    .action(async (options: WaitOptions, command: Command) => {
      const { waitServer } = await import("./commands/wait.ts");
      await run(command, async (context) => await waitServer(context, options));
    });
  wait
    .command("item")
    .description("wait until an item has files, or has come to a content version")
    .argument("<item>", "LIBRARY/ITEM or LIBRARY/ITEM@VERSION; neither need be there yet")
    .addOption(timeout())
    .action(async (address: string, options: WaitOptions, command: Command) => {
      const { waitItem } = await import("./commands/wait.ts");
      await run(command, async (context) => await waitItem(context, address, options));
    });
  wait
    .command("session")
    .description("wait until a session has ended")
    .argument("<session>", "id of the session")
    .addOption(
      new Option(
        "--until <states>",
        "which ends are good ones, like DONE,ERROR; DONE when absent",
      ).argParser(parseStates),
    )
    .addOption(timeout())
    .action(async (id: string, options: WaitOptions, command: Command) => {
      const { waitSession } = await import("./commands/wait.ts");
      await run(command, async (context) => await waitSession(context, id, options));
    });
}
