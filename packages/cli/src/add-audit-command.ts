import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import type { AuditOptions } from "./commands/audit.ts";
import type { ProgramParts } from "./program.ts";

const EVENTS = ["change", "login", "login-refused", "denied"];

const HELP = `
Examples:
  contentlib audit --since 7d --user ben            what ben did in the last week
  contentlib audit --on images/debian               what was done to a library, or to an item
  contentlib audit --on user:ben                    ... to an account, group:NAME to a group
  contentlib audit --event login-refused --follow   who tries to get in, as it happens
  contentlib audit --all --json > trail.jsonl       all there is, a line of JSON each

The oldest comes first. An entry that stands for many has the time of the first of them,
and the newest are those that were added to last. Times are spans back from now, like 30m,
2h, 7d or 4w, or times like 2027-01-31T12:00:00Z or "2027-01-31 12:00"; without a zone they
are UTC, as those of the table. What is gone is found by its id, as --json shows it. What is
done on a data directory without a server has no name: whoever may write its files may do
all of it.`;

const count = (text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is no number from 1 on.");
};

/** Also as the API and the JSON spell it. */
const event = (text: string): string => {
  const known = text.toLowerCase().replaceAll("_", "-");
  if (EVENTS.includes(known)) return known;
  throw new InvalidArgumentError(`It is one of ${EVENTS.join(", ")}.`);
};

/** Adds the command about who did what. */
export function addAuditCommand(program: Command, { run }: ProgramParts): void {
  program
    .command("audit")
    .description("tell who did what to what, who came in, and who was refused")
    .option("--user <name>", "only what this account did, or what was tried under this name")
    .addOption(new Option("--actor <name>", "the same as --user").hideHelp().conflicts("user"))
    .option(
      "--token <token>",
      "only what was done by this token of --user, or of yours; name or id",
    )
    .addOption(
      new Option("--event <event>", `only entries of this kind: ${EVENTS.join(", ")}`).argParser(
        event,
      ),
    )
    .option("--operation <operation>", "only this operation, like item.create")
    .option(
      "--on <object>",
      "only what was done to it or to what lies in it: LIBRARY, LIBRARY/ITEM, user:NAME, group:NAME, file:NAME, or any id",
    )
    .option("--address <address>", "only what came from this network address")
    .option("--request <id>", "only what this request did")
    .option("--since <when>", "only what was done since then")
    .option("--until <when>", "only what was done before then")
    .addOption(
      new Option("--limit <count>", "the newest so many; 1000 when absent").argParser(count),
    )
    .addOption(new Option("--all", "all there are, however many").conflicts("limit"))
    .addOption(
      new Option(
        "-f, --follow",
        "go on with what happens, until interrupted, also when the server restarts",
      ).conflicts("until"),
    )
    .addOption(
      new Option(
        "--data <dir>",
        "read this data directory, which no server holds, without a login",
      ).conflicts("follow"),
    )
    .addHelpText("after", HELP)
    .action(async (options: AuditOptions, command: Command) => {
      const { audit } = await import("./commands/audit.ts");
      await run(command, async (context) => await audit(context, options));
    });
}
