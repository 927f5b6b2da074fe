/** Settings of the whole service (contract L25). */
export interface Configuration {
  readonly automaticSyncEnabled: boolean;
  /** Hours of the day, 0 to 23. */
  readonly automaticSyncStartHour: number;
  readonly automaticSyncStopHour: number;
  readonly maximumConcurrentItemSyncs: number;
  /** Files that are fetched from other servers at a time. */
  readonly maximumConcurrentPulls: number;
  /** Of these, those from one server. */
  readonly maximumConcurrentPullsPerServer: number;
}

/** What goes until somebody changes it. */
export const DEFAULT_CONFIGURATION: Configuration = {
  automaticSyncEnabled: false,
  automaticSyncStartHour: 20,
  automaticSyncStopHour: 7,
  maximumConcurrentItemSyncs: 5,
  maximumConcurrentPulls: 8,
  maximumConcurrentPullsPerServer: 4,
};
