/** A block of PEM: what its label says it is, and the text within. */
export interface PemBlock {
  readonly label: string;
  /** Its Base64 with all that stands between; null where the block has no end. */
  readonly text: string | null;
  /** The line of its beginning, from 1. */
  readonly line: number;
}

/** A line that is in no block. */
export interface LooseLine {
  readonly text: string;
  readonly line: number;
}

const BEGIN = "-----BEGIN ";
const END = "-----END ";
const DASHES = "-----";

const labelIn = (line: string, start: string): string | null =>
  line.startsWith(start) && line.endsWith(DASHES) && line.length > start.length + DASHES.length
    ? line.slice(start.length, -DASHES.length)
    : null;

/** Divides a text into the blocks of PEM (RFC 7468) and the lines outside of them. */
export const splitPem = (text: string): { blocks: PemBlock[]; lines: LooseLine[] } => {
  const blocks: PemBlock[] = [];
  const lines: LooseLine[] = [];
  let open: { label: string; line: number; body: string[] } | null = null;
  for (const [at, written] of text.split(/\r?\n/).entries()) {
    const line = written.trim();
    const begins = labelIn(line, BEGIN);
    if (begins !== null) {
      if (open !== null) blocks.push({ label: open.label, text: null, line: open.line });
      open = { label: begins, line: at + 1, body: [] };
    } else if (open === null) lines.push({ text: line, line: at + 1 });
    else if (labelIn(line, END) === open.label) {
      blocks.push({ label: open.label, text: open.body.join("\n"), line: open.line });
      open = null;
    } else open.body.push(line);
  }
  if (open !== null) blocks.push({ label: open.label, text: null, line: open.line });
  return { blocks, lines };
};
