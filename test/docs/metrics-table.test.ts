import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ServerMetrics } from "@contentlib/server/adapters/metrics/server-metrics";
import { parseExposition } from "@contentlib/testkit/client/parse-exposition";
import { root } from "../e2e/live-server.ts";

const ROW = /^\| `(contentlib_\w+)` *\| (\w+) *\| ([^|]*?) *\|/gm;

/** Name, type and labels of the metrics in the guide, a line each. */
const documented = (guide: string): readonly string[] =>
  [...guide.matchAll(ROW)].map(([, name = "", type = "", labels = ""]) =>
    [name, type, ...[...labels.matchAll(/`(\w+)`/g)].map(([, label = ""]) => label)].join(" "),
  );

test("the table in the guide has every metric, with its type and labels", async () => {
  const metrics = new ServerMetrics("1.2.3");
  const families = parseExposition(await metrics.render());
  // The types of prom-client do not name what every metric of it has.
  const figures = Object.values(metrics.figures) as unknown as readonly {
    readonly name: string;
    readonly labelNames: readonly string[];
  }[];
  const there = figures.map(({ name, labelNames }) =>
    [name, families.get(name)?.type ?? "", ...labelNames].join(" "),
  );
  const guide = await readFile(join(root, "docs", "guides", "server.md"), "utf8");
  assert.deepEqual(documented(guide).toSorted(), there.toSorted());
  const own = [...families.keys()].filter((name) => name.startsWith("contentlib_"));
  assert.equal(own.length, there.length);
});
