import type { Metric, MetricValueWithName, Registry } from "prom-client";
import { Gauge } from "prom-client";
import type { RequestLabels } from "./request-labels.ts";

/** Seconds by which durations of requests are told apart: from what is answered out of memory to what a transfer takes. */
const BOUNDS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1, 5, 30, 300];

const REQUESTS = "contentlib_http_requests_total";
const SECONDS = "contentlib_http_request_duration_seconds";

/** Requests of one road and operation. */
class Tally {
  readonly labels: RequestLabels;
  readonly #byStatus = new Map<string, number>();
  /** How many took as long as a bound at most, and longer than the one before; the last took longer than all. */
  readonly #within: number[] = Array.from({ length: BOUNDS_SECONDS.length + 1 }, () => 0);
  #seconds = 0;

  constructor(labels: RequestLabels) {
    this.labels = labels;
  }

  add(status: string, seconds: number): void {
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1);
    this.#seconds += seconds;
    let at = 0;
    while (seconds > (BOUNDS_SECONDS[at] ?? Number.POSITIVE_INFINITY)) at += 1;
    this.#within[at] = (this.#within[at] ?? 0) + 1;
  }

  counts(): MetricValueWithName<string>[] {
    return [...this.#byStatus].map(([status, value]) => ({
      metricName: REQUESTS,
      labels: { ...this.labels, status },
      value,
    }));
  }

  durations(): MetricValueWithName<string>[] {
    const { labels } = this;
    let value = 0;
    const buckets = this.#within.map((count, at) => {
      value += count;
      return {
        metricName: `${SECONDS}_bucket`,
        labels: { ...labels, le: BOUNDS_SECONDS[at] ?? "+Inf" },
        value,
      };
    });
    return [
      ...buckets,
      { metricName: `${SECONDS}_sum`, labels: { ...labels }, value: this.#seconds },
      { metricName: `${SECONDS}_count`, labels: { ...labels }, value },
    ];
  }
}

/** What is told of a figure beside its values; `type` is spelt as it is exposed, which is what the registry writes. */
interface Told {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "histogram";
  readonly aggregator: "sum";
}

/**
 * The requests, counted in plain numbers and shown to the registry when somebody asks: every request passes here, and the
 * registry's own counters look up their labels anew each time, which costs as much as reading a session.
 */
export class RequestTally {
  readonly #byLabels = new Map<RequestLabels, Tally>();
  #running = 0;

  constructor(registry: Registry) {
    this.#show(
      registry,
      {
        name: REQUESTS,
        help: "Requests that were answered, by road, operation and class of the status.",
        type: "counter",
        aggregator: "sum",
      },
      (tally) => tally.counts(),
    );
    this.#show(
      registry,
      {
        name: SECONDS,
        help: "Time from the head of a request to the end of its answer.",
        type: "histogram",
        aggregator: "sum",
      },
      (tally) => tally.durations(),
    );
    const running = (): number => this.#running;
    new Gauge({
      name: "contentlib_http_requests_in_progress",
      help: "Requests that are being answered.",
      registers: [registry],
      collect() {
        this.set(running());
      },
    });
  }

  began(): void {
    this.#running += 1;
  }

  /** One that began was answered. Labels that are alike must be the same object. */
  answered(labels: RequestLabels, status: string, seconds: number): void {
    this.#running -= 1;
    let tally = this.#byLabels.get(labels);
    if (tally === undefined) this.#byLabels.set(labels, (tally = new Tally(labels)));
    tally.add(status, seconds);
  }

  #show(
    registry: Registry,
    told: Told,
    valuesOf: (tally: Tally) => MetricValueWithName<string>[],
  ): void {
    const metric = {
      ...told,
      get: async () => ({
        ...told,
        values: [...this.#byLabels.values()].flatMap(valuesOf),
      }),
    };
    // The registry asks a metric for its name and for `get`; the types name its own classes only.
    registry.registerMetric(metric as unknown as Metric);
  }
}
