import { catalogSuite } from "@contentlib/testkit/suites/catalog";
import { openMemoryCatalog } from "./sqlite-catalog.ts";

catalogSuite("the SQLite catalog in memory", {
  open: async (now, after) => {
    const catalog = await openMemoryCatalog({
      now,
      newServerGuid: () => crypto.randomUUID(),
      ...(after === undefined ? {} : { after }),
    });
    return { catalog, close: () => catalog.close() };
  },
});
