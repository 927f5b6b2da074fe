import type { Command } from "commander";
import { collect } from "./collect.ts";
import type { TlsRenewOptions, TlsShowOptions } from "./commands/tls.ts";
import type { ProgramParts } from "./program.ts";

const DATA = "the server's data directory; the one of the settings when absent";

/** Adds the commands about the certificate of a server on this machine. */
export function addTlsCommands(program: Command, { run }: ProgramParts): void {
  const tls = program
    .command("tls")
    .description("look at the certificate of a server on this machine, and renew it")
    .addHelpText("after", TLS_HELP);
  tls
    .command("show")
    .description("show the prints, names and end of the server's certificate")
    .argument("[files...]", "certificates in PEM; the server's own when absent")
    .option("--data <dir>", DATA)
    .action(async (files: string[], options: TlsShowOptions, command: Command) => {
      const { tlsShow } = await import("./commands/tls.ts");
      await run(command, async (context) => await tlsShow(context, files, options));
    });
  tls
    .command("renew")
    .description("make a new certificate of the same key, also while the server runs")
    .option("--data <dir>", DATA)
    .option("--name <name>", "one more name or address it is for; may be given again", collect)
    .action(async (options: TlsRenewOptions, command: Command) => {
      const { tlsRenew } = await import("./commands/tls.ts");
      await run(command, async (context) => await tlsRenew(context, options));
    });
}

const TLS_HELP = `
Examples:
  contentlib tls show                               what contentlib login shows to compare
  contentlib tls renew --name library.example.org   a new one, for one more name

The commands read and write the files of a server that speaks TLS by --tls self-signed.
Its key stays, so that clients that have pinned it need nothing; a running server takes
the new certificate up within seconds and cuts no connection.`;
