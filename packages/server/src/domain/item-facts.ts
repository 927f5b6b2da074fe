import type { IMAGE_BOOTS, IMAGE_FORMATS } from "@contentlib/contract/vocabulary/enumerations";

type ImageFormat = (typeof IMAGE_FORMATS)[number];
type ImageBoot = (typeof IMAGE_BOOTS)[number];

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

/** What an OVF package says of itself, for people who choose a template. All text is as its maker wrote it, and untrusted. */
export interface OvfFacts {
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

/** What an image of a disc says of itself; its label is as its maker wrote it, and untrusted. */
export interface ImageFacts {
  /** Name of its file. */
  readonly file: string;
  readonly formats: readonly ImageFormat[];
  readonly volumeLabel?: string;
  /** Bytes that its volume takes up by its own words; absent where it does not say. */
  readonly volumeBytes?: number;
  readonly fileBytes: number;
  readonly boots: readonly ImageBoot[];
  /** Whether it starts from a stick as well. */
  readonly isHybrid: boolean;
}

/** What the images of an item say of themselves, in the order of its files. */
export interface DiscFacts {
  readonly images: readonly ImageFacts[];
}

/** What content says of itself, by the type of its item. */
export type ItemFacts = OvfFacts | DiscFacts;
