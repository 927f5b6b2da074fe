import { catalogSuite } from "@contentlib/testkit/suites/catalog";
import { SUITE_HELD_LIST_BYTES_MAX } from "@contentlib/testkit/suites/catalog-subject";
import { openMemoryCatalog } from "./sqlite-catalog.ts";

catalogSuite("the SQLite catalog in memory", {
  open: async (now, after) => {
    const catalog = await openMemoryCatalog({
      now,
      newServerGuid: () => crypto.randomUUID(),
      heldListBytesMax: SUITE_HELD_LIST_BYTES_MAX,
      ...(after === undefined ? {} : { after }),
    });
    return { catalog, close: () => catalog.close() };
  },
});
