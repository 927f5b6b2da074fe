import type { Services } from "@contentlib/client";
import type { DirectoryRefusal } from "@contentlib/server";
import type { CommandContext } from "./command-context.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

/** Which accounts a command works on: those of a running server, or those in a directory that no server holds. */
export interface WhereOptions {
  /** Path of the data directory. */
  readonly data?: string;
}

/** Does the work with the services of the server, or, with `--data`, with the same services in this process. */
export async function withServices(
  context: CommandContext,
  { data }: WhereOptions,
  work: (services: Services) => Promise<void>,
): Promise<void> {
  if (data === undefined) {
    await work(await context.connect());
    return;
  }
  const [{ openDirectory }, { LibraryError, makeServices }] = await Promise.all([
    import("@contentlib/server"),
    import("@contentlib/client"),
  ]);
  const directory = await openDirectory(data).catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== "StartError") throw error;
    throw new Failure(EXIT_CODES.refused, error.message);
  });
  try {
    const services = makeServices(async (operation, input) => {
      try {
        return await directory.call(operation, input);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const { class: faultClass, messages } = error;
        throw new LibraryError({ class: faultClass, messages, status: 0 }, { operation });
      }
    });
    await work(services);
  } finally {
    await directory.close();
  }
}

/** A refusal of the server's package, known by its name: its class is loaded only with `--data`. */
const isRefusal = (error: unknown): error is DirectoryRefusal =>
  error instanceof Error && error.name === "DirectoryRefusal";
