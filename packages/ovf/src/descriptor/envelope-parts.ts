import type { Place } from "../finding.ts";
import type { OvfVersion } from "./descriptor.ts";

/** A `File` as it is written; null where an attribute is left out. */
export interface WrittenFile {
  readonly place: Place;
  readonly id: string | null;
  readonly href: string | null;
  readonly size: string | null;
  readonly compression: string | null;
  readonly chunkSize: string | null;
}

/** A `Disk` as it is written; null where an attribute is left out. */
export interface WrittenDisk {
  readonly place: Place;
  readonly id: string | null;
  readonly fileRef: string | null;
  readonly parentRef: string | null;
  readonly capacity: string | null;
  readonly units: string | null;
  readonly populatedSize: string | null;
  readonly format: string | null;
}

/** A piece of virtual hardware as it is written, of the kinds that facts are made of. */
export interface WrittenItem {
  readonly place: Place;
  readonly kind: "cpu" | "memory" | "network";
  readonly instance: string;
  readonly quantity: string | null;
  readonly units: string | null;
  /** Configurations for which it holds, with blanks between them; null for all. */
  readonly configurations: string | null;
}

/** The value of an `nvram` key. */
export interface WrittenNvram {
  readonly place: Place;
  readonly value: string;
}

/** A virtual system as it is written. */
export interface WrittenSystem {
  readonly id: string;
  name: string | null;
  osType: string | null;
  osDescription: string | null;
  hardwareFamily: string | null;
  readonly items: WrittenItem[];
}

/** What of a product is told; null where it is not. */
export interface WrittenProduct {
  name: string | null;
  vendor: string | null;
  version: string | null;
  fullVersion: string | null;
  url: string | null;
}

/** What was read of an envelope so far. */
export interface EnvelopeParts {
  version: OvfVersion | null;
  /** How many References and virtual systems there are. */
  references: number;
  systemCount: number;
  readonly files: WrittenFile[];
  readonly disks: WrittenDisk[];
  readonly systems: WrittenSystem[];
  product: WrittenProduct | null;
  annotation: string | null;
  readonly networks: string[];
  readonly licences: string[];
  readonly extraConfigKeys: Set<string>;
  /** What advanced configuration says of files with the memory of a firmware. */
  readonly nvrams: WrittenNvram[];
  /** The configuration that holds where nobody chose one; null where there are none. */
  configuration: string | null;
  isConfigurationMarked: boolean;
}

export const emptyParts = (): EnvelopeParts => ({
  version: null,
  references: 0,
  systemCount: 0,
  files: [],
  disks: [],
  systems: [],
  product: null,
  annotation: null,
  networks: [],
  licences: [],
  extraConfigKeys: new Set(),
  nvrams: [],
  configuration: null,
  isConfigurationMarked: false,
});
