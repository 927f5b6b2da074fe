import { copyFile, mkdtemp, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { openSqliteCatalog } from "@contentlib/server/adapters/catalog/sqlite/sqlite-catalog";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { scratchDirectory } from "../disk/scratch-directory.ts";
import type { DurableCatalogSubject, OpenedCatalog } from "./catalog-subject.ts";

const newServerGuid = (): string => crypto.randomUUID();

/** The database and its log as they are now: SQLite has synced whatever an answer was given for. */
const copyOf = async (file: string): Promise<string> => {
  const directory = await mkdtemp(join(dirname(file), "copy-"));
  const parts = (await readdir(dirname(file))).filter((name) => /\.db(-wal)?$/.test(name));
  for (const name of parts) await copyFile(join(dirname(file), name), join(directory, name));
  return join(directory, basename(file));
};

/** The catalog on SQLite in a file of a scratch directory. */
export const sqliteFileSubject: DurableCatalogSubject = {
  open: async (now) => {
    const scratch = await scratchDirectory();
    const file = join(scratch.path, "catalog.db");
    let catalog = await openSqliteCatalog({ file, now, newServerGuid });
    const opened = (kept: Catalog): OpenedCatalog => ({ catalog: kept, close: () => kept.close() });
    return {
      catalog,
      close: async () => {
        await catalog.close();
        await scratch.remove();
      },
      openAfterPowerCut: async () =>
        opened(await openSqliteCatalog({ file: await copyOf(file), now, newServerGuid })),
      reopen: async () => {
        await catalog.close();
        catalog = await openSqliteCatalog({ file, now, newServerGuid });
        return opened(catalog);
      },
    };
  },
};
