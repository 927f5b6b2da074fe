import type { Configuration } from "../../domain/configuration.ts";
import { DEFAULT_CONFIGURATION } from "../../domain/configuration.ts";
import type { Core } from "../core.ts";

/** How many files may be pulled at a time. */
export interface PullLimits {
  readonly total: number;
  /** From one server: scheme, host and port. */
  readonly perServer: number;
}

const limitsOf = (configuration: Configuration): PullLimits => ({
  total: configuration.maximumConcurrentPulls,
  perServer: configuration.maximumConcurrentPullsPerServer,
});

/** Where nobody has set others. */
export const DEFAULT_PULL_LIMITS: PullLimits = limitsOf(DEFAULT_CONFIGURATION);

/** The limits as the configuration has them now. */
export const pullLimits = async ({ catalog }: Pick<Core, "catalog">): Promise<PullLimits> =>
  limitsOf((await catalog.findConfiguration())?.value ?? DEFAULT_CONFIGURATION);
