import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ServerMetrics } from "@contentlib/server/adapters/metrics/server-metrics";
import { type Family, parseExposition } from "@contentlib/testkit/client/parse-exposition";
import { root } from "../e2e/live-server.ts";

const ROW = /^\| `(contentlib_\w+)` *\| (\w+) *\| ([^|]*?) *\|/gm;

/** Name, type and labels of the metrics in the guide, a line each. */
const documented = (guide: string): readonly string[] =>
  [...guide.matchAll(ROW)].map(([, name = "", type = "", labels = ""]) =>
    [name, type, ...[...labels.matchAll(/`(\w+)`/g)].map(([, label = ""]) => label)].join(" "),
  );

interface Figure {
  readonly name: string;
  readonly labelNames: readonly string[];
}

/** `le` is the form of a histogram's buckets, and no label of ours. */
const labelsShown = ({ samples }: Family): readonly string[] => [
  ...new Set(samples.flatMap(({ labels }) => Object.keys(labels)).filter((name) => name !== "le")),
];

test("the table in the guide has every metric, with its type and labels", async () => {
  const metrics = new ServerMetrics("1.2.3");
  // Requests are counted without the library of the others, and have no labels before the first of them.
  metrics.figures.requests.began();
  metrics.figures.requests.answered({ road: "api", operation: "item.get" }, "2xx", 1);
  const families = parseExposition(await metrics.render());
  // The types of prom-client do not name what every metric of it has.
  const figures = Object.values(metrics.figures).filter((figure) => "name" in figure);
  const labelNames = new Map(
    (figures as unknown as readonly Figure[]).map((figure) => [figure.name, figure.labelNames]),
  );
  const own = [...families.values()].filter(({ name }) => name.startsWith("contentlib_"));
  const there = own.map((family) =>
    [family.name, family.type, ...(labelNames.get(family.name) ?? labelsShown(family))].join(" "),
  );
  const guide = await readFile(join(root, "docs", "guides", "server.md"), "utf8");
  assert.deepEqual(documented(guide).toSorted(), there.toSorted());
  for (const name of labelNames.keys()) assert.ok(families.has(name), name);
});
