/** What an image of a disc consists of, as far as its first bytes say. */
export interface ImageFacts {
  /** The file systems on it; discs often have both. */
  readonly formats: readonly ("iso9660" | "udf")[];
  /** Its name, as people see it in a file manager; untrusted text. */
  readonly volumeLabel: string | null;
  /** Bytes that its volume takes up by its own words; null where they are not known. */
  readonly volumeBytes: number | null;
  /** Firmware that can start from it as from a disc (El Torito). */
  readonly boots: readonly ("bios" | "uefi")[];
  /** Whether it has a partition table too, so that it starts from a USB stick. */
  readonly isHybrid: boolean;
  readonly publisherId: string | null;
  readonly applicationId: string | null;
  /** Bytes of the file. */
  readonly sizeBytes: number;
}
