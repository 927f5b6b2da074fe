import type { RemotePin } from "./remote-pin.ts";

/** Where a file is pulled from, as its session keeps it. */
export interface PullSource {
  /** As it may be repeated to whoever asks: without user and password. */
  readonly url: string;
  readonly pin?: RemotePin;
  /** Name of the secret that goes to its own origin. */
  readonly secret?: string;
  /** User and password that stood in the address, sealed; gone once the file is READY or ERROR. */
  readonly sealedLogin?: string;
}
