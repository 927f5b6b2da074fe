import { Option } from "commander";
import type { Command } from "commander";
import type { GrantAddOptions, GrantLsOptions } from "./commands/grant.ts";
import type { GroupAddOptions } from "./commands/group.ts";
import type { TokenCreateOptions, TokenLsOptions, TokenOfOptions } from "./commands/token.ts";
import type { UserAddOptions, UserPasswdOptions } from "./commands/user.ts";
import type { WhoamiOptions } from "./commands/whoami.ts";
import { collect } from "./collect.ts";
import { DATA_HELP, dataCommand } from "./data-command.ts";
import type { ProgramParts } from "./program.ts";
import type { WhereOptions } from "./with-services.ts";

const PASSWORD_FILE = "read the password from this file; - is standard input";

/** Adds the commands about who may do what: user, group, token, grant, whoami. */
export function addAccessCommands(program: Command, parts: ProgramParts): void {
  addUser(program, parts);
  addGroup(program, parts);
  addToken(program, parts);
  addGrant(program, parts);
  addWhoami(program, parts);
}

function addUser(program: Command, { run }: ProgramParts): void {
  const user = program
    .command("user")
    .description("make accounts, list them, and shut them out")
    .addHelpText("after", USER_HELP);
  dataCommand(user, "add", "make an account; the password is asked for")
    .argument("<name>", "name: letters, digits, dots, hyphens and underscores")
    .option("--description <text>", "whom or what it stands for")
    .addOption(new Option("--password-file <file>", PASSWORD_FILE).conflicts("password"))
    .option(
      "--no-password",
      "without a password: it logs in by tokens only; make it one with token create",
    )
    .action(async (name: string, options: UserAddOptions, command: Command) => {
      const { userAdd } = await import("./commands/user.ts");
      await run(command, async (context) => await userAdd(context, name, options));
    });
  dataCommand(user, "ls", "list the accounts").action(
    async (options: WhereOptions, command: Command) => {
      const { userLs } = await import("./commands/user.ts");
      await run(command, async (context) => await userLs(context, options));
    },
  );
  dataCommand(user, "show", "show an account with its groups, grants and tokens")
    .argument("<name>", "name or id")
    .action(async (name: string, options: WhereOptions, command: Command) => {
      const { userShow } = await import("./commands/user.ts");
      await run(command, async (context) => await userShow(context, name, options));
    });
  dataCommand(user, "passwd", "set a password, your own where no name is given")
    .argument("[name]", "name or id")
    .option("--password-file <file>", PASSWORD_FILE)
    .action(async (name: string | undefined, options: UserPasswdOptions, command: Command) => {
      const { userPasswd } = await import("./commands/user.ts");
      await run(command, async (context) => await userPasswd(context, name, options));
    });
  for (const [name, disabled, description] of SHUTTING) {
    dataCommand(user, name, description)
      .argument("<name>", "name or id")
      .action(async (account: string, options: WhereOptions, command: Command) => {
        const { userSetDisabled } = await import("./commands/user.ts");
        await run(
          command,
          async (context) => await userSetDisabled(context, account, { ...options, disabled }),
        );
      });
  }
  dataCommand(user, "rm", "remove an account with its tokens and grants")
    .argument("<name>", "name or id")
    .action(async (name: string, options: WhereOptions, command: Command) => {
      const { userRm } = await import("./commands/user.ts");
      await run(command, async (context) => await userRm(context, name, options));
    });
}

const SHUTTING = [
  ["disable", true, "shut an account out with all its tokens; what it does ends at once"],
  ["enable", false, "let a disabled account in again"],
] as const;

const USER_HELP = `
Examples:
  contentlib user add ben                           an account for a person
  contentlib user add ci --no-password              one for a pipeline, which logs in by a token:
  contentlib token create nightly --user ci         make it that token
  contentlib user passwd administrator --data DIR   when the last password is lost
${DATA_HELP}`;

function addGroup(program: Command, { run }: ProgramParts): void {
  const group = program
    .command("group")
    .description("put accounts together that are granted the same")
    .addHelpText("after", DATA_HELP);
  dataCommand(group, "add", "make a group")
    .argument("<name>", "name: letters, digits, dots, hyphens and underscores")
    .option("--description <text>", "what the group is for")
    .option("--member <name>", "an account in it; may be given more than once", collect)
    .action(async (name: string, options: GroupAddOptions, command: Command) => {
      const { groupAdd } = await import("./commands/group.ts");
      await run(command, async (context) => await groupAdd(context, name, options));
    });
  dataCommand(group, "ls", "list the groups").action(
    async (options: WhereOptions, command: Command) => {
      const { groupLs } = await import("./commands/group.ts");
      await run(command, async (context) => await groupLs(context, options));
    },
  );
  dataCommand(group, "show", "show a group with its members and grants")
    .argument("<group>", "name or id")
    .action(async (name: string, options: WhereOptions, command: Command) => {
      const { groupShow } = await import("./commands/group.ts");
      await run(command, async (context) => await groupShow(context, name, options));
    });
  dataCommand(group, "rm", "remove a group with its grants; the accounts stay")
    .argument("<group>", "name or id")
    .action(async (name: string, options: WhereOptions, command: Command) => {
      const { groupRm } = await import("./commands/group.ts");
      await run(command, async (context) => await groupRm(context, name, options));
    });
  for (const [name, isJoining, description] of MEMBERSHIP) {
    dataCommand(group, name, description)
      .argument("<group>", "name or id of the group")
      .argument("<users...>", "names or ids of accounts")
      .action(async (address: string, users: string[], options: WhereOptions, command: Command) => {
        const { groupSetMembers } = await import("./commands/group.ts");
        const change = { ...options, users, isJoining };
        await run(command, async (context) => await groupSetMembers(context, address, change));
      });
  }
}

const MEMBERSHIP = [
  ["join", true, "put accounts into a group"],
  ["leave", false, "take accounts out of a group; what they do under its grants ends at once"],
] as const;

function addToken(program: Command, { run }: ProgramParts): void {
  const token = program
    .command("token")
    .description("make and revoke tokens: passwords for machines, cut down to what they need")
    .addHelpText("after", TOKEN_HELP);
  dataCommand(token, "create", "make a token and print it, this once")
    .argument("<name>", "what it is for; unique among the tokens of its account")
    .option("--user <name>", "whose token it is; yours when absent")
    .option("--expires <when>", "after 12h, 90d or 2w, or at a time like 2027-01-31T12:00:00Z")
    .option(
      "--grant <role[:library]>",
      "cut it down, like editor:images or viewer; may be given more than once",
      collect,
    )
    .action(async (name: string, options: TokenCreateOptions, command: Command) => {
      const { tokenCreate } = await import("./commands/token.ts");
      await run(command, async (context) => await tokenCreate(context, name, options));
    });
  dataCommand(token, "ls", "list your tokens, or those of a user")
    .addOption(new Option("--user <name>", "whose tokens; yours when absent").conflicts("all"))
    .option("--all", "those of everybody, for administrators; what expires first comes first")
    .action(async (options: TokenLsOptions, command: Command) => {
      const { tokenLs } = await import("./commands/token.ts");
      await run(command, async (context) => await tokenLs(context, options));
    });
  dataCommand(token, "revoke", "take a token away; what it does ends at once")
    .argument("<token>", "id, or the name among the tokens of the account")
    .option("--user <name>", "whose token it is, when it is named by name; yours when absent")
    .action(async (address: string, options: TokenOfOptions, command: Command) => {
      const { tokenRevoke } = await import("./commands/token.ts");
      await run(command, async (context) => await tokenRevoke(context, address, options));
    });
}

const TOKEN_HELP = `
Examples:
  contentlib token create nightly --user ci --expires 90d --grant editor:images
  contentlib token ls --user ci
  contentlib token revoke nightly --user ci

A token is the password of its account for every client, and CONTENTLIB_TOKEN for this one.
${DATA_HELP}`;

function addGrant(program: Command, { run }: ProgramParts): void {
  const grant = program
    .command("grant")
    .description("say who may do what: a role on everything or on one library")
    .addHelpText("after", GRANT_HELP);
  dataCommand(grant, "add", "grant a role")
    .argument("<role>", "viewer, editor or administrator")
    .option("--user <name>", "the account that gets it")
    .option("--group <name>", "the group that gets it")
    .option("--token <id>", "the token that is cut down to it")
    .option("--library <library>", "on this library, by name or id")
    .addOption(new Option("--everything", "on everything there is").conflicts("library"))
    .action(async (role: string, options: GrantAddOptions, command: Command) => {
      const { grantAdd } = await import("./commands/grant.ts");
      await run(command, async (context) => await grantAdd(context, role, options));
    });
  dataCommand(grant, "ls", "list the grants: all, of one subject, or on one library")
    .option("--user <name>", "only those of this account")
    .option("--group <name>", "only those of this group")
    .option("--token <id>", "only those of this token")
    .option("--library <library>", "only those on this library")
    .action(async (options: GrantLsOptions, command: Command) => {
      const { grantLs } = await import("./commands/grant.ts");
      await run(command, async (context) => await grantLs(context, options));
    });
  dataCommand(grant, "rm", "take grants back; what was done under them ends at once")
    .argument("<ids...>", "ids of grants, as contentlib grant ls shows them")
    .action(async (ids: string[], options: WhereOptions, command: Command) => {
      const { grantRm } = await import("./commands/grant.ts");
      await run(command, async (context) => await grantRm(context, ids, options));
    });
}

const GRANT_HELP = `
Roles, each with what the one before may:
  viewer         sees and downloads
  editor         changes items and their files
  administrator  changes libraries, and says who may

Examples:
  contentlib grant add editor --user ben --library images
  contentlib grant add administrator --group operators --everything
${DATA_HELP}`;

function addWhoami(program: Command, { run }: ProgramParts): void {
  program
    .command("whoami")
    .description("tell who you are and what you may do, or ask beforehand about one operation")
    .option("--can <operation>", "whether you may, like item.create or library.item.create")
    .option("--on <object>", "on which LIBRARY or LIBRARY/ITEM, or the id of anything")
    .addHelpText("after", "\nWith --can the exit status is 0 when you may, and 5 when you may not.")
    .action(async (options: WhoamiOptions, command: Command) => {
      const { whoami } = await import("./commands/whoami.ts");
      await run(command, async (context) => await whoami(context, options));
    });
}
