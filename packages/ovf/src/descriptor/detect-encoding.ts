/** Encodings in which descriptors are read. */
export type DescriptorEncoding = "utf-8" | "utf-16le" | "utf-16be" | "iso-8859-1";

/** How the bytes of a descriptor are to be read, or what is there instead of what is read. */
export type DetectedEncoding =
  | { readonly encoding: DescriptorEncoding }
  | { readonly expected: string; readonly actual: string };

/** How many bytes at the beginning may hold the XML declaration. */
export const DECLARATION_BYTES_MAX = 1024;

const READ = "UTF-8, UTF-16 with a byte order mark, or ISO-8859-1";

const MARKS: readonly { readonly bytes: readonly number[]; readonly name: string }[] = [
  // The mark of UTF-32 begins with that of UTF-16, so it is looked for first.
  { bytes: [0xff, 0xfe, 0, 0], name: "UTF-32" },
  { bytes: [0, 0, 0xfe, 0xff], name: "UTF-32" },
  { bytes: [0xef, 0xbb, 0xbf], name: "UTF-8" },
  { bytes: [0xff, 0xfe], name: "UTF-16LE" },
  { bytes: [0xfe, 0xff], name: "UTF-16BE" },
  { bytes: [0x3c, 0], name: "UTF-16 without a byte order mark" },
  { bytes: [0, 0x3c], name: "UTF-16 without a byte order mark" },
];

const NAMES: ReadonlyMap<string, DescriptorEncoding> = new Map([
  ["UTF-8", "utf-8"],
  ["UTF8", "utf-8"],
  ["US-ASCII", "utf-8"],
  ["ISO-8859-1", "iso-8859-1"],
  ["LATIN1", "iso-8859-1"],
]);

const markOf = (head: Uint8Array): string | null =>
  MARKS.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))?.name ?? null;

// The declaration is ASCII in every encoding read here; leaving out zeros reads it in UTF-16 too.
const asciiOf = (head: Uint8Array): string =>
  String.fromCharCode(...head.filter((byte) => byte > 0 && byte < 0x80));

const declaredOf = (head: Uint8Array): string | null => {
  const ascii = asciiOf(head.subarray(0, DECLARATION_BYTES_MAX));
  const end = ascii.indexOf("?>");
  if (!ascii.startsWith("<?xml") || end === -1) return null;
  return /\bencoding\s*=\s*["']([^"']*)["']/.exec(ascii.slice(0, end))?.[1]?.toUpperCase() ?? null;
};

/** Tells from the first bytes of a descriptor how it is to be read: by its byte order mark, and by its XML declaration. */
export const detectEncoding = (head: Uint8Array): DetectedEncoding => {
  const mark = markOf(head);
  const declared = declaredOf(head);
  switch (mark) {
    case null: {
      const encoding = NAMES.get(declared ?? "UTF-8");
      return encoding === undefined ? { expected: READ, actual: declared ?? "" } : { encoding };
    }
    case "UTF-8":
      return declared === null || NAMES.get(declared) === "utf-8"
        ? { encoding: "utf-8" }
        : { expected: mark, actual: declared };
    case "UTF-16LE":
    case "UTF-16BE":
      return declared === null || declared === "UTF-16" || declared === mark
        ? { encoding: mark === "UTF-16LE" ? "utf-16le" : "utf-16be" }
        : { expected: mark, actual: declared };
    default:
      return { expected: READ, actual: mark };
  }
};
