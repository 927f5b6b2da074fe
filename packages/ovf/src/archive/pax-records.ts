import { textOfBytes } from "../text-of-bytes.ts";

/** What the records of a pax header say of the members after it; null where they say nothing of it. */
export interface PaxRecords {
  readonly name: string | null;
  /** As written. */
  readonly size: string | null;
  readonly isSparse: boolean;
  /** Whether there is any of these, be it an empty one. */
  readonly saysAnything: boolean;
}

const BLANK = 0x20;
const EQUALS = 0x3d;
const NEWLINE = 0x0a;
const ZERO = 0x30;
const NINE = 0x39;
/** A record can not be longer than its header, whose size has no more digits than this. */
const LENGTH_DIGITS_MAX = 7;

/** Records that say something of a member, by what their keys begin with. */
const KEYS = [
  { says: "name", start: "path=" },
  { says: "size", start: "size=" },
  { says: "sparse", start: "GNU.sparse." },
] as const;

/** Where a record lies in the body: its text between the blank and the line feed. */
interface PaxRecord {
  readonly from: number;
  readonly to: number;
}

/** The record at a place, `LENGTH KEY=VALUE` and a line feed (POSIX pax); null where none is. */
const recordAt = (body: Uint8Array, start: number): PaxRecord | null => {
  let [at, length] = [start, 0];
  for (let byte = body[at]; byte !== undefined && byte >= ZERO && byte <= NINE; byte = body[at]) {
    length = length * 10 + (byte - ZERO);
    at += 1;
    if (at - start > LENGTH_DIGITS_MAX) return null;
  }
  const [from, to] = [at + 1, start + length - 1];
  const isFramed = at > start && body[at] === BLANK && to > from && body[to] === NEWLINE;
  if (!isFramed) return null;
  let equals = from;
  while (equals < to && body[equals] !== EQUALS) equals += 1;
  return equals > from && equals < to ? { from, to } : null;
};

/** Bytes are compared, not texts: a header may be full of the shortest records. */
const startsWith = (body: Uint8Array, { from, to }: PaxRecord, start: string): boolean => {
  if (to - from < start.length) return false;
  for (let at = 0; at < start.length; at += 1)
    if (body[from + at] !== start.charCodeAt(at)) return false;
  return true;
};

/** An empty value takes back what was said before. */
const textOf = (value: Uint8Array | undefined): string | null =>
  value === undefined || value.length === 0 ? null : textOfBytes(value);

/** Reads the records of a pax header, of which the last of a key holds; null where one is damaged. */
export const readPaxRecords = (body: Uint8Array): PaxRecords | null => {
  const values = new Map<(typeof KEYS)[number]["says"], Uint8Array>();
  for (let at = 0; at < body.length;) {
    const record = recordAt(body, at);
    if (record === null) return null;
    const key = KEYS.find(({ start }) => startsWith(body, record, start));
    if (key !== undefined)
      values.set(key.says, body.subarray(record.from + key.start.length, record.to));
    at = record.to + 1;
  }
  return {
    name: textOf(values.get("name")),
    size: textOf(values.get("size")),
    isSparse: values.has("sparse"),
    saysAnything: values.size > 0,
  };
};
