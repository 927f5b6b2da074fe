import { existsSync } from "node:fs";
import { join } from "node:path";
import type { OperationId, OperationInput, OperationOutput } from "@contentlib/contract";
import type { FaultClass, FaultValue, Message } from "@contentlib/contract/vocabulary";
import { faultOf, messageOf } from "@contentlib/contract/vocabulary";
import { SystemClock } from "../adapters/clock/system-clock.ts";
import { AsyncDeedScope } from "../adapters/deeds/async-deed-scope.ts";
import { RandomIdSource } from "../adapters/ids/random-id-source.ts";
import { PinoJournal } from "../adapters/journal/pino-journal.ts";
import type { App } from "../app/app.ts";
import type { Caller } from "../app/call.ts";
import { LongList } from "../app/call.ts";
import { createApp } from "../app/create-app.ts";
import { covers, roleMapOf } from "../domain/access/rights.ts";
import { fullUserName } from "../domain/account-name.ts";
import type { Account } from "../domain/account.ts";
import type { Catalog, PasswordHasher } from "../ports/index.ts";
import { entryOf } from "../wire/fault-reply.ts";
import { failureOf, perform, readyCall } from "../wire/perform.ts";
import { ADMINISTRATOR } from "./administrator.ts";
import { composeAuth } from "./compose-auth.ts";
import { composeItemTypes } from "./compose-item-types.ts";
import { composeLocal } from "./compose-local.ts";
import { composeRemote } from "./compose-remote.ts";
import { CATALOG_FILE, openDiskStorage } from "./compose-storage.ts";
import { openDataDirectory } from "./data-directory.ts";
import { Opened } from "./opened.ts";
import { operatorDeeds } from "./operator-deeds.ts";
import { StartError } from "./start-error.ts";
import { DEFAULT_SETTINGS } from "./start-server.ts";

/** The refusal of an operation on an opened directory: what a server would have answered. */
export class DirectoryRefusal extends Error {
  override readonly name = "DirectoryRefusal";
  readonly class: FaultClass;
  readonly messages: readonly Message[];

  constructor(faults: readonly FaultValue[]) {
    const messages = faults.map(messageOf);
    super(messages.map((message) => message.default_message).join(" "));
    this.class = entryOf(faults[0] ?? faultOf("server.internal", "")).class;
    this.messages = messages;
  }
}

/** A data directory without a server: the operations of the API, performed in this process. */
export interface OpenedDirectory {
  /**
   * Performs an operation as an administrator: whoever may open the files may do everything anyway. Rejects with a
   * `DirectoryRefusal` for what a server would have refused.
   */
  call<Id extends OperationId>(
    operation: Id,
    input: OperationInput<Id>,
  ): Promise<OperationOutput<Id>>;
  /** Gives the directory back. Closing twice is harmless. */
  close(): Promise<void>;
}

const isAdministrator = async (catalog: Catalog, account: Account): Promise<boolean> => {
  if (account.isDisabled) return false;
  const grants = await catalog.grantsFor(account.id, null);
  return covers(roleMapOf(grants.account).everywhere, "administrator");
};

/** The first account there is that may do everything; the catalog lets the last one neither go nor be disabled. */
const administratorOf = async (catalog: Catalog, path: string): Promise<Caller> => {
  const accounts = await catalog.listAccounts();
  const first = accounts.filter(({ name }) => name === ADMINISTRATOR);
  for (const account of [...first, ...accounts])
    if (await isAdministrator(catalog, account))
      return {
        accountId: account.id,
        accountName: account.name,
        userName: fullUserName(account.name),
        loginHash: "",
      };
  throw new StartError(
    `The data directory ${path} has no administrator yet: start a server on it once with contentlib serve --data ${path}.`,
  );
};

const outputOf = async (output: unknown): Promise<unknown> =>
  output instanceof LongList ? (await Array.fromAsync(output.pages)).flat() : output;

const callAs =
  (app: App, caller: Caller, journal: PinoJournal): OpenedDirectory["call"] =>
  async <Id extends OperationId>(operationId: Id, input: OperationInput<Id>) => {
    const requestId = "";
    try {
      const ready = readyCall({
        operationId,
        caller,
        raw: input,
        origin: { address: "", requestId },
        reached: { baseUrl: () => "", thumbprint: () => null, header: () => null },
        signal: new AbortController().signal,
        isStrict: false,
      });
      const { output } = await perform(ready, app);
      return (await outputOf(output)) as OperationOutput<Id>;
    } catch (error) {
      throw new DirectoryRefusal(failureOf(error, { operationId, requestId }, journal));
    }
  };

/**
 * Opens a data directory that no server holds, and puts it in order as a server does at its start. Rejects with a `StartError`
 * for what the operator can mend: there is none at this path, or a server holds it.
 */
export const openDirectory = async (
  path: string,
  { hasher }: { readonly hasher?: PasswordHasher } = {},
): Promise<OpenedDirectory> => {
  if (!existsSync(join(path, CATALOG_FILE)))
    throw new StartError(`There is no data directory of a server at ${path}.`);
  const opened = new Opened();
  try {
    const clock = new SystemClock();
    const ids = new RandomIdSource();
    const journal = new PinoJournal("error", process.stderr);
    const directory = openDataDirectory(path);
    opened.add(() => directory.close());
    const storage = await openDiskStorage(directory, { clock, ids });
    opened.add(async () => await storage.close());
    const auth = composeAuth(directory, clock, hasher);
    const { catalog, blobs } = storage;
    const caller = await administratorOf(catalog, path);
    const deeds = operatorDeeds(new AsyncDeedScope());
    const ports = {
      catalog,
      blobs,
      clock,
      ids,
      journal,
      deeds,
      itemTypes: composeItemTypes(),
      remote: composeRemote(clock),
      local: composeLocal(clock),
      ...auth,
    };
    const app = createApp(ports, DEFAULT_SETTINGS);
    await app.recover();
    return { call: callAs(app, caller, journal), close: async () => await opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
};
