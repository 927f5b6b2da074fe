/** Versions of OVF by their namespaces; 0.9 is VMware's draft before DSP0243. */
export type OvfVersion = "0.9" | "1" | "2";

/** A `File` of the References (DSP0243 7.1), as far as it could be read. */
export interface FileReference {
  readonly id: string;
  /** As written. */
  readonly href: string;
  /**
   * The name of the file in the package that the href means, decoded once; null where it leads elsewhere, or to more chunks
   * than are looked for.
   */
  readonly name: string | null;
  /** Bytes as stored; null where it is not given or no number. */
  readonly sizeBytes: number | null;
  readonly compression: "identity" | "gzip" | "other";
  /** Bytes of each chunk but the last; null where the file is in one piece. */
  readonly chunkBytes: number | null;
  readonly line: number;
}

/** A `Disk` of the DiskSection. */
export interface DiskFact {
  readonly id: string;
  /** The id of the File that holds it; null for an empty disk. */
  readonly fileId: string | null;
  readonly parentId: string | null;
  /** In bytes, as decimal digits since it may be beyond 2^53; null where it is not known (a `${property}` too). */
  readonly capacityBytes: string | null;
  readonly format: string | null;
}

/** What a virtual system asks for; null where the descriptor does not say. */
export interface SystemFact {
  readonly id: string;
  readonly name: string | null;
  /** Of the OperatingSystemSection: its description or VMware's osType. */
  readonly operatingSystem: string | null;
  readonly cpus: number | null;
  readonly memoryBytes: string | null;
  readonly networkCards: number;
  readonly hardwareFamily: string | null;
}

/** Facts of a package, for people who choose a template; all text is as the maker wrote it, and untrusted. */
export interface PackageFacts {
  readonly version: OvfVersion;
  readonly product: {
    readonly name: string | null;
    readonly vendor: string | null;
    readonly version: string | null;
    readonly fullVersion: string | null;
    readonly url: string | null;
  } | null;
  readonly annotation: string | null;
  readonly systems: readonly SystemFact[];
  readonly disks: readonly DiskFact[];
  readonly networks: readonly string[];
  /** Texts of the licences that must be agreed to, in order. */
  readonly licences: readonly string[];
  /** Keys of advanced configuration (`vmw:ExtraConfig`), which an importer should look at. */
  readonly extraConfigKeys: readonly string[];
}

/** A descriptor that was read, as far as its faults allow. */
export interface Descriptor {
  readonly fileName: string;
  readonly files: readonly FileReference[];
  /** Names of files that advanced configuration names besides (nvram): they are not needed, and not surplus. */
  readonly alsoNamed: readonly string[];
  readonly facts: PackageFacts;
}
