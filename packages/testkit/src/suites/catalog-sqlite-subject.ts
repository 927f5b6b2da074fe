import { copyFile, mkdtemp, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { openSqliteCatalog } from "@contentlib/server/adapters/catalog/sqlite/sqlite-catalog";
import type { Catalog } from "@contentlib/server/ports/catalog";
import { scratchDirectory } from "../disk/scratch-directory.ts";
import {
  type DurableCatalogSubject,
  type OpenedCatalog,
  SUITE_HELD_LIST_BYTES_MAX,
} from "./catalog-subject.ts";

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
  open: async (now, after) => {
    const options = {
      now,
      newServerGuid,
      heldListBytesMax: SUITE_HELD_LIST_BYTES_MAX,
      ...(after === undefined ? {} : { after }),
    };
    const scratch = await scratchDirectory();
    const file = join(scratch.path, "catalog.db");
    let catalog = await openSqliteCatalog({ file, ...options });
    const opened = (kept: Catalog): OpenedCatalog => ({ catalog: kept, close: () => kept.close() });
    return {
      catalog,
      close: async () => {
        await catalog.close();
        await scratch.remove();
      },
      openAfterPowerCut: async () =>
        opened(await openSqliteCatalog({ ...options, file: await copyOf(file) })),
      reopen: async () => {
        await catalog.close();
        catalog = await openSqliteCatalog({ file, ...options });
        return opened(catalog);
      },
    };
  },
};
