/** What the server does by itself; the trail tells of the first two. */
export const SERVER_OPERATIONS = [
  "server.start",
  "server.expire",
  "server.record",
  "server.purge",
  "server.sweep",
  "server.collect",
] as const;
export type ServerOperation = (typeof SERVER_OPERATIONS)[number];

/** What the trail calls the bytes of a file. */
export const UPLOAD_OPERATION = "transfer.upload";

/** What it calls the figures of the server, which no operation of the contract shows. */
export const METRICS_OPERATION = "server.metrics";

/** What stands for the operation where one row counts calls of many. */
export const SEVERAL = "several";

/** What stands for it where nobody was said to do what is committed. */
export const UNSAID_OPERATION = "server";

/** Every operation that the trail may tell of besides those of the contract. */
export const TRAIL_OPERATIONS = [
  UPLOAD_OPERATION,
  SEVERAL,
  UNSAID_OPERATION,
  METRICS_OPERATION,
  ...SERVER_OPERATIONS,
] as const;
