import { collectDefaultMetrics, Registry } from "prom-client";

let registry: Registry | null = null;

/** The figures of this process: memory, event loop, garbage collection, open files. One for all servers in it, since watching them can not be ended. */
export const processMetrics = (): Registry => {
  if (registry !== null) return registry;
  registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
};
