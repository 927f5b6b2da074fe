import { randomUUID } from "node:crypto";
import type { ServerMetrics } from "../adapters/metrics/server-metrics.ts";
import type { ListenAddress } from "../config/listen-address.ts";
import { hostInUrl } from "../config/listen-address.ts";
import type { Clock, RequestJournal } from "../ports/index.ts";
import { METRICS_PATH } from "../wire/metrics-page.ts";
import { createMetricsServer } from "../wire/metrics-server.ts";
import { listenOn } from "./listen.ts";
import type { Opened } from "./opened.ts";

interface Shown {
  readonly metrics: ServerMetrics;
  readonly clock: Clock;
  readonly journal: RequestJournal;
}

/** Shows the metrics on an address of their own, where one is wanted, and resolves with the URL. */
export const openMetrics = async (
  { metrics, clock, journal }: Shown,
  address: ListenAddress | null,
  opened: Opened,
): Promise<string | null> => {
  if (address === null) return null;
  const shown = createMetricsServer({
    exposition: metrics,
    clock,
    journal,
    requestId: randomUUID,
  });
  opened.add(async () => await shown.close());
  const port = await listenOn(shown.server, address, "--metrics-listen");
  return `http://${hostInUrl(address.host)}:${port}${METRICS_PATH}`;
};
