/** A disk that a template has. */
export interface DiskFacts {
  readonly id: string;
  /** In bytes, as decimal digits; absent where it is not known. */
  readonly capacityBytes?: string;
  readonly format?: string;
}

/** What a machine of a template asks for; what the descriptor does not say is absent. */
export interface SystemFacts {
  readonly id: string;
  readonly name?: string;
  readonly operatingSystem?: string;
  readonly cpus?: number;
  /** In bytes, as decimal digits. */
  readonly memoryBytes?: string;
  readonly networkCards: number;
  readonly hardwareFamily?: string;
}

/** The product that a template installs. */
export interface ProductFacts {
  readonly name?: string;
  readonly vendor?: string;
  readonly version?: string;
  readonly fullVersion?: string;
  readonly url?: string;
}

/** What a package says of itself, for people who choose a template. All text is as its maker wrote it, and untrusted. */
export interface ItemFacts {
  readonly ovfVersion: string;
  readonly product?: ProductFacts;
  readonly annotation?: string;
  readonly systems: readonly SystemFacts[];
  readonly disks: readonly DiskFacts[];
  readonly networks: readonly string[];
  /** Texts of the licences that must be agreed to. */
  readonly licences: readonly string[];
  /** Keys of advanced configuration, which an importer should look at. */
  readonly extraConfigKeys: readonly string[];
}
