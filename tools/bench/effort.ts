const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** A size as the table shows it. */
export const sizeText = (bytes: number): string => `${String(bytes / MIB)} MiB`;

/** How much each measure does. Sizes are bytes, times milliseconds. */
export interface Effort {
  /** How often A and B are taken, in turn. */
  readonly rounds: number;
  readonly fileBytes: number;
  readonly hugeFileBytes: number;
  /** One file without content that the command line sends. */
  readonly holeBytes: number;
  /** What a page in a browser sends. */
  readonly pageBytes: number;
  readonly smallFiles: number;
  readonly uploadsAtOnce: number;
  readonly uploadsBesideCommands: number;
  /** How long one round of a load lasts. */
  readonly loadMs: number;
  /** How long commands are timed on an idle server. */
  readonly idleMs: number;
  readonly fewItems: number;
  readonly manyItems: number;
  readonly readsPerRound: number;
  /** How many people the server knows where one of them asks, and how many grants they have together. */
  readonly accounts: number;
  readonly grants: number;
}

/** What the table of the documentation is made with. */
export const fullEffort: Effort = {
  rounds: 7,
  fileBytes: GIB,
  hugeFileBytes: 10 * GIB,
  holeBytes: 20 * GIB,
  pageBytes: 256 * MIB,
  smallFiles: 1_000,
  uploadsAtOnce: 16,
  uploadsBesideCommands: 4,
  loadMs: 2_000,
  idleMs: 5_000,
  fewItems: 1_000,
  manyItems: 100_000,
  readsPerRound: 1_000,
  accounts: 1_000,
  grants: 10_000,
};

/** Tells in a minute or two whether everything runs; its figures mean little. */
export const quickEffort: Effort = {
  rounds: 3,
  fileBytes: 128 * MIB,
  hugeFileBytes: 512 * MIB,
  holeBytes: 512 * MIB,
  pageBytes: 32 * MIB,
  smallFiles: 100,
  uploadsAtOnce: 4,
  uploadsBesideCommands: 2,
  loadMs: 400,
  idleMs: 600,
  fewItems: 200,
  manyItems: 4_000,
  readsPerRound: 200,
  accounts: 50,
  grants: 500,
};
