import { HOUSEKEEPING_SQL, META } from "./change-housekeeping.ts";
import { Connection } from "./connection.ts";
import { migrate } from "./migrations.ts";

/** Opens the database for writing, makes it or brings its tables up to date, and gives the server its identity once. */
export const openTables = (file: string, newServerGuid: string): Connection => {
  const connection = Connection.openWriter(file);
  try {
    migrate(connection);
    connection.run(HOUSEKEEPING_SQL.setMetaOnce, META.serverGuid, newServerGuid);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
};
