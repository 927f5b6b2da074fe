/** What an image of a disc is to say of itself; everything can be said wrongly too. */
export interface DiscWish {
  /** Sectors of 2048 bytes that the image has. */
  readonly sectors?: number;
  /** Descriptors of ISO 9660; null leaves them out. */
  readonly iso?: {
    readonly label?: string;
    readonly jolietLabel?: string;
    /** Sectors of the volume; as many as the image has where it is left out. */
    readonly sectors?: number;
    readonly publisher?: string;
    readonly application?: string;
  } | null;
  /** Descriptors of UDF; left out where it is. */
  readonly udf?: {
    readonly label?: string;
    /** Sector at which the partition ends. */
    readonly end?: number;
    /** Sector of the sequence of descriptors. */
    readonly sequenceAt?: number;
    readonly blockBytes?: number;
    readonly isWide?: boolean;
  };
  /** Platforms of El Torito, by their numbers: 0 for BIOS, 0xef for UEFI. */
  readonly boots?: readonly number[];
  /** Sector of the boot catalogue. */
  readonly catalogueAt?: number;
  readonly hasPartitions?: boolean;
}

const SECTOR = 2048;

const fillIso = (
  image: Buffer,
  { iso, sectors = 512, boots, catalogueAt = 40 }: DiscWish,
): number => {
  let at = 16 * SECTOR;
  const descriptor = (kind: number, fill: (sector: Buffer) => void): void => {
    const sector = image.subarray(at, at + SECTOR);
    sector[0] = kind;
    sector.write("CD001\u0001", 1, "latin1");
    fill(sector);
    at += SECTOR;
  };
  if (iso === null) return at;
  descriptor(1, (sector) => {
    sector.write((iso?.label ?? "DISC").padEnd(32), 40, "latin1");
    sector.writeUInt32LE(iso?.sectors ?? sectors, 80);
    sector.writeUInt16LE(SECTOR, 128);
    sector.write((iso?.publisher ?? "").padEnd(128), 318, "latin1");
    sector.write((iso?.application ?? "").padEnd(128), 574, "latin1");
  });
  if (boots !== undefined)
    descriptor(0, (sector) => {
      sector.write("EL TORITO SPECIFICATION", 7, "latin1");
      sector.writeUInt32LE(catalogueAt, 71);
    });
  const joliet = iso?.jolietLabel;
  if (joliet !== undefined)
    descriptor(2, (sector) => {
      sector.write("%/E", 88, "latin1");
      Buffer.from(joliet.padEnd(16), "utf16le").swap16().copy(sector, 40);
    });
  descriptor(255, () => undefined);
  return at;
};

const fillCatalogue = (image: Buffer, { boots = [], catalogueAt = 40 }: DiscWish): void => {
  const catalogue = image.subarray(catalogueAt * SECTOR);
  catalogue[0] = 1;
  catalogue[1] = boots[0] ?? 0;
  catalogue.writeUInt16LE(0xaa55, 30);
  let sum = 0;
  for (let at = 0; at < 32; at += 2) sum += catalogue.readUInt16LE(at);
  catalogue.writeUInt16LE(-sum & 0xffff, 28);
  let at = 32;
  for (const [count, platform] of boots.entries()) {
    if (count > 0) {
      catalogue[at] = count === boots.length - 1 ? 0x91 : 0x90;
      catalogue[at + 1] = platform;
      at += 32;
    }
    catalogue[at] = 0x88;
    at += 32;
  }
};

const withTag = (
  image: Buffer,
  offset: number,
  [kind, block]: readonly [number, number],
): Buffer => {
  const descriptor = image.subarray(offset, offset + 512);
  descriptor.writeUInt16LE(kind, 0);
  descriptor.writeUInt32LE(block, 12);
  descriptor[4] =
    descriptor.subarray(0, 16).reduce((sum, byte, at) => (at === 4 ? sum : sum + byte), 0) & 0xff;
  return descriptor;
};

const fillUdf = (image: Buffer, udf: DiscWish["udf"] & {}, from: number): void => {
  for (const [at, id] of ["BEA01", "NSR03", "TEA01"].entries())
    image.write(id, from + at * SECTOR + 1, "latin1");
  const { blockBytes = SECTOR, sequenceAt = 32, end = 512, label = "disc", isWide } = udf;
  const anchor = withTag(image, 256 * blockBytes, [2, 256]);
  anchor.writeUInt32LE(16 * blockBytes, 16);
  anchor.writeUInt32LE(sequenceAt, 20);
  const partition = withTag(image, sequenceAt * blockBytes, [5, sequenceAt]);
  partition.writeUInt32LE(257, 188);
  partition.writeUInt32LE(end - 257, 192);
  const volume = withTag(image, (sequenceAt + 1) * blockBytes, [6, sequenceAt + 1]);
  const text =
    isWide === true ? Buffer.from(label, "utf16le").swap16() : Buffer.from(label, "latin1");
  volume[84] = isWide === true ? 16 : 8;
  text.copy(volume, 85);
  volume[84 + 127] = text.length + 1;
  withTag(image, (sequenceAt + 2) * blockBytes, [8, sequenceAt + 2]);
};

/** Makes an image with the descriptors that were asked for, and nothing in its file systems. */
export const aDiscImage = (wish: DiscWish = {}): Buffer => {
  const image = Buffer.alloc((wish.sectors ?? 512) * SECTOR);
  const behind = fillIso(image, wish);
  if (wish.udf !== undefined) fillUdf(image, wish.udf, behind);
  if (wish.boots !== undefined) fillCatalogue(image, wish);
  if (wish.hasPartitions === true) {
    image[446 + 4] = 0x17;
    image.writeUInt32LE(100, 446 + 12);
    image.writeUInt16LE(0xaa55, 510);
  }
  return image;
};
