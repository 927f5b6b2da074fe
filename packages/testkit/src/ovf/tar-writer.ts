/** What a header of a tar archive is to say; everything can be said wrongly too. */
export interface TarFields {
  readonly name?: string;
  readonly prefix?: string;
  /** One character; `0` where it is left out. */
  readonly kind?: string;
  /** A number is written in octal, or in base 256 where that is too short; a text or bytes as they are. */
  readonly size?: number | string | Uint8Array;
  readonly linkName?: string;
  readonly magic?: string;
  /** What is put over the header after its checksum was made. */
  readonly damageAt?: number;
}

const BLOCK = 512;

const base256 = (value: number): Uint8Array => {
  const field = new Uint8Array(12);
  let rest = BigInt(value);
  for (let at = 11; at > 0; at -= 1, rest >>= 8n) field[at] = Number(rest & 0xffn);
  field[0] = 0x80;
  return field;
};

const sizeField = (size: number | string | Uint8Array): Uint8Array => {
  if (size instanceof Uint8Array) return size;
  if (typeof size === "string") return new TextEncoder().encode(size);
  const octal = size.toString(8);
  return octal.length <= 11 ? new TextEncoder().encode(octal.padStart(11, "0")) : base256(size);
};

/** One header as POSIX has it, with its checksum. */
export const tarHeader = (fields: TarFields): Uint8Array => {
  const block = new Uint8Array(BLOCK);
  const text = (at: number, value: string): void => block.set(new TextEncoder().encode(value), at);
  text(0, fields.name ?? "");
  for (const at of [100, 108, 116]) text(at, "0000644");
  block.set(sizeField(fields.size ?? 0), 124);
  text(136, "00000000000\0        ");
  text(156, fields.kind ?? "0");
  text(157, fields.linkName ?? "");
  text(257, fields.magic ?? "ustar\0" + "00");
  text(345, fields.prefix ?? "");
  const sum = block.reduce((total, byte) => total + byte, 0);
  text(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  if (fields.damageAt !== undefined) block[fields.damageAt]! ^= 0x01;
  return block;
};

/** Bytes, filled up to whole blocks. */
export const tarBlocks = (bytes: Uint8Array): Uint8Array => {
  const blocks = new Uint8Array(Math.ceil(bytes.length / BLOCK) * BLOCK);
  blocks.set(bytes);
  return blocks;
};

/** A header and a body; the size is that of the body where the fields do not say another. */
export const tarMember = (fields: TarFields, body: Uint8Array | string = ""): Uint8Array => {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return Buffer.concat([tarHeader({ size: bytes.length, ...fields }), tarBlocks(bytes)]);
};

/** One record of a pax header; its length counts its own digits. */
export const paxRecord = (key: string, value: string): string => {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (rest + String(length).length !== length) length += 1;
  return `${length} ${key}=${value}\n`;
};

/** A pax header for the next member. */
export const paxHeader = (records: readonly (readonly [string, string])[]): Uint8Array =>
  tarMember(
    { name: "PaxHeaders/member", kind: "x" },
    records.map(([key, value]) => paxRecord(key, value)).join(""),
  );

/** A GNU header with the long name of the next member. */
export const longName = (name: string): Uint8Array =>
  tarMember({ name: "././@LongLink", kind: "L", magic: "ustar  \0" }, `${name}\0`);

/** The mark of the end: two blocks of zeros. */
export const tarEnd = new Uint8Array(2 * BLOCK);
